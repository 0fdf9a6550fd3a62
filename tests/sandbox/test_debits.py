"""Bank debits by the virtual clock: asked for today, answered in five days, perhaps taken back a month later."""

from typing import Any

import pytest
import requests
import stripe

from sandbox.server import RunningSandbox
from tests.sandbox.checkout import session_of, types_of

ARRIVES, REFUSED = "FR1420041010050500013M02606", "FR8420041010050500013M02607"
EMPTY, TAKEN_BACK = "FR6120041010050500013M22227", "FR5720041010050500013M02608"


def debit(world: RunningSandbox, shop: stripe.StripeClient, iban: str) -> Any:
    session = session_of(shop, allowed_payment_method_types=["card", "sepa_debit"])
    answer = requests.post(f"{world.url}/_control/sessions/{session.id}/pay", json={"iban": iban}, timeout=10)
    assert answer.json()["result"] == "processing"
    return session


def days_later(world: RunningSandbox, days: float) -> None:
    world.world.clock.set_offset(world.world.clock.offset() + round(days * 86_400))
    world.deliver()


def test_the_bank_answers_after_five_days_and_not_before(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    session = debit(world, shop, ARRIVES)

    days_later(world, 4.9)
    assert shop.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    days_later(world, 0.2)

    assert shop.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert types_of(shop)[-4:] == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.async_payment_succeeded",
        "charge.updated",
    ]


def test_the_money_is_dated_of_its_arrival(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    debit(world, shop, ARRIVES)
    days_later(world, 12)  # two chores of the same week, each at its own moment

    charge = shop.v1.charges.list({"expand": ["data.balance_transaction"]}).data[0]

    assert isinstance(charge.balance_transaction, stripe.BalanceTransaction)
    assert charge.balance_transaction.created - charge.created == 5 * 86_400 + 1
    assert charge.balance_transaction.fee == 35


@pytest.mark.parametrize(("iban", "code"), [(REFUSED, "debit_not_authorized"), (EMPTY, "insufficient_funds")])
def test_a_refusal_says_why(world: RunningSandbox, shop: stripe.StripeClient, iban: str, code: str) -> None:
    session = debit(world, shop, iban)
    days_later(world, 5)

    seen = shop.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})

    assert isinstance(seen.payment_intent, stripe.PaymentIntent)
    assert isinstance(seen.payment_intent.latest_charge, stripe.Charge)
    assert (seen.status, seen.payment_status, seen.payment_intent.status) == (
        "complete",
        "unpaid",
        "requires_payment_method",
    )
    assert seen.payment_intent.latest_charge.failure_code == code
    assert types_of(shop)[-1] == "checkout.session.async_payment_failed"


def test_a_debit_is_taken_back_a_month_after_it_arrived(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    debit(world, shop, TAKEN_BACK)
    days_later(world, 34)
    assert not shop.v1.charges.list().data[0].disputed

    days_later(world, 2)

    assert shop.v1.charges.list().data[0].disputed
    assert [kind for kind in types_of(shop) if "dispute" in kind] == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.closed",
    ]
    told = shop.v1.events.list({"type": "charge.dispute.closed"}).data[0].to_dict()["data"]["object"]
    assert (told["status"], told["reason"], told["amount"]) == ("lost", "debit_not_authorized", 124_000)
    assert [one["amount"] for one in told["balance_transactions"]] == [-124_000]


def test_a_debit_answered_by_hand_is_not_answered_again(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    session = debit(world, shop, REFUSED)
    intent = shop.v1.checkout.sessions.retrieve(session.id).payment_intent
    requests.post(f"{world.url}/_control/debits/{intent}/end", json={"arrived": True}, timeout=10)
    told = types_of(shop)

    days_later(world, 5)

    assert [kind for kind in types_of(shop) if not kind.startswith("payout")] == [*told, "charge.updated"]


def test_the_page_fills_a_test_iban_in(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    session = session_of(shop, allowed_payment_method_types=["card", "sepa_debit"])

    page = requests.post(session.url, data={"fill_iban": TAKEN_BACK}, timeout=10).text

    assert "Ou par prélèvement SEPA" in page
    assert f'value="{TAKEN_BACK}"' in page
    assert "repris un mois plus tard" in page
    assert shop.v1.payment_intents.list().data == []
