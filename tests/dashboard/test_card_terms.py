"""What the editor tells the seller of the card, held against what the portal offers and never tells the customer."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from reglo.companies.models import Company
from reglo.delivery.services import create_link
from reglo.invoicing.models import Invoice
from reglo.payments.card_offers import CardRefusal, card_offer
from reglo.payments.models import ProviderAccount
from reglo.ports import clock as clock_port
from tests.dashboard.typing_a_draft import typed_draft
from tests.factories import make_draft, make_issued
from tests.payments.conftest import account, running, stripe, world  # noqa: F401 (fixtures)

FEE = "Frais estimés pour cette facture : 2,05 €, visibles de vous seul."  # 1.5 % of 120.00 €, and 25 cents
ABOVE = "Le total dépasse la limite : cette facture propose le virement seulement."


def words(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def edit(browser: Client, draft: Invoice, **head: Any) -> str:
    address = f"/factures/{draft.pk}/modifier/"
    browser.post(address, typed_draft({}, customer=draft.customer, invoice=draft, card_allowed="on", **head))
    draft.refresh_from_db()
    return words(browser.get(address))


@pytest.mark.parametrize(
    ("of_company", "typed", "stored", "offered"),
    [
        (None, "", None, True),
        (None, "119,99", 119_99, False),
        (119_99, "", None, False),
        (119_99, "120", 120_00, True),
        (None, "0", 0, False),
    ],
)
def test_the_editor_says_what_the_portal_will_do(
    browser: Client,
    company: Company,
    account: ProviderAccount,  # noqa: F811 (the fixture)
    of_company: int | None,
    typed: str,
    stored: int | None,
    offered: bool,
):
    Company.objects.update(card_limit_minor=of_company)
    page = edit(browser, make_draft(company), card_limit=typed)
    issued = make_issued(company, card_allowed=True, card_limit_minor=stored)  # as the draft: 120,00 €

    issued = Invoice.objects.select_related("company", "settlement").get(id=issued.id)
    offer = card_offer(issued, company=issued.company, today=clock_port.now().date())
    assert Invoice.objects.order_by("id")[0].card_limit_minor == stored
    assert (FEE in page, ABOVE in page) == (offered, not offered)
    assert offer.refusal == (None if offered else CardRefusal.ABOVE_LIMIT)


def test_the_companys_limit_is_shown_beside_an_empty_one(
    browser: Client,
    company: Company,
    account: ProviderAccount,  # noqa: F811 (the fixture)
):
    draft = make_draft(company)
    assert "la limite de l’entreprise" not in edit(browser, draft)

    Company.objects.update(card_limit_minor=2_500_00)

    assert "Vide : la limite de l’entreprise, 2 500,00 €." in edit(browser, draft)


def test_nothing_is_a_limit_that_the_company_may_set(browser: Client, company: Company):
    browser.post("/configuration/devis-factures/", {"card_payments": "on", "card_limit": "0"})

    company.refresh_from_db()
    assert company.card_limit_minor == 0


def test_the_seller_allows_an_invoice_to_be_paid_in_parts(browser: Client, company: Company):
    draft = make_draft(company)
    assert "Autoriser le paiement en plusieurs fois" in edit(browser, draft, partial_allowed="on")
    assert draft.partial_allowed

    edit(browser, draft)
    assert not draft.partial_allowed


def test_what_the_company_allows_is_proposed_on_the_next_invoice(browser: Client, company: Company):
    browser.post("/configuration/devis-factures/", {"card_payments": "on", "partial_payments": "on", "card_limit": ""})

    company.refresh_from_db()
    assert company.partial_payments
    assert 'id="id_partial_allowed" checked' in browser.get("/factures/nouvelle/").content.decode()


def test_the_customer_reads_nothing_of_the_fee(browser: Client, company: Company, account: ProviderAccount):  # noqa: F811 (the fixture)
    invoice = make_issued(company, card_allowed=True)
    link = create_link(company_id=company.id, invoice_id=invoice.id, now=clock_port.now()).address

    page = words(Client().get(link.removeprefix("http://localhost:8000"), follow=True))

    assert "Payer 120,00 € par carte" in page
    assert not re.search(r"2,05|[Ff]rais|commission", page)
