"""Products and prices, as far as Checkout needs them."""

import pytest
import stripe

from tests.sandbox.checkout import session_of


def test_a_stored_price_is_paid_through_checkout(shop: stripe.StripeClient) -> None:
    product = shop.v1.products.create({"name": "Pose"})
    price = shop.v1.prices.create({"product": product.id, "unit_amount": 1500, "currency": "eur"})
    assert session_of(shop, line_items=[{"price": price.id, "quantity": 2}]).amount_total == 3000
    assert [one.id for one in shop.v1.prices.list().data] == [price.id]
    assert [one.name for one in shop.v1.products.list().data] == ["Pose"]


def test_a_price_needs_its_product(shop: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.v1.prices.create({"product": "prod_nothing", "unit_amount": 1500, "currency": "eur"})
    assert (caught.value.code, caught.value.param) == ("resource_missing", "product")


def test_nobody_bills_through_stripe_here(shop: stripe.StripeClient) -> None:
    listed = shop.v1.invoice_payments.list({"payment": {"type": "payment_intent", "payment_intent": "pi_1"}})
    assert listed.data == []
