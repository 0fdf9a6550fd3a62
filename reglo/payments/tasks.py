"""What follows events, and what is done by the clock. Each is safe to run twice."""

from datetime import datetime
from uuid import UUID

from reglo.events.models import Event
from reglo.money import Money
from reglo.payments import services
from reglo.payments.models import AttemptLine, Payment
from reglo.payments.part_amounts import may_be_charged
from reglo.payments.states import AttemptState


def apply_received(*, event: Event, now: datetime) -> None:
    """After `provider.event_received`."""
    services.apply_event(provider_event_id=UUID(event.subject_id), now=now)


def close_outgrown_attempts(*, event: Event, now: datetime) -> None:
    """After `payment.recorded`, `payment.refunded`: a page, open or opening, for what is owed no more is closed."""
    payment = Payment.objects.get(id=event.subject_id)
    invoice_ids = payment.allocations.values_list("invoice_id", flat=True)
    open_lines = AttemptLine.objects.filter(
        invoice_id__in=list(invoice_ids), open=True, attempt__state__in=[AttemptState.UNKNOWN, AttemptState.OPEN]
    ).select_related("invoice__settlement")
    for line in open_lines:
        if not may_be_charged(line.invoice, Money(line.amount_minor, line.invoice.currency)):
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
