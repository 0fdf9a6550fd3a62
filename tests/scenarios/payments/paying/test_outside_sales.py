"""Sales that the seller makes elsewhere, on the same Stripe account: a payment link, a shop, a till."""

from collections.abc import Callable

import pytest

from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice, Settlement
from reglo.ledger.models import Entry
from reglo.payments.models import Payment, PaymentAttempt, ProviderAccount, ProviderEvent, UnmatchedPayment
from reglo.payments.states import AttemptState, NoticeState
from tests.harness.stripe_world import StripeWorld
from tests.payments.conftest import start  # noqa: F401 (fixture)

Start = Callable[[Invoice], PaymentAttempt]


@pytest.mark.parametrize("card", ["4242424242424242", "4000000000000002"], ids=["paid", "declined"])
def test_a_sale_made_elsewhere_books_and_issues_nothing(
    stripe: StripeWorld, account: ProviderAccount, payable: Invoice, card: str
):
    """Scenario 45: its notifications are read again at Stripe; money waits for a person, a refusal is let go."""
    invoices, entries = Invoice.objects.count(), Entry.objects.count()

    stripe.command("sales", amount=1990, card=card, description="Vente au comptoir")
    assert {receipt.status for _event, receipt in stripe.deliver()} == {200}
    run_until_idle()

    paid = card.startswith("4242")
    state = NoticeState.APPLIED if paid else NoticeState.IGNORED
    assert set(ProviderEvent.objects.values_list("state", flat=True)) == {state}
    assert UnmatchedPayment.objects.count() == paid
    assert (Invoice.objects.count(), Entry.objects.count(), Payment.objects.count()) == (invoices, entries, 0)


def test_a_sale_that_borrows_our_reference_is_not_ours(
    stripe: StripeWorld,
    payable: Invoice,
    start: Start,  # noqa: F811 (the fixture)
):
    """Scenario 45: the number of an invoice in its words settles nothing: only our attempt's own id does."""
    attempt = start(payable)

    stripe.command(
        "sales", amount=124_000, description=f"Facture {payable.number}", metadata={"invoice": payable.number}
    )
    stripe.deliver()
    run_until_idle()

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.OPEN
    assert Settlement.objects.get(invoice=payable).settled_minor == 0
    assert not Payment.objects.exists()
