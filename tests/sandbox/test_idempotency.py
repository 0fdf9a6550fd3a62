"""The same key gets the same answer, for the same question."""

import threading

import pytest
import stripe

from sandbox.server import RunningSandbox
from sandbox.stripe import seed
from sandbox.stripe.errors import StripeError
from sandbox.stripe.idempotency import Desk
from tests.sandbox.checkout import session_of
from tests.sandbox.conftest import Client


def test_the_first_answer_is_given_again(shop: stripe.StripeClient) -> None:
    first = shop.v1.customers.create({"name": "Claire"}, {"idempotency_key": "k1"})
    second = shop.v1.customers.create({"name": "Claire"}, {"idempotency_key": "k1"})
    assert first.id == second.id
    assert second.last_response is not None
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(shop.v1.customers.list().data) == 1


def test_other_parameters_are_an_error(shop: stripe.StripeClient) -> None:
    shop.v1.customers.create({"name": "Claire"}, {"idempotency_key": "k1"})
    with pytest.raises(stripe.IdempotencyError) as caught:
        shop.v1.customers.create({"name": "Paul"}, {"idempotency_key": "k1"})
    assert (caught.value.http_status, caught.value.error.type) == (400, "idempotency_error")
    assert "can only be used with the same parameters" in str(caught.value)


def test_another_address_is_an_error(shop: stripe.StripeClient) -> None:
    shop.v1.customers.create({"name": "Claire"}, {"idempotency_key": "k1"})
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        shop.v1.products.create({"name": "Claire"}, {"idempotency_key": "k1"})


def test_a_refusal_by_the_verb_is_kept(shop: stripe.StripeClient) -> None:
    session = session_of(shop)
    shop.v1.checkout.sessions.expire(session.id)
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            shop.v1.checkout.sessions.expire(session.id, None, {"idempotency_key": "k1"})
    assert caught.value.headers is not None
    assert caught.value.headers["Idempotent-Replayed"] == "true"


def test_a_request_that_was_not_understood_leaves_the_key_free(shop: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        shop.v1.customers.create({"email": "not-an-address"}, {"idempotency_key": "k1"})
    assert (
        shop.v1.customers.create({"email": "claire@example.com"}, {"idempotency_key": "k1"}).email
        == "claire@example.com"
    )


def test_accounts_have_their_own_keys(client: Client) -> None:
    first = client().v1.customers.create({"name": "Claire"}, {"idempotency_key": "k1"})
    second = client(seed.STRANGER_RESTRICTED_KEY).v1.customers.create({"name": "Paul"}, {"idempotency_key": "k1"})
    assert first.id != second.id


def test_a_key_is_forgotten_after_a_day(shop: stripe.StripeClient, world: RunningSandbox) -> None:
    first = shop.v1.customers.create({"name": "Claire"}, {"idempotency_key": "k1"})
    world.world.clock.set_offset(24 * 3600 + 1)
    assert shop.v1.customers.create({"name": "Paul"}, {"idempotency_key": "k1"}).id != first.id


def test_two_at_once_the_second_is_turned_away() -> None:
    desk = Desk()
    desk.enter("account", "k1")
    with pytest.raises(StripeError) as caught:
        desk.enter("account", "k1")
    assert (caught.value.status, caught.value.fields["code"]) == (409, "idempotency_key_in_use")
    desk.leave("account", "k1")
    desk.enter("account", "k1")


def test_two_at_once_make_one_object(world: RunningSandbox, client: Client) -> None:
    shops = [client(max_network_retries=5) for _ in range(4)]
    threads = [
        threading.Thread(target=lambda shop=shop: shop.v1.customers.create({"name": "C"}, {"idempotency_key": "k1"}))
        for shop in shops
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(shops[0].v1.customers.list().data) == 1
