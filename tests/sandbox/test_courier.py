"""Deliveries: signed, repeated with growing gaps, and wrong when asked."""

import json
import time

import pytest
import requests
import stripe

from sandbox.server import RunningSandbox
from sandbox.stripe import seed
from tests.sandbox.receiver import Receiver


@pytest.fixture
def secret(shop: stripe.StripeClient, receiver: Receiver) -> str:
    """Of an endpoint that listens to new customers."""
    made = shop.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["customer.created"]})
    return str(made.secret)


def happen(shop: stripe.StripeClient, name: str = "Claire") -> str:
    """A new customer; the event's id."""
    shop.v1.customers.create({"name": name})
    return shop.v1.events.list({"type": "customer.created"}).data[0].id


def forge(world: RunningSandbox, event: str, how: str) -> list[dict[str, object]]:
    answer = requests.post(f"{world.url}/_control/events/{event}/deliver", json={"how": how}, timeout=10)
    body: list[dict[str, object]] = answer.json()
    return body


def test_an_event_arrives_signed_as_the_sdk_wants_it(
    shop: stripe.StripeClient, world: RunningSandbox, receiver: Receiver, secret: str
) -> None:
    event = happen(shop)
    assert [(name, receipt.status) for name, receipt in world.deliver()] == [(event, 200)]
    read = receiver.received[0].verified(secret)
    assert (read["id"], read["type"], read["data"]["object"]["name"]) == (event, "customer.created", "Claire")
    assert world.deliver() == []


def test_what_was_not_asked_for_is_not_sent(
    shop: stripe.StripeClient, world: RunningSandbox, receiver: Receiver, secret: str
) -> None:
    shop.v1.products.create({"name": "Pose"})
    assert world.deliver() == []


def test_a_refused_delivery_comes_again_with_growing_gaps(
    shop: stripe.StripeClient, world: RunningSandbox, receiver: Receiver, secret: str
) -> None:
    happen(shop)
    receiver.status = 500
    offsets = [0, 59, 61, 359, 362, 2170]
    counts = []
    for offset in offsets:
        world.world.clock.set_offset(offset)
        world.courier.work()
        counts.append(len(receiver.received))
    assert counts == [1, 1, 2, 2, 3, 4]


def test_after_three_days_it_is_given_up(
    shop: stripe.StripeClient, world: RunningSandbox, receiver: Receiver, secret: str
) -> None:
    event = happen(shop)
    receiver.status = 500
    for hour in range(0, 90, 6):
        world.world.clock.set_offset(hour * 3600)
        world.courier.work()
    tries = len(receiver.received)
    world.world.clock.set_offset(200 * 3600)
    world.courier.work()
    assert len(receiver.received) == tries
    assert shop.v1.events.list({"delivery_success": False}).data[0].id == event


def test_a_redirect_is_no_acceptance(
    shop: stripe.StripeClient, world: RunningSandbox, receiver: Receiver, secret: str
) -> None:
    happen(shop)
    receiver.status = 302
    world.deliver()
    assert shop.v1.events.list().data[0].pending_webhooks == 1


def test_nobody_home_is_a_failed_try(shop: stripe.StripeClient, world: RunningSandbox) -> None:
    shop.v1.webhook_endpoints.create({"url": "http://127.0.0.1:1/hook", "enabled_events": ["customer.created"]})
    happen(shop)
    [(_, receipt)] = world.deliver()
    assert receipt.status is None
    assert "ConnectionRefusedError" in str(receipt.error)


def test_released_the_courier_goes_by_itself(
    shop: stripe.StripeClient, world: RunningSandbox, receiver: Receiver, secret: str
) -> None:
    world.release()
    happen(shop)
    deadline = time.monotonic() + 5
    while not receiver.received and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(receiver.received) == 1


def test_newest_first_is_the_wrong_order(
    shop: stripe.StripeClient, world: RunningSandbox, receiver: Receiver, secret: str
) -> None:
    first, second = happen(shop, "a"), happen(shop, "b")
    assert [event for event, _ in world.deliver(newest_first=True)] == [second, first]


def test_twice_sends_the_same_event_two_times(
    shop: stripe.StripeClient, world: RunningSandbox, receiver: Receiver, secret: str
) -> None:
    event = happen(shop)
    assert [one["status"] for one in forge(world, event, "twice")] == [200, 200]
    assert {one.verified(secret)["id"] for one in receiver.received} == {event}
    assert world.deliver() == []


@pytest.mark.parametrize("how", ["tampered", "wrong_secret", "stale", "unsigned"])
def test_a_bad_signature_is_caught_by_the_sdk(
    shop: stripe.StripeClient, world: RunningSandbox, receiver: Receiver, secret: str, how: str
) -> None:
    forge(world, happen(shop), how)
    with pytest.raises(stripe.SignatureVerificationError):
        receiver.received[0].verified(secret)


def test_a_future_signature_is_ten_minutes_ahead(
    shop: stripe.StripeClient, world: RunningSandbox, receiver: Receiver, secret: str
) -> None:
    forge(world, happen(shop), "future")
    signed_at = int(str(receiver.received[0].signature).split(",")[0].removeprefix("t="))
    assert 595 <= signed_at - world.world.clock.now() <= 600
    receiver.received[0].verified(secret)


def test_a_foreign_account_and_the_other_mode_are_rightly_signed(
    shop: stripe.StripeClient, world: RunningSandbox, receiver: Receiver, secret: str
) -> None:
    event = happen(shop)
    forge(world, event, "foreign_account")
    forge(world, event, "other_mode")
    foreign, other = (one.verified(secret) for one in receiver.received)
    assert (foreign["account"], other["livemode"]) == (seed.STRANGER, True)


def test_a_dropped_event_never_arrives_but_is_remembered_as_undelivered(
    shop: stripe.StripeClient, world: RunningSandbox, receiver: Receiver, secret: str
) -> None:
    event = happen(shop)
    dropped = requests.post(f"{world.url}/_control/events/{event}/drop", timeout=10)
    assert dropped.json() == {"dropped": 1}
    assert world.deliver() == []
    assert [one.id for one in shop.v1.events.list({"delivery_success": False}).data] == [event]


def test_the_pinned_version_is_in_the_body(
    shop: stripe.StripeClient, world: RunningSandbox, receiver: Receiver
) -> None:
    shop.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"], "api_version": "2026-10-28.endive"})
    happen(shop)
    world.deliver()
    assert json.loads(receiver.received[0].body)["api_version"] == "2026-10-28.endive"
