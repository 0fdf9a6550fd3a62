"""An invoice of a former tool on the customer's page: paid as any other, and never issued again."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from reglo.companies.models import Company
from reglo.delivery.services import create_link
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import attach_opening_paper
from reglo.ledger.queries import balance_of
from reglo.payments.models import PaymentAttempt, ProviderAccount
from reglo.ports import clock as clock_port
from tests.factories import make_opening
from tests.harness.stripe_world import StripeWorld
from tests.portal.conftest import Browser
from tests.portal.test_public_payment import type_in


@pytest.fixture
def opening(account: ProviderAccount, stripe: StripeWorld, company: Company, settings: Any) -> Invoice:
    settings.PAYMENT_PAGE_ORIGINS = frozenset({stripe.sandbox.url})
    return make_opening(company, "fac 117", vat_minor=116_67, vat_rate=Decimal(20))


@pytest.fixture
def payer(opening: Invoice) -> Browser:
    link = create_link(company_id=opening.company_id, invoice_id=opening.pk, now=clock_port.now())
    browser = Browser(Client(enforce_csrf_checks=True))
    browser.open(link.token)
    return browser


def test_the_page_says_what_is_left_and_who_issued_it(payer: Browser):
    page = payer.see()

    assert "Payer 700,00 € par carte" in page
    assert "Facture émise par un autre logiciel, d’un total de 1 200,00 €" in page
    assert "était à régler avant le 2 novembre" in page
    assert "Télécharger la facture" not in page
    assert "Vérifier cette facture" not in page
    assert payer.client.get(payer.page + "/facture.pdf").status_code == 404


def test_its_paper_is_there_once_attached(opening: Invoice, payer: Browser):
    attach_opening_paper(
        company_id=opening.company_id, invoice_id=opening.pk, data=b"%PDF-1.4 old", now=clock_port.now()
    )

    assert "Télécharger la facture (PDF)" in payer.see()
    assert payer.client.get(payer.page + "/facture.pdf").content == b"%PDF-1.4 old"


def test_it_is_paid_on_line_and_its_vat_falls_due(opening: Invoice, payer: Browser, stripe: StripeWorld):
    assert payer.pay().status_code == 303
    stripe.pay(PaymentAttempt.objects.get())
    stripe.deliver()
    run_until_idle()

    page = payer.see()
    assert "Payée le 22 novembre" in page
    assert "Duplicata" not in page
    assert payer.client.get(payer.page + "/duplicata.pdf").status_code == 404
    balances = {account: balance_of(company_id=opening.company_id, account=account) for account in ACCOUNTS}
    assert balances == {"411000": 0, "445740": 0, "445710": -116_67, "706000": 0}
    receipt = payer.client.get(f"{payer.page}/recu/{opening.allocations.get().payment_id}.pdf")
    assert receipt.content.startswith(b"%PDF")


ACCOUNTS = ("411000", "445740", "445710", "706000")


@pytest.mark.parametrize("total", ["1200", "700,00"])
def test_its_number_and_a_total_open_a_page_to_pay(opening: Invoice, stranger: Browser, total: str):
    assert type_in(stranger, "FAC117", total).status_code == 303
    assert "Payer 700,00 € par carte" in stranger.see()
