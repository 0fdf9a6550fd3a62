"""What follows events, and what is done by the clock. Each is safe to run twice."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from reglo.events.models import Event
from reglo.events.reactions import together
from reglo.payments import services
from reglo.payments.models import AttemptLine, Payment
from reglo.payments.states import AttemptState


@together
def apply_received(*, events: Sequence[Event], now: datetime) -> dict[int, Exception]:
    """After `provider.event_received`."""
    named = {UUID(event.subject_id): event.id for event in events}
    failures = services.apply_events(provider_event_ids=list(named), now=now)
    return {named[notice]: error for notice, error in failures.items()}


def close_outgrown_attempts(*, event: Event, now: datetime) -> None:
    """After `payment.recorded`, `payment.refunded`: a page open, or opening, for another amount than owed is closed."""
    payment = Payment.objects.get(id=event.subject_id)
    invoice_ids = payment.allocations.values_list("invoice_id", flat=True)
    open_lines = AttemptLine.objects.filter(
        invoice_id__in=list(invoice_ids), open=True, attempt__state__in=[AttemptState.UNKNOWN, AttemptState.OPEN]
    ).select_related("invoice__settlement")
    for line in open_lines:
        if line.amount_minor != line.invoice.settlement.remaining_minor:
            services.close_attempt(attempt_id=line.attempt_id, now=now)


def forget_old_bodies(*, now: datetime) -> None:
    """Every day."""
    services.prune_inbox(now=now)


def sweep(*, now: datetime) -> None:
    """Every ten minutes."""
    services.sweep(now=now)


def check_accounts(*, now: datetime) -> None:
    """Every day."""
    services.check_accounts(now=now)
