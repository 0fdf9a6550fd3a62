"""A refund without an answer: looked for first, sent again with its key within a day, and never called failed too early."""

from collections.abc import Callable
from uuid import UUID

import pytest

from reglo.invoicing.models import Invoice, Settlement
from reglo.payments.models import Payment, PaymentAttempt, Refund
from reglo.payments.providers import contract, facts
from reglo.payments.providers.stripe.provider import StripeProvider
from reglo.payments.services import apply_snapshot, sweep
from reglo.payments.states import RefundState
from reglo.ports import clock as clock_port
from sandbox.stripe import mishaps
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import REFUNDED_LATER, StripeWorld
from tests.payments.conftest import Give, made_at_stripe, pay_on_line

Start = Callable[[Invoice], PaymentAttempt]
ONE = UUID(int=1)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the SDK's own tries."""
    monkeypatch.setattr("stripe._http_client.time.sleep", lambda seconds: None)


def settled(invoice: Invoice) -> int:
    return Settlement.objects.get(invoice=invoice).settled_minor


def dead(self: StripeProvider, order: contract.RefundOrder) -> facts.Ref:
    """Sent, and lost on the way."""
    raise contract.Unknown


def test_an_answer_lost_on_the_way_is_found_by_the_sweep(
    payment: Payment, invoice: Invoice, stripe: StripeWorld, give_back: Give
):
    """The SDK's own retries are lost too: whether it was done is not known."""
    mishaps.plan(stripe.sandbox.world, "lost_answer", path="/v1/refunds", times=None)
    assert give_back(payment, 40_00, refund_id=ONE).state == RefundState.REQUESTED
    mishaps.plan(stripe.sandbox.world, None)

    sweep(now=clock_port.now())

    assert Refund.objects.get().state == RefundState.SUCCEEDED
    assert made_at_stripe(stripe) == [(40_00, str(ONE))]
    assert settled(invoice) == 80_00


def test_what_never_arrived_is_sent_again_with_its_key(
    payment: Payment, stripe: StripeWorld, give_back: Give, monkeypatch: pytest.MonkeyPatch, clock: FrozenClock
):
    with monkeypatch.context() as patch:
        patch.setattr(StripeProvider, "refund", dead)
        give_back(payment, 40_00, refund_id=ONE)
        sweep(now=clock_port.now())
    assert (Refund.objects.get().state, made_at_stripe(stripe)) == (RefundState.REQUESTED, [])
    clock.advance(hours=22)
    stripe.tell_time()

    sweep(now=clock_port.now())
    sweep(now=clock_port.now())

    assert Refund.objects.get().state == RefundState.SUCCEEDED
    assert made_at_stripe(stripe) == [(40_00, str(ONE))]


def test_after_a_day_it_is_only_looked_for(
    payment: Payment, invoice: Invoice, stripe: StripeWorld, give_back: Give, clock: FrozenClock
):
    mishaps.plan(stripe.sandbox.world, "lost_answer", path="/v1/refunds", times=None)
    give_back(payment, 40_00, refund_id=ONE)
    mishaps.plan(stripe.sandbox.world, None)
    clock.advance(hours=25)
    stripe.tell_time()

    sweep(now=clock_port.now())

    assert Refund.objects.get().state == RefundState.SUCCEEDED
    assert made_at_stripe(stripe) == [(40_00, str(ONE))]
    assert settled(invoice) == 80_00


def test_what_is_not_found_after_a_day_was_never_done(
    payment: Payment, stripe: StripeWorld, give_back: Give, monkeypatch: pytest.MonkeyPatch, clock: FrozenClock
):
    with monkeypatch.context() as patch:
        patch.setattr(StripeProvider, "refund", dead)
        give_back(payment, 40_00)
    clock.advance(hours=23)
    stripe.tell_time()

    sweep(now=clock_port.now())

    refund = Refund.objects.get()
    assert (refund.state, refund.failure, refund.external_id) == (RefundState.FAILED, "never_done", None)
    assert made_at_stripe(stripe) == []
    assert give_back(payment, 40_00).state == RefundState.SUCCEEDED


def test_what_was_given_up_and_was_done_all_the_same_is_booked(
    payment: Payment, invoice: Invoice, give_back: Give, monkeypatch: pytest.MonkeyPatch, clock: FrozenClock
):
    monkeypatch.setattr(StripeProvider, "refund", dead)
    refund = give_back(payment, 40_00)
    clock.advance(hours=23)
    sweep(now=clock_port.now())
    assert Refund.objects.get().state == RefundState.FAILED
    charge, done = str(payment.external_id), facts.RefundStanding.SUCCEEDED
    late = facts.RefundFact("re_late", charge, refund.amount, clock.now(), done, order_key=str(refund.id))
    paid = facts.PaymentFact(charge, payment.amount, payment.paid_at, facts.Method.CARD, "", None, None)
    snapshot = facts.Snapshot(
        facts.Ref("charge", charge), False, str(payment.attempt_id), facts.State.PAID, (paid,), (late,)
    )

    for _ in range(2):
        apply_snapshot(account=refund.account, snapshot=snapshot, now=clock_port.now())

    refund.refresh_from_db()
    assert (refund.state, refund.failure, Refund.objects.count()) == (RefundState.SUCCEEDED, "", 1)
    assert settled(invoice) == 80_00


def test_a_pending_refund_whose_news_is_lost_is_asked_about(
    invoice: Invoice, stripe: StripeWorld, start: Start, give_back: Give, clock: FrozenClock
):
    payment = pay_on_line(stripe, start(invoice), REFUNDED_LATER)
    assert give_back(payment, 40_00).state == RefundState.PENDING
    clock.advance(minutes=10)
    stripe.tell_time()
    stripe.sandbox.courier.work()  # to an endpoint that answers; the reaction has not run yet

    sweep(now=clock_port.now())

    assert Refund.objects.get().state == RefundState.SUCCEEDED
    assert settled(invoice) == 80_00
