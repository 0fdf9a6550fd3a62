"""Fees told late, endpoints down for days or for weeks, everything read again during live notifications: booked once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from reglo.companies.models import Company
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice, Settlement
from reglo.ledger.models import Entry
from reglo.ledger.queries import balance_of
from reglo.payments.models import (
    Allocation,
    Difference,
    Payment,
    PaymentAttempt,
    Payout,
    PayoutLine,
    ProviderAccount,
    ProviderEvent,
    Refund,
    Silence,
)
from reglo.payments.services import compare_balances, list_recent, sweep
from reglo.payments.states import NoticeState
from reglo.ports import clock as clock_port
from sandbox.stripe import courier, seed
from tests.factories import make_issued
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import StripeWorld

Start = Callable[[Invoice], PaymentAttempt]
Deaf = Callable[[bool], None]


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> Deaf:
    """Whether our endpoint is down."""
    honest = courier.post

    def turn(down: bool) -> None:
        refused = courier.Receipt(None, "connection refused")
        monkeypatch.setattr(courier, "post", (lambda *request: refused) if down else honest)

    return turn


def pass_time(stripe: StripeWorld, clock: FrozenClock, **time: int) -> None:
    clock.advance(**time)
    stripe.tell_time()


def forget_events(stripe: StripeWorld, *, older_than: timedelta) -> None:
    """As Stripe does after thirty days."""
    limit = int((clock_port.now() - older_than).timestamp())
    with stripe.sandbox.world.store.transaction() as db:
        db.execute("DELETE FROM objects WHERE kind = 'event' AND created < ?", (limit,))
        db.execute("DELETE FROM deliveries WHERE event NOT IN (SELECT id FROM objects)")


def settled(invoice: Invoice) -> int:
    return Settlement.objects.get(invoice=invoice).settled_minor


def refund_there(stripe: StripeWorld, payment: Payment, minor: int) -> None:
    shop = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    shop.v1.refunds.create({"charge": str(payment.external_id), "amount": minor})


def test_28_a_fee_unknown_when_the_money_is_booked_is_filled_by_the_night(
    company: Company, stripe: StripeWorld, invoice: Invoice, start: Start, clock: FrozenClock
):
    """Nothing is guessed meanwhile; where `charge.updated` is lost for ever, the nightly comparison asks."""
    stripe.pay(start(invoice))
    sweep(now=clock_port.now())
    assert Payment.objects.get().fee_minor is None
    assert balance_of(company_id=company.id, account="627800") == 0
    stripe.sandbox.courier.work(at_once=True)
    with stripe.sandbox.world.store.transaction() as db:
        db.execute("UPDATE deliveries SET state = 'delivered'")

    compare_balances(now=clock_port.now())

    assert Payment.objects.get().fee_minor == 2_05
    assert balance_of(company_id=company.id, account="627800") == 2_05
    assert not Difference.objects.exists()


def test_30_an_endpoint_that_was_down_for_four_days_loses_nothing(
    stripe: StripeWorld, invoice: Invoice, start: Start, clock: FrozenClock, deaf: Deaf
):
    """The events that were never delivered are asked for."""
    run_until_idle()
    stripe.pay(start(invoice))
    deaf(True)
    for _ in range(5):
        stripe.deliver()
        pass_time(stripe, clock, days=1)

    run_until_idle()

    assert (settled(invoice), Payment.objects.get().fee_minor) == (120_00, 2_05)
    assert set(ProviderEvent.objects.values_list("state", flat=True)) <= {NoticeState.APPLIED, NoticeState.IGNORED}


def test_30_an_installation_that_was_off_for_forty_days_loses_nothing_and_says_when(
    company: Company,
    stripe: StripeWorld,
    account: ProviderAccount,
    invoice: Invoice,
    start: Start,
    clock: FrozenClock,
    deaf: Deaf,
):
    """Stripe has forgotten its events by then: the objects themselves are read again."""
    stripe.pay(start(invoice))
    stripe.deliver()
    run_until_idle()
    off_at = clock_port.now()
    deaf(True)
    other = make_issued(company, card_allowed=True)
    stripe.pay(start(other))
    stripe.deliver()
    refund_there(stripe, Payment.objects.get(), 30_00)
    for _ in range(5):
        pass_time(stripe, clock, days=1)
        stripe.deliver()
    pass_time(stripe, clock, days=35)
    forget_events(stripe, older_than=timedelta(days=30))

    deaf(False)
    run_until_idle()
    run_until_idle()

    assert (settled(invoice), settled(other)) == (90_00, 120_00)
    assert (Payment.objects.count(), Refund.objects.get().amount_minor) == (2, 30_00)
    payouts = Payout.objects.all()
    assert {(payout.state, payout.gap_minor) for payout in payouts} == {("paid", 0)}
    assert sum(payout.amount_minor for payout in payouts) == 117_95 * 2 - 30_00
    assert set(PayoutLine.objects.values_list("booked", flat=True)) == {True}
    assert balance_of(company_id=company.id, account="517100") == 0
    silence = Silence.objects.get()
    assert (silence.from_at, silence.until_at) == (off_at, clock_port.now())
    assert silence.seen >= silence.lacking > 0
    compare_balances(now=clock_port.now())
    assert not Difference.objects.exists()


@pytest.mark.parametrize("order", ["read first", "told first", "between"])
def test_46_everything_read_again_during_live_notifications_counts_once(
    company: Company,
    stripe: StripeWorld,
    account: ProviderAccount,
    invoice: Invoice,
    start: Start,
    clock: FrozenClock,
    order: str,
):
    """Whatever comes first, the rows and the entries are those of a single run."""
    stripe.pay(start(invoice))
    if order == "read first":
        pass_time(stripe, clock, minutes=30)
        read_everything()
    stripe.sandbox.courier.work(at_once=True)  # the fee is told
    stripe.command("payouts", account=seed.SELLER)
    if order == "between":
        pass_time(stripe, clock, minutes=30)
        read_everything()
    stripe.deliver()
    pass_time(stripe, clock, minutes=30)
    read_everything()
    stripe.deliver()
    run_until_idle()
    read_everything()

    assert (Payment.objects.count(), Allocation.objects.count(), Payout.objects.count()) == (1, 1, 1)
    assert (settled(invoice), PayoutLine.objects.get().booked) == (120_00, True)
    payment, payout = Payment.objects.get(), Payout.objects.get()
    sources = sorted(Entry.objects.filter(company=company).values_list("source", flat=True))
    assert sources == sorted([f"fee:{payment.id}", f"invoice:{invoice.id}", f"payment:{payment.id}"])
    assert (payout.state, balance_of(company_id=company.id, account="517100")) == ("in_transit", 117_95)


def read_everything() -> None:
    """As the schedule would, all at once."""
    sweep(now=clock_port.now())
    list_recent(now=clock_port.now())
    compare_balances(now=clock_port.now())
    run_until_idle()


def test_where_nothing_was_dropped_the_sweep_repairs_nothing(
    company: Company, stripe: StripeWorld, account: ProviderAccount, invoice: Invoice, start: Start, clock: FrozenClock
):
    stripe.pay(start(invoice))
    stripe.deliver()
    run_until_idle()
    refund_there(stripe, Payment.objects.get(), 30_00)
    for _ in range(5):
        stripe.deliver()
        run_until_idle()
        pass_time(stripe, clock, days=1)
    stripe.deliver()
    run_until_idle()
    counted = (ProviderEvent.objects.count(), Entry.objects.count())

    list_recent(now=clock_port.now())
    compare_balances(now=clock_port.now())
    run_until_idle()

    assert counted == (ProviderEvent.objects.count(), Entry.objects.count())
    assert not ProviderEvent.objects.filter(event_id__startswith="listed:").exists()
    assert (Difference.objects.count(), Silence.objects.count()) == (0, 0)
    assert balance_of(company_id=company.id, account="512000") == 117_95 - 30_00
