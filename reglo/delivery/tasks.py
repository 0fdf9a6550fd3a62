"""Reactions of the delivery, listed in `config/reactions.py`, and what it does by the clock."""

from datetime import datetime
from uuid import UUID

from reglo.delivery.services import (
    alert_owners,
    prune_sessions,
    send_alert,
    send_message,
    send_receipt,
    send_refusal,
    tell_chain_heads,
)
from reglo.events.models import Event


def send_queued(*, event: Event, now: datetime) -> None:
    """After `message.prepared`: send that mail."""
    assert event.company_id is not None, "every mail has a company"
    send_message(company_id=event.company_id, message_id=UUID(event.subject_id), now=now)


def thank_payer(*, event: Event, now: datetime) -> None:
    """After `payment.recorded`: queue the receipt of that payment."""
    assert event.company_id is not None, "every payment has a company"
    send_receipt(company_id=event.company_id, payment_id=UUID(event.subject_id), now=now)


def tell_refusal(*, event: Event, now: datetime) -> None:
    """After `attempt.failed`: tell the payer that nothing was paid in the end."""
    assert event.company_id is not None, "every attempt has a company"
    send_refusal(company_id=event.company_id, attempt_id=UUID(event.subject_id), now=now)


def alert(*, event: Event, now: datetime) -> None:
    """After what does not wait until somebody opens the product: a mail to each owner."""
    alert_owners(event=event, now=now)


def send_queued_alert(*, event: Event, now: datetime) -> None:
    """After `alert.queued`: send that mail."""
    assert event.company_id is not None, "every alert has a company"
    send_alert(company_id=event.company_id, alert_id=UUID(event.subject_id), now=now)


def tell_heads(*, now: datetime) -> None:
    """Every day."""
    tell_chain_heads(now=now)


def forget_sessions(*, now: datetime) -> None:
    """Every hour."""
    prune_sessions(now=now)
