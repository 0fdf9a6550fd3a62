from datetime import UTC, datetime

import pytest

from reglo.companies.models import Company
from reglo.invoicing.services import create_draft, mention_with_card
from tests.factories import make_customer

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SENTENCE = "Facture payable en ligne par carte bancaire, via le lien sécurisé reçu par e-mail."


def test_it_takes_the_company_s_habits(company: Company):
    company.due_days, company.card_payments, company.card_limit_minor = 15, True, 100000
    company.mention = "Garantie deux ans."

    draft = create_draft(company=company, now=NOW)

    assert (draft.due_days, draft.card_allowed, draft.card_limit_minor) == (15, True, 100000)
    assert draft.mention == f"{SENTENCE}\nGarantie deux ans."


def test_a_customer_of_another_company_is_a_bug(company: Company, mallory):
    stranger = make_customer(mallory.memberships.get().company)

    with pytest.raises(AssertionError):
        create_draft(company=company, customer=stranger, now=NOW)


def test_the_pay_online_sentence_comes_and_goes_with_the_card():
    assert mention_with_card("", card_allowed=True) == SENTENCE
    assert mention_with_card(f"{SENTENCE}\nMerci.", card_allowed=True) == f"{SENTENCE}\nMerci."
    assert mention_with_card(f"{SENTENCE}\nMerci.", card_allowed=False) == "Merci."
    assert mention_with_card("Merci.", card_allowed=False) == "Merci."
