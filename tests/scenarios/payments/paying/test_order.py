"""Notifications twice, at once, and in every order: the books end the same."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from reglo.companies.models import Company
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.ledger.models import Entry
from reglo.money import Money
from reglo.payments.models import Allocation, Payment, PaymentAttempt, ProviderEvent
from reglo.payments.providers import facts
from reglo.payments.services import apply_event, apply_snapshot
from reglo.payments.states import NoticeState
from reglo.ports import clock as clock_port
from sandbox.stripe import seed
from tests.harness.stripe_world import StripeWorld
from tests.payments.conftest import start  # noqa: F401 (fixture)
from tests.payments.test_apply_snapshot import AT, fact, snapshot
from tests.scenarios.payments.paying.picture import picture, taken_back

Start = Callable[[Invoice], PaymentAttempt]
Life = Callable[[PaymentAttempt], dict[str, facts.Snapshot]]

PENDING, SUCCEEDED, FAILED = (
    facts.RefundStanding.PENDING,
    facts.RefundStanding.SUCCEEDED,
    facts.RefundStanding.FAILED,
)


def refund(standing: facts.RefundStanding) -> facts.RefundFact:
    return facts.RefundFact("re_1", "ch_1", Money(400_00, "EUR"), AT + timedelta(days=2), standing)


def refunded(attempt: PaymentAttempt) -> dict[str, facts.Snapshot]:
    """Each event of the life of a payment, with what Stripe said at its moment."""
    paid, told = fact(1240_00), fact(1240_00, fee=18_85)
    state = facts.State.PAID
    return {
        "started": snapshot(attempt, facts.State.OPEN),
        "checkout.session.completed": snapshot(attempt, state, paid),
        "charge.updated": snapshot(attempt, state, told),
        "refund.created": snapshot(attempt, state, told, refunds=(refund(PENDING),)),
        "refund.updated": snapshot(attempt, state, told, refunds=(refund(SUCCEEDED),)),
    }


def refund_came_back(attempt: PaymentAttempt) -> dict[str, facts.Snapshot]:
    life = refunded(attempt)
    last = life["refund.updated"]
    del life["started"]
    return {**life, "refund.failed": replace(last, refunds=(refund(FAILED),))}


def refused_then_paid(attempt: PaymentAttempt) -> dict[str, facts.Snapshot]:
    """A card refused, the page expired, and a debit that arrives all the same."""
    return {
        "charge.failed": replace(snapshot(attempt, facts.State.OPEN), failure="insufficient_funds"),
        "payment_intent.processing": snapshot(attempt, facts.State.PROCESSING),
        "checkout.session.expired": snapshot(attempt, facts.State.EXPIRED),
        "checkout.session.async_payment_failed": snapshot(attempt, facts.State.FAILED),
        "charge.succeeded": snapshot(attempt, facts.State.PAID, fact(1240_00, fee=18_85)),
    }


@pytest.mark.parametrize("life", [refunded, refused_then_paid])
def test_every_order_of_a_life_ends_in_the_same_books(
    company: Company,
    payable: Invoice,
    start: Start,  # noqa: F811 (the fixture)
    life: Life,
):
    """Scenario 2: each truth as it was at its moment, in all the orders in which it may be read."""
    attempt = start(payable)
    truths = life(attempt)

    pictures = {order: read_in(order, truths, attempt, company) for order in permutations(truths)}

    assert len(pictures) == 120
    expected = pictures[tuple(truths)]
    assert expected["payments"]
    assert [order for order, seen in pictures.items() if seen != expected] == []


def test_a_refund_that_comes_back_ends_the_same_in_every_order(
    company: Company,
    payable: Invoice,
    start: Start,  # noqa: F811 (the fixture)
):
    """Scenario 2: read in time, a refund that failed leaves two entries that undo each other; read late, none. What is owed,
    collected and settled is the same in all 120 orders."""
    attempt = start(payable)
    truths = refund_came_back(attempt)

    def seen(order: tuple[str, ...]) -> dict[str, object]:
        whole = read_in(order, truths, attempt, company)
        balances: dict[str, int] = {}
        for _source, _rank, account, debit, credit in whole.pop("entries"):
            balances[account] = balances.get(account, 0) + debit - credit
        return {**whole, "balances": {account: minor for account, minor in balances.items() if minor}}

    pictures = {order: seen(order) for order in permutations(truths)}

    expected = pictures[tuple(truths)]
    assert expected["refunds"] == [("re_1", "failed", 400_00)]
    assert [order for order, one in pictures.items() if one != expected] == []


def read_in(
    order: tuple[str, ...], truths: dict[str, facts.Snapshot], attempt: PaymentAttempt, company: Company
) -> dict[str, object]:
    with taken_back():
        for name in order:
            assert apply_snapshot(account=attempt.account, snapshot=truths[name], now=clock_port.now())
        return picture(company)
    raise AssertionError("unreachable")


def test_every_order_of_delivery_ends_in_the_same_books(
    company: Company,
    payable: Invoice,
    stripe: StripeWorld,
    start: Start,  # noqa: F811 (the fixture)
):
    """Scenario 2: Stripe's real notifications of a payment and its refund, applied in all 24 orders; refund before charge too."""
    attempt = start(payable)
    stripe.pay(attempt)
    stripe.deliver()
    client = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    charge = client.v1.charges.list({"limit": 1}).data[0]
    client.v1.refunds.create({"charge": charge.id, "amount": 400_00})
    stripe.deliver()
    received = {event.kind: event.id for event in ProviderEvent.objects.filter(state=NoticeState.RECEIVED)}
    assert set(received) == {"checkout.session.completed", "charge.succeeded", "charge.updated", "refund.created"}

    def applied(order: tuple[str, ...]) -> dict[str, object]:
        with taken_back():
            for kind in order:
                apply_event(provider_event_id=received[kind], now=clock_port.now())
            return picture(company)
        raise AssertionError("unreachable")

    pictures = {order: applied(order) for order in permutations(received)}

    expected = next(iter(pictures.values()))
    assert expected["settlements"] == [(payable.number, 840_00, 0)]
    assert [order for order, seen in pictures.items() if seen != expected] == []


def test_each_notification_three_times_and_the_newest_first(
    payable: Invoice,
    stripe: StripeWorld,
    start: Start,  # noqa: F811 (the fixture)
):
    """Scenario 1: delivered again and again, each is one row of the inbox, and the money is booked once."""
    attempt = start(payable)
    stripe.pay(attempt)
    sent = stripe.deliver(newest_first=True)
    endpoint = ProviderEvent.objects.first().endpoint

    again = [stripe.deliver_again(event, endpoint.external_id) for event, _receipt in sent for _ in range(2)]
    run_until_idle()

    assert {receipt.status for receipt in again} == {200}
    assert ProviderEvent.objects.count() == len(sent) == 3
    assert (Payment.objects.count(), Allocation.objects.count()) == (1, 1)
    assert Entry.objects.filter(source__startswith="payment:").count() == 1


def test_two_events_about_one_charge_book_it_once(
    payable: Invoice,
    stripe: StripeWorld,
    start: Start,  # noqa: F811 (the fixture)
):
    """Scenario 1: different events, the same money: the charge's id decides."""
    attempt = start(payable)
    stripe.pay(attempt)
    stripe.deliver()

    for kind in ("checkout.session.completed", "charge.succeeded", "charge.updated"):
        event = ProviderEvent.objects.get(kind=kind)
        assert apply_event(provider_event_id=event.id, now=clock_port.now()) == NoticeState.APPLIED
        assert Payment.objects.count() == 1
