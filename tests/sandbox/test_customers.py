"""Customers of an account."""

import pytest
import stripe

from tests.sandbox.checkout import press_pay, session_of, types_of


def test_a_customer_is_made_found_changed_and_removed(shop: stripe.StripeClient) -> None:
    made = shop.v1.customers.create({"name": "Claire", "email": "claire@example.com", "metadata": {"a": "1"}})
    assert [one.id for one in shop.v1.customers.list({"email": "claire@example.com"}).data] == [made.id]
    changed = shop.v1.customers.update(made.id, {"name": "Claire Martin", "metadata": {"a": "", "b": "2"}})
    assert (changed.name, changed.metadata.to_dict()) == ("Claire Martin", {"b": "2"})
    assert shop.v1.customers.delete(made.id).deleted is True
    with pytest.raises(stripe.InvalidRequestError):
        shop.v1.customers.retrieve(made.id)
    assert types_of(shop) == ["customer.created", "customer.updated", "customer.deleted"]


def test_a_session_of_a_customer_knows_the_address(shop: stripe.StripeClient) -> None:
    customer = shop.v1.customers.create({"email": "claire@example.com"})
    session = session_of(shop, customer=customer.id)
    press_pay(session.url, email="")
    assert shop.v1.charges.list({"customer": customer.id}).data[0].billing_details.email == "claire@example.com"
