"""What becomes of the money that a dispute took for good: carried where the choice says, kept, and told."""

from datetime import datetime

from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.models import Invoice
from reglo.payments.models import Dispute
from reglo.payments.services.carry_loss import carry_loss
from reglo.payments.states import DisputeOutcome


def decide_loss(
    *, dispute: Dispute, invoices: list[Invoice], outcome: DisputeOutcome, now: datetime, actor_id: int | None = None
) -> None:
    """In the caller's transaction and locks; the caller then settles the documents."""
    assert dispute.awaits_choice, "a loss is decided once"
    payer = invoices[0]
    dispute.outcome = outcome
    carry_loss(
        dispute=dispute,
        invoices=invoices,
        amount_minor=dispute.withdrawn_minor,
        currency=dispute.withdrawn_currency,
        day=now.astimezone(payer.company.zone).date(),
        source=f"dispute:{dispute.pk}",
        now=now,
    )
    dispute.outcome_at, dispute.outcome_by_id = now, actor_id
    dispute.save(update_fields=["outcome", "outcome_at", "outcome_by", "lost_minor"])
    record(
        kind=Kind.DISPUTE_SETTLED,
        company_id=dispute.company_id,
        subject=dispute.payment,
        actor_id=actor_id,
        now=now,
        content={
            "number": payer.number,
            "outcome": dispute.outcome,
            "amount_minor": dispute.withdrawn_minor,
            "currency": dispute.withdrawn_currency,
        },
    )
