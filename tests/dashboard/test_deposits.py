"""The pages: a deposit asked on a quote or of a customer, a situation, and the deposits that an invoice deducts."""

import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client

from reglo.companies.models import Company, User
from reglo.invoicing.models import Deduction, Invoice
from tests.factories import make_credit, make_customer, make_draft
from tests.invoicing.test_deposits import accepted, again, collect, deposit_of, final_of


def words_of(answer: Any) -> str:
    """The text of the page, without its tags, ordinary spaces only."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())).split())


@pytest.fixture
def staff(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


def test_a_deposit_is_asked_on_the_quote_issued_and_deducted(company: Company, staff: Client):
    quote = accepted(company, deposit_rate=Decimal(30))
    asked = staff.get(f"/devis/{quote.pk}/acompte/")
    assert 'value="30"' in asked.content.decode()

    answer = staff.post(f"/devis/{quote.pk}/acompte/", {"how": "pourcentage", "rate": "30"})

    deposit = Invoice.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/factures/{deposit.pk}/modifier/")
    staff.post(f"/factures/{deposit.pk}/finaliser/")
    assert "Facture d’acompte ESSAI-F2026-0001" in words_of(staff.get(f"/factures/{deposit.pk}/"))
    final = final_of(quote)
    page = words_of(staff.get(f"/factures/{final.pk}/"))
    assert "Acomptes déduits 360,00 €" in page
    assert "Reste à payer 840,00 €" in page
    assert "Déduit de ESSAI-F2026-0002 360,00 €" in words_of(staff.get(f"/factures/{deposit.pk}/"))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"how": "pourcentage"}, "Indiquez combien demander."),
        ({"how": "pourcentage", "rate": "101"}, "100"),
        ({"how": "montant", "amount": "1200,01"}, "dépasse ce qui reste à facturer du devis : 1 200,00 €"),
    ],
)
def test_what_cannot_be_asked_is_said(company: Company, staff: Client, typed: dict[str, str], words: str):
    quote = accepted(company)

    answer = staff.post(f"/devis/{quote.pk}/acompte/", typed)

    assert answer.status_code in {409, 422}
    assert words in words_of(answer)
    assert not Invoice.objects.exists()


def test_a_deposit_is_asked_of_a_customer_and_chosen_on_an_invoice(company: Company, staff: Client):
    customer = make_customer(company)
    typed = {"description": "Acompte sur commande", "amount": "60", "vat_rate": "20", "nature": "services"}
    staff.post(f"/clients/{customer.pk}/acompte/", typed)
    deposit = Invoice.objects.get()
    staff.post(f"/factures/{deposit.pk}/finaliser/")
    draft = make_draft(company, customer=customer)
    assert "Choisir les acomptes à déduire" in words_of(staff.get(f"/factures/{draft.pk}/controle/"))

    staff.post(f"/factures/{draft.pk}/acomptes/", {f"deposit-{deposit.pk}": "on", f"amount-{deposit.pk}": "50"})

    check = words_of(staff.get(f"/factures/{draft.pk}/controle/"))
    assert "Acompte ESSAI-F2026-0001, déduit 50,00 €" in check
    assert "Net à payer 70,00 €" in check
    staff.post(f"/factures/{draft.pk}/acomptes/", {f"deposit-{deposit.pk}": "on", f"amount-{deposit.pk}": "60,01"})
    assert "au plus 60,00 € peuvent être déduits" in words_of(staff.get(f"/factures/{draft.pk}/controle/"))
    staff.post(f"/factures/{draft.pk}/acomptes/", {})
    assert not Deduction.objects.exists()


def test_a_situation_is_prepared_line_by_line(company: Company, staff: Client):
    quote = accepted(company)

    staff.post(f"/devis/{quote.pk}/situation/", {"rate-1": "30"})

    draft = Invoice.objects.get()
    assert (draft.situation, draft.net_minor) == (1, 300_00)
    staff.post(f"/factures/{draft.pk}/finaliser/")
    assert "Avancement Pose de luminaires 30 %" in words_of(staff.get(f"/devis/{quote.pk}/"))
    refused = staff.post(f"/devis/{quote.pk}/situation/", {"rate-1": "20"})
    assert "déjà facturée à 30 %" in words_of(refused)


def test_crediting_a_deposit_that_is_deducted_says_where_to_do_it(company: Company, staff: Client):
    quote = accepted(company)
    deposit = deposit_of(quote)
    collect(deposit, 360_00)
    final = final_of(quote)

    answer = staff.get(f"/factures/{deposit.pk}/avoir/", follow=True)

    assert f"Cet acompte est déduit de la facture {final.number}" in words_of(answer)
    make_credit(again(final))
    assert staff.get(f"/factures/{deposit.pk}/avoir/").status_code == 200
