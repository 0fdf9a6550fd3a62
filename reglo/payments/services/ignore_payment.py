"""*Ignorer* a payment without invoice: it stays a fact, out of the books and out of the list, with its reason."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.payments.locks import lock_unmatched_payment
from reglo.payments.models import UnmatchedPayment
from reglo.payments.states import UnmatchedState


def ignore_payment(
    *, company_id: int, unmatched_id: UUID, reason: str, now: datetime, actor_id: int | None = None
) -> UnmatchedPayment:
    """Twice is once, with the first reason. Raises UnmatchedPaymentDecided once it is attached."""
    with transaction.atomic():
        unmatched = lock_unmatched_payment(company_id=company_id, unmatched_id=unmatched_id)
        if unmatched.state == UnmatchedState.IGNORED:
            return unmatched
        unmatched.move_to(UnmatchedState.IGNORED)
        unmatched.reason, unmatched.decided_at, unmatched.decided_by_id = reason[:200], now, actor_id
        unmatched.save(update_fields=["state", "reason", "decided_at", "decided_by"])
        record(
            kind=Kind.PAYMENT_IGNORED,
            company_id=company_id,
            subject=unmatched,
            now=now,
            actor_id=actor_id,
            content={"reason": unmatched.reason},
        )
    return unmatched
