"""`expand[]`: names replaced by the objects they stand for, along a dotted path."""

from typing import Any

from sandbox.stripe import balance_transactions, checkout_sessions, objects
from sandbox.stripe.calls import Call
from sandbox.stripe.errors import invalid
from sandbox.stripe.listing import listed
from sandbox.stripe.objects import Json

DEEPEST = 4
EXPANDABLE = {
    "balance_transaction",
    "charge",
    "customer",
    "failure_balance_transaction",
    "latest_charge",
    "payment_intent",
    "payment_method",
    "price",
    "product",
    "source",
}
#: Always whole; a path only leads through them.
PASSED = {"data", "total_details"}


def expanded(call: Call, body: Json, paths: list[str]) -> Json:
    """A copy of `body` with every path followed. Raises the API's error for a path that leads nowhere."""
    for path in paths:
        steps = path.split(".")
        if len(steps) > DEEPEST:
            raise invalid(f"You cannot expand more than {DEEPEST} levels of a property. Property: {path}")
        body = follow(call, body, steps, path)
    return body


def follow(call: Call, body: Any, steps: list[str], path: str) -> Any:
    if not steps or body is None:
        return body
    if isinstance(body, list):
        return [follow(call, one, steps, path) for one in body]
    name, rest = steps[0], steps[1:]
    value = included(call, body, name)
    if value is None:
        if name not in body or not (name in EXPANDABLE or (name in PASSED and rest) or name == "data"):
            raise invalid(f"This property cannot be expanded ({name}).", param="expand")
        value = named(call, body[name]) if name in EXPANDABLE else body[name]
    return {**body, name: follow(call, value, rest, path)}


def named(call: Call, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = objects.find(call.db, value, account=call.account, livemode=call.livemode)
    if found is not None and found["object"] == "balance_transaction":
        return balance_transactions.as_of(call.now, found)
    return found if found is not None else value


def included(call: Call, body: Json, name: str) -> Json | list[Json] | None:
    """What an object has but shows on demand only. Nothing here is ever discounted or taxed by the provider."""
    if body.get("object") == "checkout.session" and name == "line_items":
        return checkout_sessions.line_list(body, {})
    if body.get("object") == "charge" and name == "refunds":
        refunds = call.every("refund", charge=body["id"])
        return listed(refunds, {}, f"/v1/charges/{body['id']}/refunds")
    if body.get("object") == "item" and name == "discounts":
        return []
    if "amount_discount" in body and name == "breakdown":
        return {"discounts": [], "taxes": []}
    return None
