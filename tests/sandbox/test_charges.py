"""Charges and what they cost."""

import pytest
import requests
import stripe

from sandbox.server import RunningSandbox
from sandbox.stripe.balance_transactions import card_fee
from tests.sandbox.checkout import press_pay, session_of, types_of


def paid_charge(shop: stripe.StripeClient, amount: int = 124_000) -> stripe.Charge:
    press_pay(session_of(shop, amount).url)
    return shop.v1.charges.list().data[0]


@pytest.mark.parametrize(("amount", "fee"), [(50, 26), (1000, 40), (2000, 55), (124_000, 1885), (33, 25)])
def test_a_european_card_costs_a_part_and_a_quarter(amount: int, fee: int) -> None:
    assert card_fee(amount) == fee


def test_the_fee_is_unknown_at_first_and_told_a_moment_later(shop: stripe.StripeClient, world: RunningSandbox) -> None:
    charge = paid_charge(shop)
    assert charge.balance_transaction is None
    world.deliver()
    told = shop.v1.charges.retrieve(charge.id, {"expand": ["balance_transaction"]}).balance_transaction
    assert isinstance(told, stripe.BalanceTransaction)
    assert (told.amount, told.fee, told.net, told.currency, told.status) == (124_000, 1885, 122_115, "eur", "pending")
    event = shop.v1.events.list({"type": "charge.updated"}).data[0]
    assert event.data.previous_attributes.to_dict() == {"balance_transaction": None}
    assert event.data.object["balance_transaction"] == told.id


def test_the_fee_is_told_once(shop: stripe.StripeClient, world: RunningSandbox) -> None:
    paid_charge(shop)
    world.deliver()
    world.deliver()
    assert types_of(shop).count("charge.updated") == 1


def test_money_becomes_available_by_time(shop: stripe.StripeClient, world: RunningSandbox) -> None:
    paid_charge(shop)
    world.deliver()
    assert shop.v1.balance.retrieve().pending[0].amount == 122_115
    world.world.clock.set_offset(3 * 86_400)
    balance = shop.v1.balance.retrieve()
    assert (balance.available[0].amount, balance.pending[0].amount) == (122_115, 0)
    assert shop.v1.balance_transactions.list().data[0].status == "available"


def test_charges_are_listed_by_intent_newest_first_in_pages(shop: stripe.StripeClient) -> None:
    charges = [paid_charge(shop, amount) for amount in (1000, 2000, 3000)]
    first = shop.v1.charges.list({"limit": 2})
    assert ([one.amount for one in first.data], first.has_more) == ([3000, 2000], True)
    rest = shop.v1.charges.list({"limit": 2, "starting_after": first.data[-1].id})
    assert ([one.amount for one in rest.data], rest.has_more) == ([1000], False)
    back = shop.v1.charges.list({"limit": 2, "ending_before": charges[0].id})
    assert ([one.amount for one in back.data], back.has_more) == ([3000, 2000], False)
    only = shop.v1.charges.list({"payment_intent": str(charges[1].payment_intent)})
    assert [one.id for one in only.data] == [charges[1].id]


def test_the_receipt_page_says_how_it_was_paid(shop: stripe.StripeClient) -> None:
    charge = paid_charge(shop)
    shown = requests.get(str(charge.receipt_url), timeout=10)
    assert "Reçu de 1\u202f240,00\u00a0€" in shown.text
    assert "···· 4242" in shown.text
