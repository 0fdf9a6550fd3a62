"""Payouts: the available balance sent to the seller's bank, by the day or when asked.

An automatic payout takes every movement that is available and is made of them; a manual one takes an amount.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

from sandbox.stripe import accounts, balance_transactions
from sandbox.stripe.agenda import later
from sandbox.stripe.calls import Call
from sandbox.stripe.errors import invalid
from sandbox.stripe.events import emit
from sandbox.stripe.ids import new_id
from sandbox.stripe.listing import listed, within
from sandbox.stripe.objects import Json
from sandbox.stripe.parameters import PAGING, Between, Choice, Currency, Field, Integer, Metadata, Text

DAY = 86_400
#: An automatic payout can be taken apart that long after it was made, in seconds.
RECONCILED_AFTER = 3600
#: Why a bank sends a payout back, as the API says it.
FAILURES = {
    "account_closed": "The bank account has been closed.",
    "could_not_process": "The bank could not process this payout.",
    "no_account": "The bank account details on file are probably incorrect. No bank account could be located with "
    "those details.",
}
CREATE: dict[str, Field] = {
    "amount": Integer(required=True, least=1),
    "currency": Currency(required=True),
    "description": Text(),
    "destination": Text(),
    "metadata": Metadata(),
    "method": Choice(("instant", "standard")),
    "source_type": Choice(("bank_account", "card", "fpx")),
    "statement_descriptor": Text(longest=22),
}
UPDATE: dict[str, Field] = {"metadata": Metadata()}
LIST: dict[str, Field] = {
    **PAGING,
    "arrival_date": Between(),
    "destination": Text(),
    "status": Choice(("canceled", "failed", "in_transit", "paid", "pending")),
}


def create(call: Call, given: dict[str, Any]) -> Json:
    """A payout by hand: nobody can tell what it is made of."""
    if given["amount"] > available(call, given["currency"]):
        message = (
            "You have insufficient funds in your Stripe account for this transfer. Your card balance is too low. You "
            "can use the /v1/balance endpoint to view your Stripe balance (for more details, see "
            "stripe.com/docs/api#balance)."
        )
        raise invalid(message, code="balance_insufficient")
    return send(call, given["amount"], given["currency"], automatic=False, given=given)


def available(call: Call, currency: str) -> int:
    movements = call.every("balance_transaction", currency=currency)
    return sum(one["net"] for one in movements if one["available_on"] <= call.now)


def send(call: Call, amount: int, currency: str, *, automatic: bool, given: dict[str, Any]) -> Json:
    """Take `amount` off the balance: it is with the bank tomorrow."""
    payout = call.add(as_object(call, amount, currency, automatic=automatic, given=given))
    movement = balance_transactions.record(
        call, kind="payout", amount=-amount, fee=0, source=payout, available_on=call.now
    )
    if automatic:
        call.save({**movement, "_payout": payout["id"]})
    payout["balance_transaction"] = movement["id"]
    call.save(payout)
    emit(call, "payout.created", payout)
    later(call, "payout_arrives", payout["id"], seconds=payout["arrival_date"] - call.now)
    if automatic:
        later(call, "payout_reconciled", payout["id"], seconds=RECONCILED_AFTER)
    return payout


def as_object(call: Call, amount: int, currency: str, *, automatic: bool, given: dict[str, Any]) -> Json:
    account = accounts.find(call.db, call.account)
    assert account is not None, "a call is made for an account"
    return {
        "id": new_id("po_1"),
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": (call.now // DAY + 1) * DAY,
        "automatic": automatic,
        "balance_transaction": None,
        "created": call.now,
        "currency": currency,
        "description": "STRIPE PAYOUT" if automatic else given.get("description"),
        "destination": given.get("destination", f"ba_1Sandbox{call.account.removeprefix('acct_1Sandbox')}"),
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": call.livemode,
        "metadata": given.get("metadata", {}),
        "method": given.get("method", "standard"),
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "in_progress" if automatic else "not_applicable",
        "reversed_by": None,
        "source_type": given.get("source_type", "card"),
        "statement_descriptor": given.get("statement_descriptor", account["name"].upper()[:22] if automatic else None),
        "status": "in_transit" if automatic else "pending",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    }


def first_of_each_balance(db: sqlite3.Connection, now: int) -> list[str]:
    """A movement of each balance (account, mode, currency) that has money available and not paid out."""
    rows = db.execute(
        "SELECT min(id) AS id FROM objects WHERE kind = 'balance_transaction' "
        "AND json_extract(body, '$._payout') IS NULL AND json_extract(body, '$.available_on') <= ? "
        "GROUP BY account, livemode, json_extract(body, '$.currency') HAVING sum(json_extract(body, '$.net')) > 0",
        (now,),
    ).fetchall()
    return [row["id"] for row in rows]


def pay_out_the_day(call: Call, movement: str) -> None:
    """The automatic payout of today for the balance of `movement`, unless it was made."""
    currency = call.get("balance_transaction", movement, param="id")["currency"]
    made = [one for one in call.every("payout", currency=currency) if one["automatic"]]
    if not made or made[0]["created"] // DAY < call.now // DAY:
        pay_out(call, currency)


def pay_out(call: Call, currency: str, *, pending_too: bool = False) -> Json | None:
    """All that is available, or everything, in an automatic payout; None where that is nothing."""
    movements = [
        one
        for one in call.every("balance_transaction", currency=currency)
        if one["_payout"] is None and (pending_too or one["available_on"] <= call.now)
    ]
    amount = sum(one["net"] for one in movements)
    if amount <= 0:
        return None
    payout = send(call, amount, currency, automatic=True, given={})
    for one in movements:
        call.save({**one, "available_on": min(one["available_on"], call.now), "_payout": payout["id"]})
    return payout


def arrive(call: Call, name: str) -> None:
    """The bank has it. Only what is on its way arrives."""
    payout = call.get("payout", name, param="id")
    if payout["status"] in {"pending", "in_transit"}:
        before = {"status": payout["status"]}
        payout.update(status="paid", trace_id={"status": "supported", "value": f"SEPA{payout['id'][-12:].upper()}"})
        call.save(payout)
        emit(call, "payout.paid", payout, before=before)


def reconcile(call: Call, name: str) -> None:
    """From now on its movements can be listed."""
    payout = call.get("payout", name, param="id")
    if payout["reconciliation_status"] == "in_progress":
        payout["reconciliation_status"] = "completed"
        call.save(payout)
        emit(call, "payout.reconciliation_completed", payout)


def fail(call: Call, name: str, code: str = "account_closed") -> Json:
    """The bank sends it back, even after it was said to be paid: the money is in the balance again."""
    payout = call.get("payout", name, param="id")
    if payout["status"] in {"failed", "canceled"}:
        raise invalid(f"Payout {name} is already {payout['status']}.")
    before = {"status": payout["status"], "failure_code": None}
    payout.update(status="failed", failure_code=code, failure_message=FAILURES[code])
    return give_back(call, payout, "payout_failure", "payout.failed", before)


def cancel(call: Call, given: dict[str, Any], name: str) -> Json:
    payout = call.get("payout", name, param="id")
    if payout["status"] != "pending":
        raise invalid("Payouts can only be canceled while they are pending.", code="payout_reversal_not_allowed")
    payout["status"] = "canceled"
    return give_back(call, payout, "payout_cancel", "payout.canceled", {"status": "pending"})


def give_back(call: Call, payout: Json, kind: str, event: str, before: Json) -> Json:
    movement = balance_transactions.record(
        call, kind=kind, amount=payout["amount"], fee=0, source=payout, available_on=call.now
    )
    payout["failure_balance_transaction"] = movement["id"]
    call.save(payout)
    emit(call, event, payout, before=before)
    return payout


CHORES: dict[str, Callable[[Call, str], None]] = {"payout_arrives": arrive, "payout_reconciled": reconcile}


def retrieve(call: Call, given: dict[str, Any], name: str) -> Json:
    return call.get("payout", name, param="id")


def update(call: Call, given: dict[str, Any], name: str) -> Json:
    payout = call.get("payout", name, param="id")
    payout["metadata"] = {**payout["metadata"], **given.get("metadata", {})}
    call.save(payout)
    emit(call, "payout.updated", payout)
    return payout


def all_payouts(call: Call, given: dict[str, Any]) -> Json:
    where = {name: given[name] for name in ("destination", "status") if name in given}
    bounds = given.get("arrival_date", {})
    found = [one for one in call.every("payout", **where) if within(one["arrival_date"], bounds)]
    return listed(found, given, "/v1/payouts")
