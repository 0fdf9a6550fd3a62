"""Everything that can be made to go wrong: a button with its sentence, and the same command for a program."""

import pytest
import requests
import stripe

from sandbox.control.acts import SECTIONS, Act
from sandbox.page import plain, read_page
from sandbox.server import RunningSandbox
from sandbox.stripe import seed
from tests.sandbox.checkout import types_of
from tests.sandbox.receiver import Receiver

ACTS = [act for section in SECTIONS for act in section.acts]
DAY = 86_400


def post(world: RunningSandbox, path: str, **values: object) -> requests.Response:
    return requests.post(f"{world.url}/_control/{path}", json=values, timeout=10)


def deliveries(world: RunningSandbox) -> list[dict[str, object]]:
    told = requests.get(f"{world.url}/_control/events", timeout=10).json()
    return [one for event in told for one in event["deliveries"]]


@pytest.fixture
def listening(world: RunningSandbox, shop: stripe.StripeClient, receiver: Receiver) -> Receiver:
    shop.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["charge.succeeded"]})
    return receiver


def test_the_page_has_a_button_and_a_sentence_for_each(world: RunningSandbox) -> None:
    page = requests.get(f"{world.url}/acts", timeout=10)

    read = read_page(page.url, page.text)
    for act in ACTS:
        form, button = read.form(act.label)
        assert button.words == plain(act.label)
        assert form.action == f"/_control/{act.command}"
        read.expect(act.sentence)
    assert "Révoquer" in page.text


@pytest.mark.parametrize("act", ACTS, ids=lambda act: f"{act.command} {act.values}")
def test_each_button_works(world: RunningSandbox, listening: Receiver, act: Act) -> None:
    post(world, "sales")
    headers = {"Accept": "text/html", "Origin": world.url, "Referer": f"{world.url}/acts"}

    answer = requests.post(
        f"{world.url}/_control/{act.command}", data=act.values, headers=headers, allow_redirects=False, timeout=10
    )

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{world.url}/acts")


def test_a_key_is_revoked_by_its_button(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    post(world, f"keys/{seed.SELLER_RESTRICTED_KEY}/revoke")

    with pytest.raises(stripe.AuthenticationError):
        shop.v1.charges.list()
    assert "Révoquée" in requests.get(f"{world.url}/acts", timeout=10).text


def test_a_sale_made_outside_is_told_like_any_other(
    world: RunningSandbox, shop: stripe.StripeClient, listening: Receiver
) -> None:
    answer = post(world, "sales", amount=4200, description="Au comptoir", metadata={"shop": "7"}).json()

    assert answer["status"] == "succeeded"
    [charge] = shop.v1.charges.list().data
    assert (charge.amount, charge.description, charge.metadata.to_dict()) == (4200, "Au comptoir", {"shop": "7"})
    world.deliver()
    assert len(listening.received) == 1


def test_a_sale_may_be_refused(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    assert post(world, "sales", card="4000000000000002").json()["status"] == "requires_payment_method"
    assert types_of(shop)[-1] == "payment_intent.payment_failed"
    assert post(world, "sales", card="1234").status_code == 404


def test_a_notification_may_be_late(world: RunningSandbox, listening: Receiver) -> None:
    post(world, "sales")
    assert post(world, "events/last/delay", seconds=7200).json() == {"delayed": 1}

    world.courier.work()
    assert listening.received == []
    post(world, "clock", advance=7201)
    world.courier.work()

    assert len(listening.received) == 1


def test_an_address_that_is_down_for_an_hour_hears_of_it_later(world: RunningSandbox, listening: Receiver) -> None:
    post(world, "endpoints/down", seconds=3600)
    post(world, "sales")

    world.courier.work()
    assert [one["last_error"] for one in deliveries(world)] == ["ConnectionRefusedError: the address is down"]
    post(world, "clock", advance=3 * 3600)
    world.courier.work()

    [delivery] = deliveries(world)
    assert (delivery["state"], delivery["attempts"]) == ("delivered", 5)  # at 0, 1, 6 and 36 minutes, then after 2 h 36
    assert len(listening.received) == 1


def test_after_three_days_it_is_given_up_and_can_only_be_asked_for(
    world: RunningSandbox, shop: stripe.StripeClient, listening: Receiver
) -> None:
    post(world, "endpoints/down")
    post(world, "sales")
    world.courier.work()

    post(world, "clock", advance=4 * DAY)
    world.courier.work()

    [delivery] = deliveries(world)
    assert (delivery["state"], delivery["attempts"]) == ("failed", 11)
    assert listening.received == []
    missed = shop.v1.events.list({"delivery_success": False, "types": ["charge.succeeded"]}).data
    assert len(missed) == 1


def test_a_mended_line_passes_at_the_next_try(world: RunningSandbox, listening: Receiver) -> None:
    post(world, "endpoints/down")
    post(world, "sales")
    world.courier.work()
    post(world, "endpoints/up")

    post(world, "clock", advance=61)
    world.courier.work()

    assert [one["state"] for one in deliveries(world)] == ["delivered"]


def test_the_clock_goes_back_too(world: RunningSandbox) -> None:
    assert post(world, "clock", advance=-DAY).json()["offset"] == -DAY
