"""Stripe against the provider contract, over the sandbox, every request and answer checked on its way."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from reglo.money import Money
from reglo.payments.providers.balance import MovementKind, PayoutStanding
from reglo.payments.providers.contract import (
    Account,
    BadSecrets,
    Feeds,
    Listings,
    Mode,
    OAuth,
    RawRequest,
    Redirect,
    Refunds,
)
from reglo.payments.providers.facts import Ref, RefundStanding, State
from reglo.payments.providers.registry import ProviderSettings
from reglo.payments.providers.stripe.amounts import from_stripe, to_stripe
from reglo.payments.providers.stripe.provider import StripeProvider, build
from reglo.ports import clock as clock_port
from sandbox.stripe import seed, signing
from tests.contracts.provider_suite import Counter, ProviderContract
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import GOOD, REFUND_FAILS, REFUNDED_LATER, RESTRICTED_KEY, StripeWorld
from tests.sandbox.conftest import running, world  # noqa: F401 (fixtures)

CARDS = {
    RefundStanding.SUCCEEDED: GOOD,
    RefundStanding.PENDING: REFUNDED_LATER,
    RefundStanding.FAILED: REFUND_FAILS,
}


class StripeCounter:
    def __init__(self, stripe: StripeWorld) -> None:
        self.stripe = stripe
        self.provider: StripeProvider = stripe.provider()
        self.secrets = {"api_key": RESTRICTED_KEY}

    @property
    def now(self) -> datetime:
        return clock_port.now()

    def pay(self, redirect: Redirect, *, refunds: RefundStanding = RefundStanding.SUCCEEDED) -> None:
        number = CARDS[refunds]
        form = {"email": "claire@fontaine.test", "name": "Claire", "number": number, "expiry": "12 / 34", "cvc": "123"}
        requests.post(redirect.url, data=form, allow_redirects=False, timeout=10)

    def refund(self, payment_id: str, minor: int) -> None:
        client = self.provider.clients.of({"api_key": seed.SELLER_SECRET_KEY})
        client.v1.refunds.create({"charge": payment_id, "amount": minor})

    def contest(self, payment_id: str, *, inquiry: bool) -> str:
        kind = "inquiry" if inquiry else "chargeback"
        return str(self.stripe.command(f"charges/{payment_id}/dispute", kind=kind)["dispute"])

    def decide(self, dispute_id: str, *, won: bool) -> None:
        self.stripe.command(f"disputes/{dispute_id}/end", won=won)

    def wait(self) -> None:
        self.stripe.sandbox.deliver()

    def revoke(self) -> None:
        self.stripe.revoke(RESTRICTED_KEY)

    def call(self, secret: str) -> RawRequest:
        client = self.provider.clients.of({"api_key": seed.SELLER_SECRET_KEY})
        event: dict[str, Any] = client.v1.events.list({"type": "charge.succeeded", "limit": 1}).data[0].to_dict()
        body = json.dumps(event).encode()
        return RawRequest({"stripe-signature": signing.header(body, [secret], int(self.now.timestamp()))}, body)


@pytest.fixture
def stripe(world: Any, clock: FrozenClock) -> Iterator[StripeWorld]:  # noqa: F811 (the fixture)
    stripe = StripeWorld(world, clock)
    stripe.tell_time()
    yield stripe
    stripe.wire.close()


class TestStripe(ProviderContract):
    @pytest.fixture
    def counter(self, stripe: StripeWorld) -> Counter:
        return StripeCounter(stripe)


def test_it_speaks_oauth_feeds_listings_and_refunds(stripe: StripeWorld):
    provider = stripe.provider()

    assert isinstance(provider, OAuth)
    assert isinstance(provider, Feeds)
    assert isinstance(provider, Listings)
    assert isinstance(provider, Refunds)


def test_without_platform_there_is_no_oauth():
    assert not build(ProviderSettings(base_url="http://localhost:8000")).can_authorize()
    assert build(
        ProviderSettings("http://localhost:8000", stripe_client_id="ca_1", stripe_platform_key="sk_test_1")
    ).can_authorize()


def test_the_real_stripe_is_asked_unless_told_otherwise():
    client = build(ProviderSettings(base_url="http://localhost:8000")).clients.of({"api_key": "rk_test_1"})

    assert client._requestor.base_addresses["api"] == "https://api.stripe.com"


def test_a_code_that_stripe_never_gave_buys_nothing(stripe: StripeWorld):
    with pytest.raises(BadSecrets):
        stripe.provider().grant("ac_invented")


@pytest.mark.parametrize(
    ("money", "amount"),
    [
        (Money(1999, "EUR"), 1999),
        (Money(500, "JPY"), 500),
        (Money(5125, "TND"), 5125),
        (Money(700, "ISK"), 70_000),
    ],
)
def test_whole_numbers_in_every_currency(money: Money, amount: int):
    assert to_stripe(money) == amount
    assert from_stripe(amount, money.currency.lower()) == money


ACCOUNT = Account(seed.SELLER, Mode.SIMULATED, {"api_key": RESTRICTED_KEY})


@pytest.fixture
def charge(stripe: StripeWorld) -> str:
    """20,00 €, begun elsewhere, its fee of 55 cents told."""
    shop = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    intent = shop.v1.payment_intents.create(
        {
            "amount": 2000,
            "currency": "eur",
            "confirm": True,
            "payment_method": "pm_card_visa",
            "metadata": {"attempt": "ours"},
        }
    )
    stripe.sandbox.courier.work(at_once=True)
    return str(intent.latest_charge)


def test_a_payout_tells_its_lines_once_they_are_ready(stripe: StripeWorld, charge: str):
    name = stripe.command("payouts", account=seed.SELLER)["payout"]

    payout = stripe.provider().fetch(ACCOUNT, Ref("payout", name)).payout

    assert payout is not None
    assert (payout.id, payout.money, payout.standing) == (name, Money(1945, "EUR"), PayoutStanding.IN_TRANSIT)
    assert (payout.automatic, payout.descriptor, payout.failure) == (True, "ATELIER LUMEN", "")
    assert (payout.arrives_on - payout.at.date()).days == 1
    [line] = payout.lines or ()
    assert (line.kind, line.gross, line.fee, line.net) == (
        MovementKind.CHARGE,
        Money(2000, "EUR"),
        Money(55, "EUR"),
        Money(1945, "EUR"),
    )
    assert (line.source_id, line.attempt_key) == (charge, "ours")


def test_a_payout_that_the_bank_sent_back_says_why(stripe: StripeWorld, charge: str):
    name = stripe.command("payouts", account=seed.SELLER)["payout"]
    stripe.command(f"payouts/{name}/fail", code="no_account")

    payout = stripe.provider().fetch(ACCOUNT, Ref("payout", name)).payout

    assert payout is not None
    assert (payout.standing, payout.failure) == (PayoutStanding.FAILED, "no_account")


def test_a_payout_that_the_key_may_not_read_says_nothing(stripe: StripeWorld, charge: str):
    name = stripe.command("payouts", account=seed.SELLER)["payout"]
    stripe.command(f"keys/{RESTRICTED_KEY}/permissions", remove="rak_payout_write")

    seen = stripe.provider().fetch(ACCOUNT, Ref("payout", name))

    assert (seen.payout, seen.state) == (None, State.UNKNOWN)


def test_a_payout_made_by_hand_has_no_lines(stripe: StripeWorld, charge: str):
    stripe.sandbox.world.clock.set_offset(stripe.sandbox.world.clock.offset() + 3 * 86_400)
    shop = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    made = shop.v1.payouts.create({"amount": 1000, "currency": "eur", "description": "Loyer"})

    payout = stripe.provider().fetch(ACCOUNT, Ref("payout", made.id)).payout

    assert payout is not None
    assert (payout.automatic, payout.lines, payout.descriptor) == (False, None, "Loyer")


def test_what_there_is_is_listed_and_what_moved_is_told(stripe: StripeWorld, charge: str):
    shop = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    refund = shop.v1.refunds.create({"charge": charge, "amount": 500})
    name = stripe.command("payouts", account=seed.SELLER)["payout"]
    since = clock_port.now() - timedelta(minutes=5)

    listed = list(stripe.provider().recent(ACCOUNT, since))
    moved = list(stripe.provider().balance(ACCOUNT, since))
    of_one = list(stripe.provider().balance(ACCOUNT, since, refund.id))

    assert [(one.ref, one.standing, one.complete) for one in listed] == [
        (Ref("charge", charge), "succeeded", True),
        (Ref("refund", refund.id), "succeeded", True),
        (Ref("payout", name), "in_transit", True),
    ]
    assert [(one.kind, one.net.minor, one.source_id) for one in moved] == [
        (MovementKind.PAYOUT, -1445, name),
        (MovementKind.REFUND, -500, refund.id),
        (MovementKind.CHARGE, 1945, charge),
    ]
    assert of_one == [moved[1]]
    assert list(stripe.provider().recent(ACCOUNT, clock_port.now() + timedelta(minutes=5))) == []
