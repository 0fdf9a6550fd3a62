"""Payment intents confirmed through the API."""

import pytest
import stripe

from tests.sandbox.checkout import press_pay, session_of, types_of


def test_a_good_card_succeeds_at_once(shop: stripe.StripeClient) -> None:
    intent = shop.v1.payment_intents.create(
        {"amount": 2000, "currency": "eur", "payment_method": "pm_card_visa", "confirm": True, "metadata": {"a": "1"}}
    )
    assert (intent.status, intent.amount_received) == ("succeeded", 2000)
    charge = shop.v1.charges.retrieve(str(intent.latest_charge))
    assert (charge.paid, charge.amount_captured, charge.metadata.to_dict()) == (True, 2000, {"a": "1"})


def test_a_declined_card_is_a_card_error_and_stays_recorded(shop: stripe.StripeClient) -> None:
    with pytest.raises(stripe.CardError) as caught:
        shop.v1.payment_intents.create(
            {"amount": 2000, "currency": "eur", "payment_method": "pm_card_chargeDeclined", "confirm": True}
        )
    assert (caught.value.http_status, caught.value.code) == (402, "card_declined")
    assert caught.value.error.decline_code == "generic_decline"
    intent = shop.v1.payment_intents.list().data[0]
    assert caught.value.error.payment_intent.id == intent.id
    assert intent.status == "requires_payment_method"
    assert types_of(shop) == ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]


def test_an_intent_may_be_confirmed_later(shop: stripe.StripeClient) -> None:
    intent = shop.v1.payment_intents.create({"amount": 2000, "currency": "eur"})
    assert intent.status == "requires_payment_method"
    assert shop.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert caught.value.code == "payment_intent_unexpected_state"


def test_a_canceled_intent_says_why(shop: stripe.StripeClient) -> None:
    intent = shop.v1.payment_intents.create({"amount": 2000, "currency": "eur"})
    canceled = shop.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "duplicate"})
    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "duplicate")


def test_an_intent_of_a_session_is_ended_by_its_session_only(shop: stripe.StripeClient) -> None:
    session = session_of(shop)
    press_pay(session.url, "4000000000000002")
    intent = shop.v1.payment_intents.list().data[0]
    with pytest.raises(stripe.InvalidRequestError, match="created by Checkout"):
        shop.v1.payment_intents.cancel(intent.id)


def test_update_merges_metadata(shop: stripe.StripeClient) -> None:
    intent = shop.v1.payment_intents.create({"amount": 2000, "currency": "eur", "metadata": {"a": "1"}})
    assert shop.v1.payment_intents.update(intent.id, {"metadata": {"b": "2"}}).metadata.to_dict() == {
        "a": "1",
        "b": "2",
    }


@pytest.mark.parametrize(("amount", "code"), [(49, "amount_too_small"), (100_000_000, "amount_too_large")])
def test_amounts_have_bounds(shop: stripe.StripeClient, amount: int, code: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.v1.payment_intents.create({"amount": amount, "currency": "eur"})
    assert caught.value.code == code


def test_no_such_intent(shop: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.v1.payment_intents.retrieve("pi_nothing")
    assert (caught.value.http_status, caught.value.param) == (404, "intent")
    assert caught.value.user_message == "No such payment_intent: 'pi_nothing'"
