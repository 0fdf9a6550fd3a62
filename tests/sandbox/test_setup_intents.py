"""A payment method kept for later: no money moves."""

import pytest
import stripe

from tests.sandbox.checkout import types_of


def test_a_card_is_kept(shop: stripe.StripeClient) -> None:
    intent = shop.v1.setup_intents.create({"payment_method": "pm_card_visa"})
    assert intent.status == "requires_confirmation"

    confirmed = shop.v1.setup_intents.confirm(intent.id)

    assert (confirmed.status, confirmed.usage) == ("succeeded", "off_session")
    assert shop.v1.setup_intents.list().data[0].id == intent.id
    assert shop.v1.charges.list().data == []
    assert types_of(shop) == ["setup_intent.created", "setup_intent.succeeded"]


def test_a_card_that_is_refused_leaves_the_intent_open(shop: stripe.StripeClient) -> None:
    with pytest.raises(stripe.CardError) as refused:
        shop.v1.setup_intents.create({"payment_method": "pm_card_chargeDeclined", "confirm": True})

    assert refused.value.code == "card_declined"
    [intent] = shop.v1.setup_intents.list().data
    assert intent.status == "requires_payment_method"
    assert types_of(shop)[-1] == "setup_intent.setup_failed"


def test_an_intent_ends_once(shop: stripe.StripeClient) -> None:
    intent = shop.v1.setup_intents.create({})
    assert shop.v1.setup_intents.cancel(intent.id).status == "canceled"

    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.v1.setup_intents.confirm(intent.id)

    assert refused.value.code == "setup_intent_unexpected_state"


def test_a_method_belongs_to_one_customer(shop: stripe.StripeClient) -> None:
    claire, paul = (shop.v1.customers.create({"name": name}) for name in ("Claire", "Paul"))
    method = shop.v1.payment_methods.attach("pm_card_visa", {"customer": claire.id})
    assert method.customer == claire.id

    with pytest.raises(stripe.InvalidRequestError):
        shop.v1.payment_methods.attach(method.id, {"customer": paul.id})

    assert shop.v1.payment_methods.detach(method.id).customer is None
    assert types_of(shop)[-2:] == ["payment_method.attached", "payment_method.detached"]
