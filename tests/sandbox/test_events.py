"""Events as the API lists them."""

import pytest
import stripe

from sandbox.server import RunningSandbox
from tests.sandbox.receiver import Receiver


def listen(shop: stripe.StripeClient, receiver: Receiver, *types: str) -> stripe.WebhookEndpoint:
    return shop.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": list(types)})


def test_events_are_newest_first_and_narrowed_by_types(shop: stripe.StripeClient) -> None:
    shop.v1.customers.create({"name": "Claire"})
    shop.v1.products.create({"name": "Pose"})
    assert [one.type for one in shop.v1.events.list().data] == ["product.created", "customer.created"]
    narrowed = shop.v1.events.list({"types": ["customer.created", "charge.succeeded"]})
    assert [one.type for one in narrowed.data] == ["customer.created"]


def test_an_event_is_a_frozen_copy(shop: stripe.StripeClient) -> None:
    customer = shop.v1.customers.create({"name": "Claire"})
    shop.v1.customers.update(customer.id, {"name": "Paul"})
    updated, created = shop.v1.events.list().data
    assert created.data.object["name"] == "Claire"
    assert updated.data.object["name"] == "Paul"
    assert updated.data.previous_attributes.to_dict() == {"name": "Claire"}


def test_an_event_names_the_request_that_caused_it(shop: stripe.StripeClient) -> None:
    made = shop.v1.customers.create({"name": "Claire"}, {"idempotency_key": "k1"})
    event = shop.v1.events.list().data[0]
    assert made.last_response is not None
    assert event.request is not None
    assert (event.request.id, event.request.idempotency_key) == (made.last_response.headers["Request-Id"], "k1")


def test_undelivered_events_can_be_asked_for(
    shop: stripe.StripeClient, world: RunningSandbox, receiver: Receiver
) -> None:
    listen(shop, receiver, "customer.created")
    shop.v1.customers.create({"name": "Claire"})
    shop.v1.products.create({"name": "Pose"})
    waiting = shop.v1.events.list({"delivery_success": False}).data
    assert [(one.type, one.pending_webhooks) for one in waiting] == [("customer.created", 1)]
    world.deliver()
    assert shop.v1.events.list({"delivery_success": False}).data == []
    assert [one.type for one in shop.v1.events.list({"delivery_success": True}).data] == [
        "product.created",
        "customer.created",
    ]


def test_pages_walk_backwards_oldest_first(shop: stripe.StripeClient) -> None:
    for name in ("a", "b", "c"):
        shop.v1.customers.create({"name": name})
    oldest = shop.v1.events.list().data[-1]
    walked = shop.v1.events.list({"ending_before": oldest.id, "limit": 1})
    assert [one.data.object["name"] for one in walked.auto_paging_iter()] == ["b", "c"]


def test_no_such_event(shop: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.v1.events.retrieve("evt_nothing")
    assert caught.value.http_status == 404
