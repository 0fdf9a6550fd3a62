import hashlib
from uuid import uuid4

import pytest

from reglo.companies.models import Company
from reglo.delivery.services import create_link
from reglo.invoicing.models import Invoice
from reglo.payments.models import Payment, PaymentAttempt
from reglo.payments.services import return_from_provider
from reglo.ports import clock as clock_port
from reglo.rendering.models import RenderedDocument
from tests.factories import make_issued
from tests.harness.stripe_world import StripeWorld
from tests.portal.conftest import Browser, words_of


@pytest.fixture
def payment(payable: Invoice, browser: Browser, stripe: StripeWorld) -> Payment:
    browser.pay()
    attempt = PaymentAttempt.objects.get()
    stripe.pay(attempt)
    return_from_provider(attempt_id=attempt.id, now=clock_port.now())
    return Payment.objects.get()


def test_the_invoice_is_the_very_file_that_was_issued(invoice: Invoice, browser: Browser) -> None:
    first = browser.client.get(browser.page + "/facture.pdf")
    assert first.headers["Content-Type"] == "application/pdf"
    assert first.headers["Content-Disposition"] == f'attachment; filename="facture-{invoice.number}.pdf"'
    assert first.headers["Cache-Control"] == "no-store"
    assert hashlib.sha256(first.content).hexdigest() == RenderedDocument.objects.get().file_id
    assert browser.client.get(browser.page + "/facture.pdf").content == first.content


def test_paid_there_are_a_receipt_and_a_duplicate(payment: Payment, browser: Browser) -> None:
    before = browser.client.get(browser.page + "/facture.pdf").content
    page = browser.see()
    for name in (f"/recu/{payment.id}.pdf", "/duplicata.pdf"):
        assert f"{browser.page}{name}" in page
        paper = browser.client.get(browser.page + name)
        assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
        assert paper.content != before
    assert browser.client.get(browser.page + "/facture.pdf").content == before


def test_unpaid_there_is_no_duplicate(invoice: Invoice, browser: Browser) -> None:
    refused = browser.client.get(browser.page + "/duplicata.pdf")
    assert refused.status_code == 409
    assert "n’est pas entièrement payée" in words_of(refused)


def test_the_receipt_of_another_document_is_not_here(
    payment: Payment, browser: Browser, stranger: Browser, company: Company
) -> None:
    other = create_link(company_id=company.id, invoice_id=make_issued(company).id, now=clock_port.now())
    stranger.open(other.token)
    assert stranger.client.get(f"{stranger.page}/recu/{payment.id}.pdf").status_code == 404
    assert browser.client.get(f"{browser.page}/recu/{uuid4()}.pdf").status_code == 404
