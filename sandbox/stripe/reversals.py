"""A debit that its debtor takes back, up to eight weeks later: the API tells it as a dispute that is lost at once."""

from sandbox.stripe import balance_transactions
from sandbox.stripe.calls import Call
from sandbox.stripe.events import emit
from sandbox.stripe.ids import new_id
from sandbox.stripe.objects import Json

DISPUTE_FEE = 750


def take_back(call: Call, name: str) -> None:
    charge = call.get("charge", name, param="charge")
    left = charge["amount"] - charge["amount_refunded"]
    if charge["disputed"] or left == 0:
        return
    dispute = call.add(as_object(call, charge, left))
    movement = balance_transactions.record(call, kind="adjustment", amount=-left, fee=DISPUTE_FEE, source=dispute)
    dispute["balance_transactions"] = [movement]
    call.save(dispute)
    charge.update(disputed=True)
    call.save(charge)
    for kind in ("created", "funds_withdrawn", "closed"):
        emit(call, f"charge.dispute.{kind}", dispute)


def as_object(call: Call, charge: Json, amount: int) -> Json:
    return {
        "id": new_id("dp_1"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": call.now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": None,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": False,
        "livemode": call.livemode,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": None,
        "reason": "debit_not_authorized",
        "status": "lost",
    }
