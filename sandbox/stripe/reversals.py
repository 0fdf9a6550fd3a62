"""A debit that its debtor takes back, up to eight weeks later: the API tells it as a dispute that is lost at once."""

from sandbox.stripe import disputes
from sandbox.stripe.calls import Call


def take_back(call: Call, name: str) -> None:
    charge = call.get("charge", name, param="charge")
    left = charge["amount"] - charge["amount_refunded"]
    if charge["disputed"] or left == 0:
        return
    dispute = disputes.open_dispute(call, charge, inquiry=False, reason=disputes.DEBIT_TAKEN_BACK, amount=left)
    disputes.end(call, dispute, won=False)
