"""A refund whose answer never came: crashes and silences, numbered as in the list of failures."""

from collections.abc import Callable
from itertools import permutations
from uuid import UUID

import pytest

from reglo.events.models import Event
from reglo.invoicing.models import Invoice
from reglo.payments.models import Payment, PaymentAttempt, Refund
from reglo.payments.providers import contract, facts
from reglo.payments.providers.stripe.provider import StripeProvider
from reglo.payments.services import (
    sweep,
)
from reglo.payments.states import RefundState
from reglo.ports import clock as clock_port
from sandbox.stripe import mishaps
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import StripeWorld
from tests.payments.conftest import (  # noqa: F401 (fixtures)
    Give,
    account,
    give_back,
    invoice,
    payment,
    running,
    start,
    stripe,
    world,
)
from tests.scenarios.payments.refund_stories import (  # noqa: F401 (a fixture)
    at_stripe,
    everything_arrives,
    proved,
    settled,
)

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[[Invoice], PaymentAttempt]
ONE, TWO = UUID(int=1), UUID(int=2)


class Crash(BaseException):
    """The process dies here."""


def crash(*args: object) -> facts.Ref:
    raise Crash


def test_39_a_crash_before_the_call_leaves_an_order_that_the_sweep_sends(
    payment: Payment,  # noqa: F811 (the fixture)
    invoice: Invoice,  # noqa: F811 (the fixture)
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    give_back: Give,  # noqa: F811 (the fixture)
    monkeypatch: pytest.MonkeyPatch,
):
    """39. The order was committed with its key; the process died before Stripe was told."""
    with monkeypatch.context() as dying:
        dying.setattr(StripeProvider, "refund", crash)
        with pytest.raises(Crash):
            give_back(payment, 40_00, refund_id=ONE)
    assert (Refund.objects.get().state, at_stripe(stripe)) == (RefundState.REQUESTED, [])

    sweep(now=clock_port.now())
    sweep(now=clock_port.now())

    assert (Refund.objects.get().state, at_stripe(stripe), settled(invoice)) == (RefundState.SUCCEEDED, [40_00], 80_00)


def test_39_a_crash_after_the_call_is_found_again_and_nothing_goes_twice(
    payment: Payment,  # noqa: F811 (the fixture)
    invoice: Invoice,  # noqa: F811 (the fixture)
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    give_back: Give,  # noqa: F811 (the fixture)
    monkeypatch: pytest.MonkeyPatch,
):
    """39. Stripe accepted, and the process died before it wrote anything down."""
    honest = StripeProvider.refund

    def told_then_crash(self: StripeProvider, order: contract.RefundOrder) -> facts.Ref:
        honest(self, order)
        raise Crash

    with monkeypatch.context() as dying:
        dying.setattr(StripeProvider, "refund", told_then_crash)
        with pytest.raises(Crash):
            give_back(payment, 40_00, refund_id=ONE)

    for _ in range(2):
        sweep(now=clock_port.now())
        everything_arrives(stripe)

    assert Refund.objects.count() == 1
    assert (Refund.objects.get().state, at_stripe(stripe), settled(invoice)) == (RefundState.SUCCEEDED, [40_00], 80_00)


@pytest.mark.parametrize("hours", [1, 30])
def test_40_a_stored_500_is_looked_up_before_any_new_key(
    payment: Payment,  # noqa: F811 (the fixture)
    invoice: Invoice,  # noqa: F811 (the fixture)
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    give_back: Give,  # noqa: F811 (the fixture)
    clock: FrozenClock,
    hours: int,
):
    """40. Each call ends in a 500 and we cannot know: within a day the same key, afterwards only a look."""
    mishaps.plan(stripe.sandbox.world, "server_error", path="/v1/refunds", times=None)
    assert give_back(payment, 40_00, refund_id=ONE).state == RefundState.REQUESTED
    sweep(now=clock_port.now())
    assert Refund.objects.get().state == RefundState.REQUESTED
    mishaps.plan(stripe.sandbox.world, None)
    clock.advance(hours=hours)
    stripe.tell_time()

    sweep(now=clock_port.now())

    if hours < 24:
        assert (Refund.objects.get().state, at_stripe(stripe)) == (RefundState.SUCCEEDED, [40_00])
        return
    assert (Refund.objects.get().failure, at_stripe(stripe)) == ("never_done", [])
    assert give_back(payment, 40_00, refund_id=TWO).state == RefundState.SUCCEEDED
    assert (settled(invoice), at_stripe(stripe)) == (80_00, [40_00])


ARRIVALS = ("notification", "sweep", "again")


@pytest.mark.parametrize("order", list(permutations(ARRIVALS)), ids="-".join)
def test_40_a_lost_answer_ends_the_same_whoever_tells_first(
    payment: Payment,  # noqa: F811 (the fixture)
    invoice: Invoice,  # noqa: F811 (the fixture)
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    give_back: Give,  # noqa: F811 (the fixture)
    order: tuple[str, ...],
):
    """40. Done, and nobody heard: the notification, the sweep and a second click may come in any order."""
    mishaps.plan(stripe.sandbox.world, "lost_answer", path="/v1/refunds", times=None)
    give_back(payment, 40_00, refund_id=ONE)
    mishaps.plan(stripe.sandbox.world, None)

    for arrival in order:
        match arrival:
            case "notification":
                everything_arrives(stripe)
            case "sweep":
                sweep(now=clock_port.now())
            case "again":
                give_back(payment, 40_00, refund_id=ONE)

    assert (Refund.objects.get().state, at_stripe(stripe), settled(invoice)) == (RefundState.SUCCEEDED, [40_00], 80_00)
    assert Event.objects.filter(kind="payment.refunded").count() == 1
