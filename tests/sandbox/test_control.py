"""The panel and what programs can ask of it."""

import pytest
import requests
import stripe

from sandbox.server import RunningSandbox
from sandbox.stripe import seed
from tests.sandbox.checkout import DECLINED, session_of
from tests.sandbox.receiver import Receiver


def post(world: RunningSandbox, path: str, **values: object) -> requests.Response:
    return requests.post(f"{world.url}/_control/{path}", json=values, timeout=10)


def test_the_state_is_told(world: RunningSandbox) -> None:
    state = requests.get(f"{world.url}/_control/state", timeout=10).json()
    assert (state["held"], state["offset"], state["waiting"]) == (True, 0, 0)
    assert [account["id"] for account in state["accounts"]] == [seed.SELLER, seed.STRANGER, seed.PLATFORM]


def test_time_is_set_and_advanced(world: RunningSandbox) -> None:
    before = world.world.clock.now()
    assert post(world, "clock", offset=3600).json()["offset"] == 3600
    assert post(world, "clock", advance=60).json()["offset"] == 3660
    assert world.world.clock.now() - before in {3660, 3661}


def test_time_without_a_number_is_refused(world: RunningSandbox) -> None:
    assert post(world, "clock", offset="tomorrow").status_code == 400
    assert world.world.clock.offset() == 0


def test_reset_forgets_all_but_the_seed(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    shop.v1.customers.create({"name": "Claire"})
    post(world, "reset")
    assert shop.v1.customers.list().data == []


def test_deliver_answers_with_the_receipts(
    world: RunningSandbox, shop: stripe.StripeClient, receiver: Receiver
) -> None:
    shop.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["customer.created"]})
    shop.v1.customers.create({"name": "Claire"})
    [told] = requests.get(f"{world.url}/_control/events", params={"type": "customer.created"}, timeout=10).json()
    assert [one["state"] for one in told["deliveries"]] == ["pending"]
    assert post(world, "deliver").json() == [{"event": told["id"], "status": 200, "error": None}]


def test_a_session_is_paid_without_its_page(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    session = session_of(shop)
    assert post(world, f"sessions/{session.id}/pay", card=DECLINED.replace(" ", "")).json()["result"] == "refused"
    assert post(world, f"sessions/{session.id}/pay").json()["result"] == "paid"
    assert post(world, f"sessions/{session.id}/pay").status_code == 409


@pytest.mark.parametrize(
    "path",
    ["sessions/cs_nothing/pay", "events/evt_nothing/deliver", "keys/rk_nothing/revoke", "debits/pi_nothing/end"],
)
def test_what_does_not_exist_is_404(world: RunningSandbox, path: str) -> None:
    assert post(world, path).status_code == 404


def test_an_unknown_way_to_deliver_is_refused(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    shop.v1.customers.create({"name": "Claire"})
    event = shop.v1.events.list().data[0].id
    assert post(world, f"events/{event}/deliver", how="nicely").status_code == 400


def test_a_form_of_the_panel_leads_back_to_it(world: RunningSandbox) -> None:
    headers = {"Accept": "text/html", "Origin": world.url, "Referer": f"{world.url}/events"}
    answer = requests.post(f"{world.url}/_control/release", headers=headers, allow_redirects=False, timeout=10)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{world.url}/events")


def test_another_site_cannot_move_the_world(world: RunningSandbox) -> None:
    headers = {"Origin": "http://evil.example"}
    assert requests.post(f"{world.url}/_control/reset", headers=headers, timeout=10).status_code == 403


@pytest.mark.parametrize("path", ["/", "/mail", "/events", "/dashboard", "/register", "/nothing"])
def test_every_page_says_that_nothing_is_real(world: RunningSandbox, path: str) -> None:
    page = requests.get(world.url + path, timeout=10)
    assert "Démonstration : aucun paiement réel" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_the_page_of_an_event_shows_its_body_and_deliveries(
    world: RunningSandbox, shop: stripe.StripeClient, receiver: Receiver
) -> None:
    shop.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"]})
    shop.v1.customers.create({"name": "<b>Claire</b>"})
    page = requests.get(f"{world.url}/events/{shop.v1.events.list().data[0].id}", timeout=10).text
    assert "&lt;b&gt;Claire&lt;/b&gt;" in page
    assert receiver.url in page
