"""Stripe's disputes in our words. Money is what their balance transactions say, whatever their status."""

from datetime import UTC, datetime

import stripe

from reglo.payments.providers.contract import RightMissing
from reglo.payments.providers.facts import DisputeFact, DisputeMove, DisputeStanding
from reglo.payments.providers.stripe.amounts import from_stripe

# An appeal follows a loss: it is the bank's to judge again. A dispute that was prevented ended without a contest.
_STANDINGS = {
    "warning_needs_response": DisputeStanding.INQUIRY,
    "warning_under_review": DisputeStanding.INQUIRY,
    "warning_closed": DisputeStanding.CLOSED,
    "needs_response": DisputeStanding.OPEN,
    "under_review": DisputeStanding.UNDER_REVIEW,
    "appeal_needs_response": DisputeStanding.UNDER_REVIEW,
    "appeal_under_review": DisputeStanding.UNDER_REVIEW,
    "won": DisputeStanding.WON,
    "lost": DisputeStanding.LOST,
    "prevented": DisputeStanding.CLOSED,
}


def retrieve(client: stripe.StripeClient, dispute: str, expand: list[str]) -> stripe.Dispute:
    """Raises RightMissing where the key may not read disputes: the question waits for that right."""
    try:
        return client.v1.disputes.retrieve(dispute, {"expand": expand})
    except stripe.PermissionError as error:
        raise RightMissing from error


def of_charge(client: stripe.StripeClient, charge: stripe.Charge) -> tuple[DisputeFact, ...]:
    """None where the key may not read them: the daily check tells so, and the payment itself is not held back."""
    if not charge.disputed:
        return ()
    try:
        listed = client.v1.disputes.list({"charge": charge.id, "limit": 100})
    except stripe.PermissionError:
        return ()
    return tuple(fact(dispute, charge) for dispute in listed.data)


def standing_of(dispute: stripe.Dispute) -> DisputeStanding:
    return _STANDINGS.get(dispute.status, DisputeStanding.UNKNOWN)


def fact(dispute: stripe.Dispute, charge: stripe.Charge) -> DisputeFact:
    due = dispute.evidence_details.due_by  # zero where the bank takes no answer
    return DisputeFact(
        id=dispute.id,
        payment_id=charge.id,
        money=from_stripe(dispute.amount, dispute.currency),
        at=datetime.fromtimestamp(dispute.created, tz=UTC),
        standing=standing_of(dispute),
        reason=dispute.reason,
        evidence_due=datetime.fromtimestamp(due, tz=UTC) if due else None,
        moves=tuple(_move(movement) for movement in dispute.balance_transactions),
        refundable=dispute.is_charge_refundable,
    )


def _move(movement: stripe.BalanceTransaction) -> DisputeMove:
    return DisputeMove(
        id=movement.id,
        money=from_stripe(movement.amount, movement.currency),
        fee=from_stripe(movement.fee, movement.currency),
        at=datetime.fromtimestamp(movement.created, tz=UTC),
    )
