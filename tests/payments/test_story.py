"""Connect, pay, be told: the invoice says Payée, once, whichever of the three confirmations comes."""

from collections.abc import Callable

import pytest

from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.invoicing.states import InvoiceState
from reglo.ledger.models import EntryLine
from reglo.payments.models import Allocation, Payment, PaymentAttempt, ProviderEvent
from reglo.payments.services import return_from_provider, sweep
from reglo.payments.states import AttemptState, NoticeState
from reglo.ports import clock as clock_port
from tests.harness.stripe_world import StripeWorld

Start = Callable[[Invoice], PaymentAttempt]


def entry_lines(source: str) -> list[tuple[str, int, int]]:
    lines = EntryLine.objects.filter(entry__source=source).order_by("rank")
    return [(line.account, line.debit_minor, line.credit_minor) for line in lines]


def told_by_webhook(stripe: StripeWorld, attempt: PaymentAttempt) -> None:
    assert {receipt.status for _event, receipt in stripe.deliver()} <= {200}
    run_until_idle()


def told_by_return(stripe: StripeWorld, attempt: PaymentAttempt) -> None:
    return_from_provider(attempt_id=attempt.id, now=clock_port.now())


def told_by_sweep(stripe: StripeWorld, attempt: PaymentAttempt) -> None:
    sweep(now=clock_port.now())


@pytest.mark.parametrize("told", [told_by_webhook, told_by_return, told_by_sweep])
def test_a_paid_invoice_says_so(stripe: StripeWorld, invoice: Invoice, start: Start, told: Callable[..., None]):
    attempt = start(invoice)
    stripe.pay(attempt)

    told(stripe, attempt)

    fresh = Invoice.objects.select_related("settlement").get(id=invoice.id)
    attempt.refresh_from_db()
    payment = Payment.objects.get()
    assert fresh.state_on(clock_port.now().date()) == InvoiceState.PAID
    assert (attempt.state, attempt.redirect_url) == (AttemptState.PAID, "")
    assert (payment.amount_minor, payment.method, payment.method_detail) == (120_00, "card", "Visa •••• 4242")
    assert [(one.invoice_id, one.amount_minor) for one in Allocation.objects.all()] == [(invoice.id, 120_00)]
    assert entry_lines(f"payment:{payment.id}") == [
        ("517100", 120_00, 0),
        ("411000", 0, 120_00),
        ("445740", 20_00, 0),
        ("445710", 0, 20_00),
    ]


def test_all_three_confirmations_book_once(stripe: StripeWorld, invoice: Invoice, start: Start):
    attempt = start(invoice)
    stripe.pay(attempt)

    for told in (told_by_webhook, told_by_return, told_by_sweep, told_by_webhook):
        told(stripe, attempt)

    payment = Payment.objects.get()
    assert Allocation.objects.count() == 1
    assert (payment.fee_minor, payment.settled_minor, payment.settled_currency) == (2_05, 120_00, "EUR")
    assert entry_lines(f"fee:{payment.id}") == [("627800", 2_05, 0), ("517100", 0, 2_05)]
    assert set(ProviderEvent.objects.values_list("state", flat=True)) == {NoticeState.APPLIED}
