"""Refunds: never more than what the charge brought."""

from typing import Any

from sandbox.stripe import balance_transactions, disputes
from sandbox.stripe.agenda import later
from sandbox.stripe.calls import Call
from sandbox.stripe.cards import BY_NUMBER, RefundEnd
from sandbox.stripe.errors import invalid
from sandbox.stripe.events import emit
from sandbox.stripe.ids import new_id
from sandbox.stripe.listing import listed
from sandbox.stripe.objects import Json
from sandbox.stripe.parameters import CURRENCIES, PAGING, Choice, Field, Integer, Metadata, Text

CREATE: dict[str, Field] = {
    "amount": Integer(least=1),
    "charge": Text(),
    "metadata": Metadata(),
    "payment_intent": Text(),
    "reason": Choice(("duplicate", "fraudulent", "requested_by_customer")),
}
END_DELAY = 60
UPDATE: dict[str, Field] = {"metadata": Metadata()}
LIST: dict[str, Field] = {**PAGING, "charge": Text(), "payment_intent": Text()}


def create(call: Call, given: dict[str, Any]) -> Json:
    charge = charge_of(call, given)
    left = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = given.get("amount", left)
    if amount > left:
        asked, possible = shown(amount, charge["currency"]), shown(left, charge["currency"])
        message = f"Refund amount ({asked}) is greater than unrefunded amount on charge ({possible})"
        raise invalid(message, param="amount")
    disputes.refuse_refund(call, charge)
    ending = end_of(call, charge)
    refund = record(call, charge, amount, given, status="pending" if ending == "later" else "succeeded")
    before = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    call.save(charge)
    emit(call, "refund.created", refund)
    emit(call, "charge.refunded", charge, before=before)
    if charge["refunded"]:
        disputes.close_questions(call, charge)
    if ending != "at_once":
        kind = "succeed_refund" if ending == "later" else "fail_refund"
        later(call, kind, refund["id"], seconds=END_DELAY)
    return refund


def end_of(call: Call, charge: Json) -> RefundEnd:
    """A bank debit is given back by a transfer, which takes its time."""
    method = call.find("payment_method", charge["payment_method"])
    if method is None or method["type"] != "card":
        return "later"
    return BY_NUMBER[method["_number"]].refunds


def succeed(call: Call, name: str) -> None:
    """The bank took a pending refund."""
    refund = call.find("refund", name)
    if refund is not None and refund["status"] == "pending":
        refund["status"] = "succeeded"
        call.save(refund)
        emit(call, "refund.updated", refund, before={"status": "pending"})


def fail(call: Call, name: str, reason: str = "expired_or_canceled_card") -> None:
    """The bank sends a refund back: its money is in the balance again, and may be given back by another."""
    refund = call.find("refund", name)
    if refund is None or refund["status"] not in {"pending", "succeeded"}:
        return
    charge = call.get("charge", refund["charge"], param="charge")
    movement = balance_transactions.record(call, kind="refund_failure", amount=refund["amount"], fee=0, source=refund)
    refund.update(status="failed", failure_reason=reason, failure_balance_transaction=movement["id"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    call.save(refund)
    call.save(charge)
    emit(call, "refund.failed", refund)


def charge_of(call: Call, given: dict[str, Any]) -> Json:
    if "charge" in given:
        charge = call.get("charge", given["charge"], param="charge")
    elif "payment_intent" in given:
        intent = call.get("payment_intent", given["payment_intent"], param="payment_intent")
        if intent["status"] != "succeeded":
            raise invalid(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
        charge = call.get("charge", intent["latest_charge"], param="payment_intent")
    else:
        message = "One of the following params should be provided for this request: payment_intent or charge."
        raise invalid(message, code="parameter_missing")
    if charge["status"] != "succeeded":
        raise invalid(f"Charge {charge['id']} cannot be refunded because it did not succeed.")
    return charge


def shown(amount: int, currency: str) -> str:
    """1250, "eur" → "€12.50", as the API writes amounts in its messages."""
    digits = CURRENCIES[currency]
    whole, cents = divmod(amount, 10**digits)
    sign = {"eur": "€", "usd": "$", "gbp": "£"}.get(currency, f"{currency.upper()} ")
    return f"{sign}{whole:,}.{cents:0{digits}d}" if digits else f"{sign}{whole:,}"


def record(call: Call, charge: Json, amount: int, given: dict[str, Any], *, status: str) -> Json:
    card = charge["payment_method_details"]["type"] == "card"
    refund: Json = {
        "id": new_id("re_3" if card else "pyr_3"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": call.now,
        "currency": charge["currency"],
        "destination_details": None,
        "metadata": given.get("metadata", {}),
        "payment_intent": charge["payment_intent"],
        "reason": given.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": status,
        "transfer_reversal": None,
    }
    if card:
        reference = {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"}
        refund["destination_details"] = {"card": reference, "type": "card"}
    kind = "refund" if card else "payment_refund"
    movement = balance_transactions.record(call, kind=kind, amount=-amount, fee=0, source=refund, available_on=call.now)
    refund["balance_transaction"] = movement["id"]
    return call.add(refund)


def retrieve(call: Call, given: dict[str, Any], name: str) -> Json:
    return call.get("refund", name, param="id")


def update(call: Call, given: dict[str, Any], name: str) -> Json:
    refund = call.get("refund", name, param="id")
    refund["metadata"] = {**refund["metadata"], **given.get("metadata", {})}
    call.save(refund)
    emit(call, "refund.updated", refund)
    return refund


def all_refunds(call: Call, given: dict[str, Any]) -> Json:
    where = {name: given[name] for name in ("charge", "payment_intent") if name in given}
    return listed(call.every("refund", **where), given, "/v1/refunds")
