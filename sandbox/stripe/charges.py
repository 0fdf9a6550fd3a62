"""Charges: one attempt to move money each, kept whether it succeeded or not."""

from typing import Any

from sandbox.stripe import balance_transactions
from sandbox.stripe.agenda import later
from sandbox.stripe.calls import Call
from sandbox.stripe.cards import BYPASSES_PENDING, REFUSALS
from sandbox.stripe.events import emit
from sandbox.stripe.ids import new_id
from sandbox.stripe.listing import listed
from sandbox.stripe.objects import Json
from sandbox.stripe.parameters import PAGING, Field, Metadata, Text

#: The fee is told a moment after the money: that long in seconds.
SETTLEMENT_DELAY = 1
LIST: dict[str, Field] = {**PAGING, "customer": Text(), "payment_intent": Text()}
UPDATE: dict[str, Field] = {"metadata": Metadata(), "description": Text()}


def succeed(call: Call, intent: Json, method: Json) -> Json:
    """The charge of an intent that was paid now; its balance transaction follows."""
    charge = call.add(as_object(call, intent, method, status="succeeded"))
    emit(call, "charge.succeeded", charge)
    if method.get("_number") == BYPASSES_PENDING:
        settle(call, charge["id"], available_on=call.now)
    else:
        settle_later(call, charge["id"])
    return charge


def settle_later(call: Call, charge: str) -> None:
    later(call, "settle", charge, seconds=SETTLEMENT_DELAY)


def fail(call: Call, intent: Json, method: Json, decline_code: str) -> Json:
    charge = as_object(call, intent, method, status="failed")
    charge.update(failure_code="card_declined", failure_message=REFUSALS[decline_code])
    charge["outcome"] = {
        **charge["outcome"],
        "network_status": "declined_by_network",
        "reason": decline_code,
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }
    call.add(charge)
    emit(call, "charge.failed", charge)
    return charge


def await_debit(call: Call, intent: Json, method: Json) -> Json:
    """A bank debit that was asked for and has not arrived."""
    charge = call.add(as_object(call, intent, method, status="pending"))
    emit(call, "charge.pending", charge)
    return charge


def settle(call: Call, name: str, *, available_on: int | None = None) -> None:
    """Tell the fee of a successful charge: its balance transaction, and `charge.updated`."""
    charge = call.find("charge", name)
    if charge is None or charge["balance_transaction"] is not None:
        return
    card = charge["payment_method_details"]["type"] == "card"
    fee = balance_transactions.card_fee(charge["amount"]) if card else balance_transactions.debit_fee(charge["amount"])
    kind = "charge" if card else "payment"
    movement = balance_transactions.record(
        call, kind=kind, amount=charge["amount"], fee=fee, source=charge, available_on=available_on
    )
    charge["balance_transaction"] = movement["id"]
    call.save(charge)
    emit(call, "charge.updated", charge, before={"balance_transaction": None})


def as_object(call: Call, intent: Json, method: Json, *, status: str) -> Json:
    card = method["type"] == "card"
    name = new_id("ch_3" if card else "py_3")
    done = status == "succeeded"
    return {
        "id": name,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if done else 0,
        "amount_refunded": 0,
        "application": intent["application"],
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "SANDBOX",
        "captured": status != "failed",
        "created": call.now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": call.livemode,
        "metadata": intent["metadata"],
        "on_behalf_of": None,
        "outcome": {
            "advice_code": None,
            "network_advice_code": None,
            "network_decline_code": None,
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "risk_score": 12,
            "seller_message": "Payment complete.",
            "type": "authorized",
        },
        "paid": done,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": details_of(intent, method),
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": f"{call.base_url}/receipts/{name}" if done else None,
        "refunded": False,
        "review": None,
        "shipping": intent["shipping"],
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": status,
        "transfer_data": None,
        "transfer_group": None,
    }


def details_of(intent: Json, method: Json) -> Json:
    if method["type"] == "sepa_debit":
        shown = {name: value for name, value in method["sepa_debit"].items() if name != "generated_from"}
        return {"type": "sepa_debit", "sepa_debit": {**shown, "expected_debit_date": None, "mandate": None}}
    card = method["card"]
    shown = {
        name: card[name] for name in ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding")
    }
    return {
        "type": "card",
        "card": {
            **shown,
            "amount_authorized": intent["amount"],
            "authorization_code": None,
            "extended_authorization": {"status": "disabled"},
            "incremental_authorization": {"status": "unavailable"},
            "installments": None,
            "last4": card["last4"],
            "mandate": None,
            "multicapture": {"status": "unavailable"},
            "network": card["brand"],
            "network_token": {"used": False},
            "network_transaction_id": None,
            "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
            "regulated_status": card["regulated_status"],
            "three_d_secure": intent.get("_three_d_secure"),
            "wallet": None,
        },
    }


def retrieve(call: Call, given: dict[str, Any], name: str) -> Json:
    return call.get("charge", name, param="id")


def update(call: Call, given: dict[str, Any], name: str) -> Json:
    charge = call.get("charge", name, param="id")
    metadata = {**charge["metadata"], **given.pop("metadata", {})}
    return call.save({**charge, **given, "metadata": metadata})


def all_charges(call: Call, given: dict[str, Any]) -> Json:
    where = {name: given[name] for name in ("customer", "payment_intent") if name in given}
    return listed(call.every("charge", **where), given, "/v1/charges")
