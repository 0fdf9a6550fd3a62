"""An invoice paid in several times: the payer proposes an amount, the server alone decides what is charged."""

from typing import Any

import pytest

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.delivery.services import create_link
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.invoicing.states import InvoiceState
from reglo.payments.models import Allocation, Payment, PaymentAttempt
from reglo.payments.services import record_collection
from reglo.payments.states import AttemptState, Method
from reglo.ports import clock as clock_port
from tests.factories import line, make_issued
from tests.harness.stripe_world import StripeWorld
from tests.portal.conftest import Browser, words_of


@pytest.fixture
def invoice(company: Company, chloe: Customer) -> Invoice:
    """1 240,00 €, in as many times as Chloé likes."""
    lines = [line("1033.33")]
    return make_issued(company, customer=chloe, lines=lines, card_allowed=True, partial_allowed=True)


def pay_part(browser: Browser, typed: str) -> Any:
    return browser.post("/payer", montant=typed)


def told(stripe: StripeWorld) -> None:
    assert {receipt.status for _event, receipt in stripe.deliver()} <= {200}
    run_until_idle()


def fresh(invoice: Invoice) -> Invoice:
    return Invoice.objects.select_related("settlement", "company").get(id=invoice.id)


def state_of(invoice: Invoice) -> InvoiceState:
    return fresh(invoice).state_on(clock_port.now().date())


def open_attempts() -> list[int]:
    return list(PaymentAttempt.objects.filter(state=AttemptState.OPEN).values_list("amount_minor", flat=True))


def test_a_part_then_the_rest(stripe: StripeWorld, payable: Invoice, browser: Browser):
    """Scenario 12: two payments of one invoice, each of the amount that the server accepted, and nothing else owed."""
    assert payable.gross_minor == 1240_00
    assert pay_part(browser, "400").status_code == 303
    stripe.pay(PaymentAttempt.objects.get())
    told(stripe)

    assert state_of(payable) == InvoiceState.PARTLY_PAID
    page = browser.see()
    assert "840,00 €" in page.replace("\xa0", " ").replace("\u202f", " ")
    assert "Payer une partie" in page

    assert browser.pay().status_code == 303
    stripe.pay(PaymentAttempt.objects.get(state=AttemptState.OPEN))
    told(stripe)

    assert state_of(payable) == InvoiceState.PAID
    assert sorted(Allocation.objects.values_list("amount_minor", flat=True)) == [400_00, 840_00]
    assert "Payer une partie" not in browser.see()


TAMPERED = {
    "0": "Indiquez un montant entre 0,50 € et 1 240,00 €.",
    "0,49": "Indiquez un montant entre 0,50 € et 1 240,00 €.",
    "1240,01": "Indiquez un montant entre 0,50 € et 1 240,00 €.",
    "99999999": "Indiquez un montant entre 0,50 € et 1 240,00 €.",
    "1239,80": "Il ne resterait que 0,20 €, trop peu pour un paiement en ligne. Payez 1 240,00 €, ou 1 239,50 € au plus.",
    "-400": "Tapez le montant que vous payez, par exemple 150,00.",
    "1e3": "Tapez le montant que vous payez, par exemple 150,00.",
    "": "Tapez le montant que vous payez, par exemple 150,00.",
    "400 USD": "Tapez le montant que vous payez, par exemple 150,00.",
}


@pytest.mark.parametrize(("typed", "sentence"), TAMPERED.items())
def test_an_amount_that_may_not_be_charged_is_refused(payable: Invoice, browser: Browser, typed: str, sentence: str):
    """Scenario 12: whatever the browser sends, nothing is begun, and the page says what may be typed."""
    answer = pay_part(browser, typed)

    assert answer.status_code == 422
    assert sentence in words_of(answer).replace("\xa0", " ").replace("\u202f", " ")
    assert not PaymentAttempt.objects.exists()


@pytest.mark.parametrize("field", ["amount", "amount_minor", "currency", "total"])
def test_other_fields_of_money_are_not_read(payable: Invoice, browser: Browser, field: str):
    """Scenario 12: a browser that sends money in other fields pays what is owed, in its currency."""
    assert browser.post("/payer", **{field: "1"}).status_code == 303

    attempt = PaymentAttempt.objects.get()
    assert (attempt.amount_minor, attempt.currency) == (1240_00, "EUR")


def test_a_part_of_an_invoice_that_is_paid_at_once_is_refused(
    payable: Invoice, browser: Browser, company: Company, chloe: Customer
):
    """Scenario 12: the page of such an invoice offers no part, and a forged request begins nothing."""
    whole = make_issued(company, customer=chloe, card_allowed=True)
    forged = Browser(browser.client)
    forged.open(create_link(company_id=company.id, invoice_id=whole.id, now=clock_port.now()).token)

    assert "Payer une partie" not in forged.see()
    assert pay_part(forged, "50").status_code == 409
    assert not PaymentAttempt.objects.exists()


def test_two_tabs_with_two_amounts_leave_one_page_open(stripe: StripeWorld, payable: Invoice, browser: Browser):
    """Scenario 7: the second tab's amount closes the first tab's page before its own opens."""
    pay_part(browser, "400")
    first = PaymentAttempt.objects.get()
    pay_part(browser, "300")

    first.refresh_from_db()
    assert first.state == AttemptState.CANCELED
    assert open_attempts() == [300_00]
    client = stripe.provider().clients.of(first.account.open_secrets())
    assert client.v1.checkout.sessions.retrieve(first.external_id or "").status == "expired"


def test_two_tabs_with_the_same_amount_share_one_page(payable: Invoice, browser: Browser):
    """Scenario 7: the open page of the same amount is used again."""
    pay_part(browser, "400")
    pay_part(browser, "400,00")

    assert PaymentAttempt.objects.count() == 1
    assert open_attempts() == [400_00]


def test_the_first_tab_pays_before_the_second_asks(stripe: StripeWorld, payable: Invoice, browser: Browser):
    """Scenario 7: what the first tab paid is booked first; the second tab's part is measured against the rest."""
    pay_part(browser, "1000")
    stripe.pay(PaymentAttempt.objects.get())  # and no notification arrives

    answer = pay_part(browser, "400")

    assert answer.status_code == 422  # 240,00 € remain
    assert fresh(payable).remaining.minor == 240_00
    assert [payment.amount_minor for payment in Payment.objects.all()] == [1000_00]
    assert open_attempts() == []


def test_a_part_that_is_still_owed_stays_open_after_another_payment(
    stripe: StripeWorld, payable: Invoice, browser: Browser
):
    """Scenario 11: the amount owed changed under an open page; the page stays when its part is still owed."""
    pay_part(browser, "400")
    _collect(payable, 500_00)

    assert open_attempts() == [400_00]
    stripe.pay(PaymentAttempt.objects.get())
    told(stripe)
    assert fresh(payable).remaining.minor == 340_00


def test_a_part_larger_than_what_is_left_is_closed(payable: Invoice, browser: Browser):
    """Scenario 11: the page asks for more than is owed now, so it is closed before anybody pays it."""
    pay_part(browser, "400")
    _collect(payable, 1000_00)

    assert open_attempts() == []
    assert PaymentAttempt.objects.get().state == AttemptState.CANCELED


def _collect(invoice: Invoice, minor: int) -> None:
    record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        amount_minor=minor,
        method=Method.TRANSFER,
        collected_on=clock_port.now().date(),
        now=clock_port.now(),
        actor_id=None,
    )
    run_until_idle()
