"""*Annuler*, after *Ignorer*: the payment waits for its invoice again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.payments.locks import lock_unmatched_payment
from reglo.payments.models import UnmatchedPayment
from reglo.payments.states import UnmatchedState


def unignore_payment(
    *, company_id: int, unmatched_id: UUID, now: datetime, actor_id: int | None = None
) -> UnmatchedPayment:
    """Twice is once. Raises UnmatchedPaymentDecided once it is attached."""
    with transaction.atomic():
        unmatched = lock_unmatched_payment(company_id=company_id, unmatched_id=unmatched_id)
        if unmatched.state == UnmatchedState.OPEN:
            return unmatched
        unmatched.move_to(UnmatchedState.OPEN)
        unmatched.reason, unmatched.decided_at, unmatched.decided_by = "", None, None
        unmatched.save(update_fields=["state", "reason", "decided_at", "decided_by"])
        record(kind=Kind.PAYMENT_UNIGNORED, company_id=company_id, subject=unmatched, now=now, actor_id=actor_id)
    return unmatched
