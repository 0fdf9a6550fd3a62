"""Disputed money that is gone for good leaves the disputed account: for the debt that reopens, or for the losses."""

from collections.abc import Sequence
from datetime import date, datetime

from reglo.invoicing.models import Invoice
from reglo.ledger.services import post_entry
from reglo.ledger.states import Journal
from reglo.payments.accounting import SettledPart, lost_dispute_postings
from reglo.payments.disputed_money import surplus_left
from reglo.payments.models import Dispute
from reglo.payments.services.booking import allocate, release
from reglo.payments.states import DisputeOutcome


def carry_loss(
    *,
    dispute: Dispute,
    invoices: list[Invoice],
    amount_minor: int,
    currency: str,
    day: date,
    source: str,
    now: datetime,
) -> None:
    """Carry `amount_minor` where `dispute.outcome` says; negative: it came back after all, and goes the same way back.

    In the caller's transaction and locks; the caller then saves the dispute, whose row must not count this amount as
    decided before. What was *trop-perçu* is owed to the customer no more; what no document carries is a loss.
    """
    payer = invoices[0]
    if currency != payer.company.currency or not amount_minor:
        return
    carry = _give_up if amount_minor > 0 else _take_back
    parts, lost = carry(dispute, invoices, abs(amount_minor), currency, now)
    dispute.lost_minor += lost
    if surplus := amount_minor - lost + sum(part.amount_minor for part in parts):
        dispute.payment.surplus_minor -= surplus
        dispute.payment.save(update_fields=["surplus_minor"])
    surplus = lost - amount_minor - sum(part.amount_minor for part in parts)
    post_entry(
        company_id=dispute.company_id,
        journal=Journal.GENERAL,
        entry_date=day,
        piece=payer.number or dispute.external_id,
        piece_date=day,
        label=f"{_LABELS[DisputeOutcome(dispute.outcome)]} {payer.number} {payer.customer_name}"[:200],
        source=source,
        postings=lost_dispute_postings(
            parts, amount_minor=amount_minor, surplus_minor=surplus, lost_minor=lost, payer=payer
        ),
        now=now,
    )


_LABELS = {
    DisputeOutcome.RECLAIMED: "Contestation perdue, créance rouverte",
    DisputeOutcome.WRITTEN_OFF: "Contestation perdue, passée en perte",
}


def _give_up(
    dispute: Dispute, invoices: Sequence[Invoice], amount: int, currency: str, now: datetime
) -> tuple[Sequence[SettledPart], int]:
    """What documents it unsettles, and the loss: what is neither *trop-perçu* nor claimed again."""
    payment = dispute.payment
    from_surplus = min(amount, max(0, surplus_left(payment, currency=currency)))
    parts: Sequence[SettledPart] = ()
    if dispute.outcome == DisputeOutcome.RECLAIMED and payment.currency == currency:
        parts = release(payment, invoices, amount_minor=amount, now=now, dispute=dispute)
    return parts, amount - from_surplus + sum(part.amount_minor for part in parts)


def _take_back(
    dispute: Dispute, invoices: Sequence[Invoice], amount: int, currency: str, now: datetime
) -> tuple[Sequence[SettledPart], int]:
    """The loss is made good first, then the documents; the rest is *trop-perçu* again."""
    regained = min(amount, dispute.lost_minor)
    parts: Sequence[SettledPart] = ()
    if dispute.outcome == DisputeOutcome.RECLAIMED and dispute.payment.currency == currency:
        parts = allocate(dispute.payment, invoices, amount_minor=amount - regained, now=now, dispute=dispute)
    return parts, -regained
