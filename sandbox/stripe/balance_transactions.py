"""Movements of the account's balance, with the fees of a French account."""

from typing import Any

from sandbox.stripe.calls import Call
from sandbox.stripe.errors import invalid
from sandbox.stripe.ids import new_id
from sandbox.stripe.listing import listed
from sandbox.stripe.objects import Json
from sandbox.stripe.parameters import PAGING, Currency, Field, Text

DAYS_UNTIL_AVAILABLE = 3
#: The accountant's word for a type, where it is another.
REPORTED_AS = {
    "payment": "charge",
    "payment_refund": "refund",
    "payout_cancel": "payout_reversal",
    "payout_failure": "payout_reversal",
    "stripe_fee": "fee",
}
LIST: dict[str, Field] = {**PAGING, "currency": Currency(), "payout": Text(), "source": Text(), "type": Text()}


def card_fee(amount: int) -> int:
    """1.5 % and 25 cents for a European card, in cents, halves up."""
    return (amount * 15 + 500) // 1000 + 25


def debit_fee(amount: int) -> int:
    """35 cents for a SEPA debit."""
    return 35


def record(
    call: Call,
    *,
    kind: str,
    amount: int,
    fee: int,
    source: Json,
    category: str | None = None,
    fee_description: str = "Stripe processing fees",
    available_on: int | None = None,
) -> Json:
    """`kind` is one of the API's own types; `amount` is negative for money that leaves.

    `category` names the report it is counted in, where that is not the kind's own. The money is available at the
    third midnight, unless told otherwise.
    """
    if available_on is None:
        available_on = (call.now // 86_400 + DAYS_UNTIL_AVAILABLE) * 86_400
    details = {
        "amount": fee,
        "application": None,
        "currency": source["currency"],
        "description": fee_description,
        "type": "stripe_fee",
    }
    return call.add(
        {
            "id": new_id("txn_1"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": available_on,
            "balance_type": "payments",
            "created": call.now,
            "currency": source["currency"],
            "description": source.get("description"),
            "exchange_rate": None,
            "fee": fee,
            "fee_details": [details] if fee else [],
            "net": amount - fee,
            "reporting_category": category or REPORTED_AS.get(kind, kind),
            "source": source["id"],
            "status": "pending",
            "type": kind,
            "_payout": None,
        }
    )


def as_of(now: int, movement: Json) -> Json:
    """A movement becomes available by the passing of time alone."""
    return {**movement, "status": "available" if now >= movement["available_on"] else "pending"}


def retrieve(call: Call, given: dict[str, Any], name: str) -> Json:
    return as_of(call.now, call.get("balance_transaction", name, param="id"))


def all_movements(call: Call, given: dict[str, Any]) -> Json:
    """`payout`: what an automatic payout is made of, its own movement included."""
    where: dict[str, Any] = {name: given[name] for name in ("currency", "source", "type") if name in given}
    if "payout" in given:
        payout = call.get("payout", given["payout"], param="payout", status=400)
        if not payout["automatic"]:
            message = "Balance transaction history can only be filtered on automatic transfers, not manual."
            raise invalid(message, param="payout")
        where["_payout"] = payout["id"]
    found = [as_of(call.now, movement) for movement in call.every("balance_transaction", **where)]
    return listed(found, given, "/v1/balance_transactions")


def balance(call: Call, given: dict[str, Any]) -> Json:
    """What the movements add up to, for each currency."""
    totals: dict[str, dict[str, int]] = {"eur": {"available": 0, "pending": 0}}
    for movement in call.every("balance_transaction"):
        currency = totals.setdefault(movement["currency"], {"available": 0, "pending": 0})
        currency[as_of(call.now, movement)["status"]] += movement["net"]
    shown: Json = {"object": "balance", "livemode": call.livemode}
    for state in ("available", "pending"):
        shown[state] = [
            {"amount": amounts[state], "currency": currency, "source_types": {"card": amounts[state]}}
            for currency, amounts in totals.items()
        ]
    return shown
