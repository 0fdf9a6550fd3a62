"""Stripe against the provider contract, over the sandbox, every request and answer checked on its way."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import requests

from reglo.money import Money
from reglo.payments.providers.contract import (
    BadSecrets,
    Feeds,
    OAuth,
    RawRequest,
    Redirect,
    Refunds,
    RefundStanding,
)
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


def test_it_speaks_oauth_feeds_and_refunds(stripe: StripeWorld):
    provider = stripe.provider()

    assert isinstance(provider, OAuth)
    assert isinstance(provider, Feeds)
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
