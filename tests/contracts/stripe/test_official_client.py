"""The official command line, which we did not write, pays the sandbox's Checkout and intents."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
import stripe

from sandbox.server import RunningSandbox, start
from sandbox.stripe import seed
from tests.contracts.stripe.official_client import Unavailable, install, trigger
from tests.contracts.stripe.wire import CheckedWire

Trigger = Callable[[str], None]


@pytest.fixture(scope="module")
def program() -> Path:
    try:
        return install()
    except Unavailable as reason:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(reason))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[RunningSandbox]:
    running = start(tmp_path)
    running.hold()
    yield running
    running.stop()


@pytest.fixture
def run(program: Path, world: RunningSandbox, tmp_path: Path) -> Trigger:
    def pull(event: str) -> None:
        done = trigger(program, event, api=world.url, key=seed.SELLER_SECRET_KEY, home=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Trigger succeeded" in done.stdout

    return pull


@pytest.fixture
def shop(world: RunningSandbox) -> stripe.StripeClient:
    return stripe.StripeClient(seed.SELLER_RESTRICTED_KEY, base_addresses={"api": world.url}, http_client=CheckedWire())


def types_of(shop: stripe.StripeClient) -> list[str]:
    return [event.type for event in reversed(shop.v1.events.list({"limit": 100}).data)]


def test_payment_intent_succeeded(run: Trigger, shop: stripe.StripeClient) -> None:
    run("payment_intent.succeeded")
    [intent] = shop.v1.payment_intents.list({"expand": ["data.latest_charge"]}).data
    assert (intent.status, intent.amount_received, intent.currency) == ("succeeded", 2000, "usd")
    assert types_of(shop) == ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


def test_checkout_session_completed(run: Trigger, shop: stripe.StripeClient) -> None:
    run("checkout.session.completed")
    [session] = shop.v1.checkout.sessions.list().data
    assert (session.status, session.payment_status, session.amount_total) == ("complete", "paid", 3000)
    assert types_of(shop)[-1] == "checkout.session.completed"


def test_charge_refunded(run: Trigger, shop: stripe.StripeClient) -> None:
    run("charge.refunded")
    [charge] = shop.v1.charges.list().data
    assert (charge.refunded, charge.amount_refunded) == (True, 100)
    assert types_of(shop)[-1] == "charge.refunded"


def test_a_debit_that_arrives(run: Trigger, shop: stripe.StripeClient, world: RunningSandbox) -> None:
    run("checkout.session.async_payment_succeeded")
    [session] = shop.v1.checkout.sessions.list().data
    assert (session.status, session.payment_status) == ("complete", "unpaid")
    requests.post(f"{world.url}/_control/debits/{session.payment_intent}/end", timeout=10)
    assert types_of(shop)[-1] == "checkout.session.async_payment_succeeded"


def test_a_session_that_expires(run: Trigger, shop: stripe.StripeClient) -> None:
    run("checkout.session.expired")
    [session] = shop.v1.checkout.sessions.list().data
    assert (session.status, session.url) == ("expired", None)


def test_a_refused_payment(run: Trigger, shop: stripe.StripeClient) -> None:
    run("payment_intent.payment_failed")
    [intent] = shop.v1.payment_intents.list().data
    assert intent.status == "requires_payment_method"
    assert types_of(shop)[-1] == "payment_intent.payment_failed"


def test_a_payout_is_made(run: Trigger, shop: stripe.StripeClient) -> None:
    run("payout.created")
    [payout] = shop.v1.payouts.list().data
    assert (payout.amount, payout.currency, payout.automatic) == (1100, "usd", False)
    assert types_of(shop)[-1] == "payout.created"
