"""Disputes: a payer's bank asks questions, or takes the money back until it has decided."""

from typing import Any

from sandbox.stripe import balance_transactions
from sandbox.stripe.calls import Call
from sandbox.stripe.cards import Card
from sandbox.stripe.errors import StripeError, invalid
from sandbox.stripe.events import emit
from sandbox.stripe.ids import new_id
from sandbox.stripe.listing import listed
from sandbox.stripe.objects import Json
from sandbox.stripe.parameters import PAGING, Boolean, Field, Group, Metadata, Text

#: What a French account pays for a dispute, in cents, kept even where it wins.
FEE = 20_00
DEBIT_FEE = 7_50
DEBIT_TAKEN_BACK = "debit_not_authorized"
DAYS_TO_ANSWER = 14
REASONS = (
    "bank_cannot_process",
    "check_returned",
    "credit_not_processed",
    "customer_initiated",
    "debit_not_authorized",
    "duplicate",
    "fraudulent",
    "general",
    "incorrect_account_details",
    "insufficient_funds",
    "noncompliant",
    "product_not_received",
    "product_unacceptable",
    "subscription_canceled",
    "unrecognized",
)
#: In the evidence, these words decide at once, as in the real test mode.
VERDICTS = {"winning_evidence": True, "losing_evidence": False}
EVIDENCE = (
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
)
UPDATE: dict[str, Field] = {
    "evidence": Group({name: Text(may_unset=True, longest=20_000) for name in EVIDENCE}),
    "metadata": Metadata(),
    "submit": Boolean(),
}
LIST: dict[str, Field] = {**PAGING, "charge": Text(), "payment_intent": Text()}
INQUIRIES = {"warning_needs_response", "warning_under_review"}
OPEN = {"needs_response", "under_review"}
ANSWERABLE = {"warning_needs_response", "needs_response"}


def open_by_card(call: Call, charge: Json, card: Card) -> None:
    """Some test cards dispute what they paid, at once."""
    if card.contests:
        open_dispute(call, charge, inquiry=card.contests == "inquiry", reason=card.reason)


def open_dispute(call: Call, charge: Json, *, inquiry: bool, reason: str, amount: int | None = None) -> Json:
    """The bank asks (`inquiry`), or takes `amount` back: the whole charge unless told otherwise."""
    dispute = call.add(as_object(call, charge, inquiry=inquiry, reason=reason, amount=amount or charge["amount"]))
    before = {"disputed": charge["disputed"]}
    charge["disputed"] = True
    call.save(charge)
    emit(call, "charge.dispute.created", dispute)
    emit(call, "charge.updated", charge, before=before)
    if not inquiry:
        withdraw(call, dispute)
    return dispute


def escalate(call: Call, dispute: Json) -> Json:
    """The bank is not satisfied: its question becomes a dispute."""
    before = {"status": dispute["status"], "is_charge_refundable": dispute["is_charge_refundable"]}
    dispute.update(status="needs_response", is_charge_refundable=False)
    if card := (dispute["payment_method_details"] or {}).get("card"):
        card["case_type"] = "chargeback"
    dispute["evidence_details"]["due_by"] = call.now + DAYS_TO_ANSWER * 86_400
    call.save(dispute)
    emit(call, "charge.dispute.updated", dispute, before=before)
    withdraw(call, dispute)
    return dispute


def end(call: Call, dispute: Json, *, won: bool) -> Json:
    """The bank decides; a question that was answered well is closed."""
    if dispute["status"] in INQUIRIES:
        dispute["status"] = "warning_closed"
    else:
        dispute["status"] = "won" if won else "lost"
    call.save(dispute)
    emit(call, "charge.dispute.closed", dispute)
    if dispute["status"] == "won":
        move(call, dispute, amount=dispute["amount"], fee=0, what="reversal")
        emit(call, "charge.dispute.funds_reinstated", dispute)
    return dispute


def withdraw(call: Call, dispute: Json) -> None:
    fee = DEBIT_FEE if dispute["reason"] == DEBIT_TAKEN_BACK else FEE
    move(call, dispute, amount=-dispute["amount"], fee=fee, what="withdrawal")
    emit(call, "charge.dispute.funds_withdrawn", dispute)


def move(call: Call, dispute: Json, *, amount: int, fee: int, what: str) -> None:
    movement = balance_transactions.record(
        call,
        kind="adjustment",
        amount=amount,
        fee=fee,
        source={**dispute, "description": f"Chargeback {what} for {dispute['charge']}"},
        category="dispute" if amount < 0 else "dispute_reversal",
        fee_description="Dispute fee",
    )
    dispute["balance_transactions"].append(movement)
    call.save(dispute)


def close_questions(call: Call, charge: Json) -> None:
    """What was wholly refunded is asked about no more."""
    for dispute in call.every("dispute", charge=charge["id"]):
        if dispute["status"] in INQUIRIES:
            end(call, dispute, won=True)


def refuse_refund(call: Call, charge: Json) -> None:
    """Raises the API's error while the bank holds the money, and after it kept it."""
    held = [one for one in call.every("dispute", charge=charge["id"]) if not one["is_charge_refundable"]]
    if any(one["status"] in OPEN or one["status"] == "lost" for one in held):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise invalid(message, code="charge_disputed")


def as_object(call: Call, charge: Json, *, inquiry: bool, reason: str, amount: int) -> Json:
    card = charge["payment_method_details"].get("card")
    details: Json | None = None  # of a card alone: a bank debit has none
    if card:
        told = {
            "brand": card["brand"],
            "case_type": "inquiry" if inquiry else "chargeback",
            "network": card["network"],
            "network_reason_code": "83",
        }
        details = {"type": "card", "card": told}
    return {
        "id": new_id("dp_1"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": call.now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": call.now + DAYS_TO_ANSWER * 86_400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "intended_submission_method": "manual",
        "is_charge_refundable": inquiry,
        "livemode": call.livemode,
        "metadata": {},
        "network_reason_code": "83" if card else None,
        "payment_intent": charge["payment_intent"],
        "payment_method_details": details,
        "reason": reason,
        "status": "warning_needs_response" if inquiry else "needs_response",
    }


def shown(call: Call, dispute: Json) -> Json:
    """Its movements become available by the passing of time alone."""
    movements = [balance_transactions.as_of(call.now, one) for one in dispute["balance_transactions"]]
    return {**dispute, "balance_transactions": movements}


def retrieve(call: Call, given: dict[str, Any], name: str) -> Json:
    return shown(call, call.get("dispute", name, param="dispute"))


def all_disputes(call: Call, given: dict[str, Any]) -> Json:
    where = {name: given[name] for name in ("charge", "payment_intent") if name in given}
    return listed([shown(call, one) for one in call.every("dispute", **where)], given, "/v1/disputes")


def update(call: Call, given: dict[str, Any], name: str) -> Json:
    """Evidence, handed in at once unless `submit` is false."""
    dispute = call.get("dispute", name, param="dispute")
    dispute["metadata"] = {**dispute["metadata"], **given.get("metadata", {})}
    if "evidence" in given:
        answer(call, dispute, given["evidence"], submit=given.get("submit", True))
    else:
        call.save(dispute)
        emit(call, "charge.dispute.updated", dispute, before={})
    return shown(call, dispute)


def answer(call: Call, dispute: Json, evidence: Json, *, submit: bool) -> None:
    if dispute["status"] not in ANSWERABLE:
        raise not_answerable(dispute)
    before: Json = {"status": dispute["status"]}
    dispute["evidence"].update(evidence)
    dispute["evidence_details"]["has_evidence"] = True
    if submit:
        dispute["status"] = dispute["status"].replace("needs_response", "under_review")
        dispute["evidence_details"].update(submission_count=1, submission_method="manual")
    call.save(dispute)
    emit(call, "charge.dispute.updated", dispute, before=before)
    verdict = VERDICTS.get(dispute["evidence"]["uncategorized_text"] or "")
    if submit and verdict is not None:
        end(call, dispute, won=verdict)


def close(call: Call, given: dict[str, Any], name: str) -> Json:
    """The seller gives in."""
    dispute = call.get("dispute", name, param="dispute")
    if dispute["status"] not in ANSWERABLE:
        raise not_answerable(dispute)
    return shown(call, end(call, dispute, won=False))


def not_answerable(dispute: Json) -> StripeError:
    return invalid(f"This dispute is already {dispute['status']} and can no longer be changed.")
