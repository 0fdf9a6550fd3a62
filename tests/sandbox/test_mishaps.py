"""Bad days of the API."""

import pytest
import requests
import stripe

from sandbox.server import RunningSandbox
from tests.sandbox.conftest import Client


def plan(world: RunningSandbox, kind: str, **values: object) -> None:
    answer = requests.post(f"{world.url}/_control/mishap", json={"kind": kind, **values}, timeout=10)
    answer.raise_for_status()


def test_a_lost_answer_hides_work_that_was_done(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    plan(world, "lost_answer")
    with pytest.raises(stripe.APIConnectionError):
        shop.v1.customers.create({"name": "Claire"})
    assert [one.name for one in shop.v1.customers.list().data] == ["Claire"]


def test_a_retry_with_its_key_finds_the_lost_work(world: RunningSandbox, client: Client) -> None:
    shop = client(max_network_retries=1)
    plan(world, "lost_answer")
    made = shop.v1.customers.create({"name": "Claire"})
    assert [one.id for one in shop.v1.customers.list().data] == [made.id]


def test_a_fault_does_nothing(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    plan(world, "server_error")
    with pytest.raises(stripe.APIError) as caught:
        shop.v1.customers.create({"name": "Claire"})
    assert caught.value.http_status == 500
    assert shop.v1.customers.list().data == []


def test_haste_is_refused(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    plan(world, "rate_limited", times=2)
    for _ in range(2):
        with pytest.raises(stripe.RateLimitError):
            shop.v1.customers.list()
    assert shop.v1.customers.list().data == []


def test_an_outage_lasts_until_it_is_ended_and_meets_one_path(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    plan(world, "server_error", times=0, path="/v1/charges")
    assert shop.v1.customers.list().data == []
    for _ in range(3):
        with pytest.raises(stripe.APIError):
            shop.v1.charges.list()
    plan(world, "none")
    assert shop.v1.charges.list().data == []


def test_an_unknown_mishap_is_refused(world: RunningSandbox) -> None:
    assert requests.post(f"{world.url}/_control/mishap", json={"kind": "rain"}, timeout=10).status_code == 400
