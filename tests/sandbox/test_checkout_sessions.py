"""Checkout Sessions over the official SDK."""

import pytest
import stripe

from sandbox.server import RunningSandbox
from tests.sandbox.checkout import GOOD, press_pay, session_of, types_of


def test_a_new_session_is_open_unpaid_and_has_a_page(shop: stripe.StripeClient, world: RunningSandbox) -> None:
    session = session_of(shop, client_reference_id="attempt-1", metadata={"invoice": "F1"}, locale="fr")
    assert (session.status, session.payment_status, session.amount_total, session.currency) == (
        "open",
        "unpaid",
        124_000,
        "eur",
    )
    assert session.url == f"{world.url}/c/pay/{session.id}"
    assert session.payment_intent is None
    assert session.client_reference_id == "attempt-1"
    assert session.id.startswith("cs_test_")


def test_quantities_multiply_and_lines_add_up(shop: stripe.StripeClient) -> None:
    price = {"currency": "eur", "unit_amount": 1050, "product_data": {"name": "Pose"}}
    session = session_of(shop, line_items=[{"price_data": price, "quantity": 3}, {"price_data": price, "quantity": 1}])
    assert session.amount_total == 4200
    lines = shop.v1.checkout.sessions.line_items.list(session.id).data
    assert [(line.description, line.quantity, line.amount_total) for line in lines] == [
        ("Pose", 3, 3150),
        ("Pose", 1, 1050),
    ]


def test_line_items_are_shown_only_when_expanded(shop: stripe.StripeClient) -> None:
    session = session_of(shop)
    assert "line_items" not in session.to_dict()
    shown = shop.v1.checkout.sessions.retrieve(session.id, {"expand": ["line_items"]})
    assert shown.line_items is not None
    assert shown.line_items.data[0].amount_total == 124_000


def test_discounts_and_the_breakdown_of_totals_are_shown_only_when_expanded(shop: stripe.StripeClient) -> None:
    session = session_of(shop)
    assert session.total_details is not None
    assert "breakdown" not in session.total_details.to_dict()

    asked = ["line_items.data.discounts", "total_details.breakdown"]
    shown = shop.v1.checkout.sessions.retrieve(session.id, {"expand": asked}).to_dict()

    assert shown["line_items"]["data"][0]["discounts"] == []
    assert shown["total_details"]["breakdown"] == {"discounts": [], "taxes": []}


def test_the_totals_alone_cannot_be_expanded(shop: stripe.StripeClient) -> None:
    session = session_of(shop)
    with pytest.raises(stripe.InvalidRequestError, match=r"cannot be expanded \(total_details\)"):
        shop.v1.checkout.sessions.retrieve(session.id, {"expand": ["total_details"]})


def test_the_data_of_the_intent_reaches_intent_and_charge(shop: stripe.StripeClient) -> None:
    session = session_of(shop, payment_intent_data={"description": "Facture F1", "metadata": {"attempt": "a1"}})
    press_pay(session.url)
    paid = shop.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert paid.payment_intent.metadata.to_dict() == {"attempt": "a1"}
    assert paid.payment_intent.latest_charge.metadata.to_dict() == {"attempt": "a1"}
    assert paid.payment_intent.latest_charge.description == "Facture F1"


def test_sessions_are_listed_by_payment_intent(shop: stripe.StripeClient) -> None:
    session_of(shop)
    paid = session_of(shop)
    press_pay(paid.url)
    intent = shop.v1.checkout.sessions.retrieve(paid.id).payment_intent
    assert [one.id for one in shop.v1.checkout.sessions.list({"payment_intent": str(intent)}).data] == [paid.id]


def test_expire_ends_an_open_session_once(shop: stripe.StripeClient) -> None:
    session = session_of(shop)
    assert shop.v1.checkout.sessions.expire(session.id).status == "expired"
    with pytest.raises(stripe.InvalidRequestError, match="Only Checkout Sessions with a status in"):
        shop.v1.checkout.sessions.expire(session.id)
    assert types_of(shop)[-1:] == ["checkout.session.expired"]


def test_a_paid_session_cannot_be_expired(shop: stripe.StripeClient) -> None:
    session = session_of(shop)
    press_pay(session.url)
    with pytest.raises(stripe.InvalidRequestError, match="status of `complete`"):
        shop.v1.checkout.sessions.expire(session.id)


def test_expiring_after_a_refusal_cancels_the_intent(shop: stripe.StripeClient) -> None:
    session = session_of(shop)
    press_pay(session.url, "4000000000000002")
    shop.v1.checkout.sessions.expire(session.id)
    assert types_of(shop)[-2:] == ["payment_intent.canceled", "checkout.session.expired"]


def test_time_alone_expires_a_session(shop: stripe.StripeClient, world: RunningSandbox) -> None:
    session = session_of(shop, expires_at=world.world.clock.now() + 1800)
    world.world.clock.set_offset(1801)
    assert shop.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert press_pay(session.url, GOOD).status_code == 410
    assert types_of(shop)[-1] == "checkout.session.expired"


def test_the_passing_of_time_is_announced_without_anybody_asking(
    shop: stripe.StripeClient, world: RunningSandbox
) -> None:
    session_of(shop)
    world.world.clock.set_offset(24 * 3600 + 1)
    world.deliver()
    assert types_of(shop)[-1] == "checkout.session.expired"


@pytest.mark.parametrize("life", [1799, 24 * 3600 + 60])
def test_a_life_under_30_minutes_or_over_a_day_is_refused(
    shop: stripe.StripeClient, world: RunningSandbox, life: int
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        session_of(shop, expires_at=world.world.clock.now() + life)
    assert caught.value.param == "expires_at"


def test_update_merges_metadata(shop: stripe.StripeClient) -> None:
    session = session_of(shop, metadata={"a": "1"})
    assert shop.v1.checkout.sessions.update(session.id, {"metadata": {"b": "2"}}).metadata.to_dict() == {
        "a": "1",
        "b": "2",
    }


def test_an_amount_under_fifty_cents_is_refused(shop: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        session_of(shop, amount=49)
    assert caught.value.code == "amount_too_small"


def test_an_unknown_customer_is_refused_as_a_parameter(shop: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        session_of(shop, customer="cus_nobody")
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, "resource_missing", "customer")


def test_no_such_session(shop: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.v1.checkout.sessions.retrieve("cs_test_nothing")
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (404, "resource_missing", "session")
    assert caught.value.user_message == "No such checkout.session: 'cs_test_nothing'"
