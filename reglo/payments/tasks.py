"""What follows events, and what is done by the clock. Each is safe to run twice."""

from datetime import datetime
from uuid import UUID

from reglo.events.models import Event
from reglo.payments import services
from reglo.payments.models import AttemptLine, Payment
from reglo.payments.states import AttemptState


def apply_received(*, event: Event, now: datetime) -> None:
    """After `provider.event_received`."""
    services.apply_event(provider_event_id=UUID(event.subject_id), now=now)


def close_outgrown_attempts(*, event: Event, now: datetime) -> None:
    """After `payment.recorded`, `payment.refunded`: a page open, or opening, for another amount than owed is closed."""
    payment = Payment.objects.get(id=event.subject_id)
    _close_outgrown(list(payment.allocations.values_list("invoice_id", flat=True)), now)


def close_credited_attempts(*, event: Event, now: datetime) -> None:
    """After `invoice.credited`: so is a page that asks for what was credited meanwhile."""
    _close_outgrown([int(event.subject_id)], now)


def credit_refunds(*, event: Event, now: datetime) -> None:
    """After `payment.refunded`: the credit note of what it reopened, by the company's policy."""
    assert event.company_id is not None, "every payment has a company"
    services.credit_refunds(company_id=event.company_id, payment_id=UUID(event.subject_id), now=now)


def _close_outgrown(invoice_ids: list[int], now: datetime) -> None:
    open_lines = AttemptLine.objects.filter(
        invoice_id__in=invoice_ids, open=True, attempt__state__in=[AttemptState.UNKNOWN, AttemptState.OPEN]
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
