"""`stripe trigger`, the official client's own scenarios, against the sandbox; what it tells reaches our hook and our books.

Nothing in these scenarios is ours, unless a test says so: each is received, read again from Stripe, and books nothing.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from reglo.companies.models import Company
from reglo.events.models import Reaction
from reglo.events.states import ReactionState
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice, Settlement
from reglo.ledger.models import Entry
from reglo.payments.models import Payment, PaymentAttempt, ProviderAccount, ProviderEvent, Refund, UnmatchedPayment
from reglo.payments.providers.stripe.webhook import EVENT_TYPES
from reglo.payments.states import AttemptState, Method, NoticeState
from sandbox.stripe import seed
from tests.contracts.stripe.official_client import Unavailable, install, trigger
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import StripeWorld
from tests.payments.conftest import account, invoice, running, start, stripe, world  # noqa: F401 (fixtures)

Pull = Callable[..., None]
Start = Callable[[Invoice], PaymentAttempt]


@dataclass(frozen=True)
class Trigger:
    """`told`: what our endpoint hears of it, at once or when the bank has answered."""

    name: str
    told: tuple[str, ...]


PAID = ("charge.succeeded", "charge.updated")
# The fifteen that tell of what we listen to.
FIFTEEN = (
    Trigger("checkout.session.completed", ("checkout.session.completed", *PAID)),
    Trigger(
        "checkout.session.async_payment_succeeded",
        ("checkout.session.async_payment_succeeded", "checkout.session.completed", "payment_intent.processing", *PAID),
    ),
    Trigger(
        "checkout.session.async_payment_failed",
        (
            "charge.failed",
            "checkout.session.async_payment_failed",
            "checkout.session.completed",
            "payment_intent.payment_failed",
            "payment_intent.processing",
        ),
    ),
    Trigger("checkout.session.expired", ("checkout.session.expired",)),
    Trigger("payment_intent.processing", ("payment_intent.processing", *PAID)),
    Trigger("payment_intent.payment_failed", ("charge.failed", "payment_intent.payment_failed")),
    Trigger("payment_intent.canceled", ("payment_intent.canceled",)),
    Trigger("charge.succeeded", PAID),
    Trigger("charge.failed", ("charge.failed", "payment_intent.payment_failed")),
    Trigger("charge.refunded", (*PAID, "refund.created")),
    Trigger("charge.refund.updated", (*PAID, "refund.created", "refund.updated")),
    Trigger("charge.dispute.created", ("charge.dispute.created", "charge.updated", *PAID)),
    Trigger("charge.dispute.closed", ("charge.dispute.closed", "charge.dispute.created", "charge.updated", *PAID)),
    Trigger("payout.created", PAID),
    Trigger("payout.updated", PAID),
)
# We do not listen to these: they must succeed, and tell us nothing.
DEAF_TO = (
    "payment_intent.created",
    "payment_intent.requires_action",
    "customer.created",
    "customer.updated",
    "customer.deleted",
    "product.created",
    "price.created",
    "payment_method.attached",
    "payment_method.detached",
    "setup_intent.created",
    "setup_intent.succeeded",
    "setup_intent.canceled",
    "setup_intent.setup_failed",
    "setup_intent.requires_action",
)


@pytest.fixture(scope="module")
def program() -> Path:
    try:
        return install()
    except Unavailable as reason:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(reason))


@pytest.fixture
def pull(program: Path, stripe: StripeWorld, tmp_path: Path) -> Pull:  # noqa: F811 (the fixture)
    def run(event: str, *flags: str) -> None:
        stripe.tell_time()
        done = trigger(program, event, *flags, api=stripe.sandbox.url, key=seed.SELLER_SECRET_KEY, home=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Trigger succeeded" in done.stdout

    return run


def told(stripe: StripeWorld, clock: FrozenClock) -> list[str]:  # noqa: F811 (the fixture)
    """Everything delivered and applied, now and six days later, when banks have answered; the kinds, sorted.

    Of what the account is paid out in between nothing is said here: its own triggers tell it.
    """
    for _ in range(2):
        assert {receipt.status for _event, receipt in stripe.deliver()} <= {200}
        run_until_idle()
        clock.advance(days=6)
    assert not Reaction.objects.exclude(state=ReactionState.DONE).exists()
    return sorted(ProviderEvent.objects.exclude(kind__startswith="payout.").values_list("kind", flat=True))


@pytest.mark.parametrize("one", FIFTEEN, ids=lambda one: one.name)
def test_a_scenario_of_somebody_else_settles_nothing(
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    account: ProviderAccount,  # noqa: F811 (the fixture)
    invoice: Invoice,  # noqa: F811 (the fixture)
    clock: FrozenClock,
    pull: Pull,
    one: Trigger,
):
    entries = Entry.objects.count()

    pull(one.name)

    assert told(stripe, clock) == sorted(one.told)
    assert set(one.told) <= set(EVENT_TYPES)
    assert not ProviderEvent.objects.filter(state=NoticeState.RECEIVED).exists()
    assert UnmatchedPayment.objects.count() == ("charge.succeeded" in one.told)
    booked = Entry.objects.exclude(source__startswith="payout")
    assert (Payment.objects.count(), Refund.objects.count(), booked.count()) == (0, 0, entries)
    assert Settlement.objects.get(invoice=invoice).settled_minor == 0
    account.refresh_from_db()
    assert account.is_active


def test_what_we_do_not_listen_to_is_not_told(
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    account: ProviderAccount,  # noqa: F811 (the fixture)
    clock: FrozenClock,
    pull: Pull,
):
    for name in DEAF_TO:
        pull(name)

    assert told(stripe, clock) == []


def test_the_official_client_pays_our_own_page(
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    invoice: Invoice,  # noqa: F811 (the fixture)
    start: Start,  # noqa: F811 (the fixture)
    clock: FrozenClock,
    pull: Pull,
):
    attempt = start(invoice)
    steps = [
        {"name": "method", "path": "/v1/payment_methods", "method": "post", "params": CARD},
        {
            "name": "confirm",
            "path": f"/v1/payment_pages/{attempt.external_id}/confirm",
            "method": "post",
            "params": {"payment_method": "${method:id}", "expected_amount": 12000},
        },
    ]
    raw = json.dumps({"_meta": {"template_version": 0}, "fixtures": steps})

    pull("checkout.session.completed", "--raw", raw)

    assert told(stripe, clock) == sorted(["checkout.session.completed", *PAID])
    payment = Payment.objects.get()
    assert (payment.amount_minor, payment.method, payment.fee_minor) == (120_00, Method.CARD, 2_05)
    assert Settlement.objects.get(invoice=invoice).settled_minor == 120_00


CARD = {"type": "card", "card": {"token": "tok_visa"}, "billing_details": {"email": "stripe@example.com"}}


def test_a_charge_that_says_it_is_ours_is_booked_as_what_it_is(
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    invoice: Invoice,  # noqa: F811 (the fixture)
    start: Start,  # noqa: F811 (the fixture)
    clock: FrozenClock,
    pull: Pull,
    company: Company,
):
    """Of our attempt's name, but of another amount and currency: booked, in its currency, and it settles nothing."""
    attempt = start(invoice)

    pull("charge.succeeded", "--add", f"payment_intent:metadata[attempt]={attempt.id}")

    told(stripe, clock)
    payment = Payment.objects.get()
    assert (payment.currency, payment.allocations.count()) == ("USD", 0)
    assert Settlement.objects.get(invoice=invoice).settled_minor == 0
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.PAID
