"""What happens when a method pays an intent, whoever asked: the hosted page, its API twin, or the intent's own confirm.

A refusal is an outcome, not an exception: it leaves a failed charge and events behind.
"""

from typing import Literal

from sandbox.stripe import charges, disputes
from sandbox.stripe.agenda import later
from sandbox.stripe.calls import Call
from sandbox.stripe.cards import BY_NUMBER, DEBIT_REFUSALS, IBANS, REFUSALS
from sandbox.stripe.events import emit
from sandbox.stripe.ids import new_id
from sandbox.stripe.objects import Json, public

#: When the bank answers a debit, and when a debtor takes one back, in days.
DEBIT_DAYS, REVERSAL_DAYS = 5, 30

Result = Literal["paid", "refused", "challenge", "processing"]

CHALLENGE_PASSED = {
    "authentication_flow": "challenge",
    "electronic_commerce_indicator": "05",
    "exemption_indicator": None,
    "result": "authenticated",
    "result_reason": None,
    "transaction_id": None,
    "version": "2.2.0",
}


def pay(call: Call, intent: Json, method: Json) -> Result:
    """Try to pay `intent` (changed in place and saved) with `method`."""
    intent["payment_method"] = method["id"]
    intent["last_payment_error"] = None
    intent["next_action"] = None
    if method["type"] == "sepa_debit":
        return debit(call, intent, method)
    outcome = BY_NUMBER[method["_number"]].outcome
    if outcome == "succeeds":
        return succeed(call, intent, method)
    if outcome == "challenge":
        return challenge(call, intent)
    return refuse(call, intent, method, "generic_decline" if outcome == "declined" else outcome)


def succeed(call: Call, intent: Json, method: Json) -> Result:
    charge = charges.succeed(call, intent, method)
    intent.update(status="succeeded", amount_received=intent["amount"], latest_charge=charge["id"], next_action=None)
    call.save(intent)
    emit(call, "payment_intent.succeeded", intent)
    disputes.open_by_card(call, charge, BY_NUMBER[method["_number"]])
    return "paid"


def refuse(call: Call, intent: Json, method: Json, decline_code: str) -> Result:
    charge = charges.fail(call, intent, method, decline_code)
    intent.update(status="requires_payment_method", payment_method=None, latest_charge=charge["id"])
    intent["last_payment_error"] = {
        "charge": charge["id"],
        "code": "card_declined",
        "decline_code": decline_code,
        "doc_url": "https://stripe.com/docs/error-codes/card-declined",
        "message": REFUSALS[decline_code],
        "payment_method": public(method),
        "type": "card_error",
    }
    call.save(intent)
    emit(call, "payment_intent.payment_failed", intent)
    return "refused"


def challenge(call: Call, intent: Json) -> Result:
    """The bank wants to see its customer first; `answer_challenge` ends it."""
    intent["status"] = "requires_action"
    intent["next_action"] = {
        "type": "redirect_to_url",
        "redirect_to_url": {"return_url": None, "url": f"{call.base_url}/3ds/{intent['id']}"},
    }
    call.save(intent)
    emit(call, "payment_intent.requires_action", intent)
    return "challenge"


def answer_challenge(call: Call, intent: Json, method: Json, *, authorised: bool) -> Result:
    if authorised:
        intent["_three_d_secure"] = CHALLENGE_PASSED
        return succeed(call, intent, method)
    intent.update(status="requires_payment_method", payment_method=None, next_action=None)
    intent["last_payment_error"] = {
        "code": "payment_intent_authentication_failure",
        "doc_url": "https://stripe.com/docs/error-codes/payment-intent-authentication-failure",
        "message": REFUSALS["authentication"],
        "payment_method": public(method),
        "type": "invalid_request_error",
    }
    call.save(intent)
    emit(call, "payment_intent.payment_failed", intent)
    return "refused"


def debit(call: Call, intent: Json, method: Json) -> Result:
    """A bank debit takes days: the intent is processing until `end_debit`."""
    charge = charges.await_debit(call, intent, method)
    intent.update(status="processing", latest_charge=charge["id"], _iban=method["_number"])
    call.save(intent)
    emit(call, "payment_intent.processing", intent)
    later(call, "debit", intent["id"], days=DEBIT_DAYS)
    return "processing"


def bank_answer(intent: Json) -> str | None:
    """What the bank will say of the debit of an intent that is processing: None for yes, else why not."""
    return IBANS[intent["_iban"]].failure


def end_debit(call: Call, intent: Json, *, failure: str | None) -> Result:
    """The bank answered, with a reason where it refused. Only for an intent that is processing."""
    charge = call.get("charge", intent["latest_charge"], param="charge")
    if failure is None:
        charge.update(status="succeeded", paid=True, amount_captured=charge["amount"])
        charge["receipt_url"] = f"{call.base_url}/receipts/{charge['id']}"
        call.save(charge)
        emit(call, "charge.succeeded", charge)
        charges.settle_later(call, charge["id"])
        intent.update(status="succeeded", amount_received=intent["amount"])
        call.save(intent)
        emit(call, "payment_intent.succeeded", intent)
        if IBANS[intent["_iban"]].taken_back:
            later(call, "reversal", charge["id"], days=REVERSAL_DAYS)
        return "paid"
    charge.update(status="failed", failure_code=failure, failure_message=DEBIT_REFUSALS[failure])
    call.save(charge)
    emit(call, "charge.failed", charge)
    intent.update(status="requires_payment_method", payment_method=None)
    intent["last_payment_error"] = {
        "charge": charge["id"],
        "code": "payment_intent_payment_attempt_failed",
        "message": "The payment failed.",
        "type": "card_error",
    }
    call.save(intent)
    emit(call, "payment_intent.payment_failed", intent)
    return "refused"


def new_secret(intent: str) -> str:
    return f"{intent}_secret_{new_id('x', 25)[2:]}"
