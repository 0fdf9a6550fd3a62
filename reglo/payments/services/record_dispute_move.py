"""Funds of a dispute that moved: the row, its entry with the provider's fee, its event."""

from datetime import datetime

from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.models import Invoice
from reglo.ledger.services import post_entry
from reglo.ledger.states import Journal
from reglo.payments.accounting import dispute_move_postings
from reglo.payments.models import Dispute, DisputeMove
from reglo.payments.providers import facts
from reglo.payments.services.carry_loss import carry_loss


def record_dispute_move(
    *, dispute: Dispute, invoices: list[Invoice], fact: facts.DisputeMove, now: datetime
) -> DisputeMove:
    """Called once per fact, in the caller's transaction and locks; `dispute.withdrawn_minor` follows.

    Funds that move after the owner's choice go where he sent the others.
    """
    payer = invoices[0]
    move = DisputeMove.objects.create(
        dispute=dispute,
        company_id=dispute.company_id,
        account=dispute.account,
        external_id=fact.id,
        amount_minor=fact.money.minor,
        fee_minor=fact.fee.minor,
        currency=fact.money.currency,
        moved_at=fact.at,
        moved_on=fact.at.astimezone(payer.company.zone).date(),
        recorded_at=now,
    )
    if move.currency == payer.company.currency:
        _post(move, payer, now)
    if dispute.outcome:
        carry_loss(
            dispute=dispute,
            invoices=invoices,
            amount_minor=-move.amount_minor,
            currency=move.currency,
            day=move.moved_on,
            source=f"dispute-settled:{move.pk}",
            now=now,
        )
    dispute.withdrawn_minor -= move.amount_minor
    dispute.withdrawn_currency = move.currency
    dispute.save(update_fields=["withdrawn_minor", "withdrawn_currency", "lost_minor"])
    if move.amount_minor:
        _tell(move, payer, now)
    return move


def _post(move: DisputeMove, payer: Invoice, now: datetime) -> None:
    what = "Paiement contesté" if move.amount_minor < 0 else "Paiement contesté rendu"
    post_entry(
        company_id=move.company_id,
        journal=Journal.PROVIDER,
        entry_date=move.moved_on,
        piece=payer.number or move.external_id,
        piece_date=move.moved_on,
        label=f"{what} {payer.number} {payer.customer_name}"[:200],
        source=f"dispute-move:{move.pk}",
        postings=dispute_move_postings(move.amount_minor, move.fee_minor),
        now=now,
    )


def _tell(move: DisputeMove, payer: Invoice, now: datetime) -> None:
    record(
        kind=Kind.DISPUTE_WITHDRAWN if move.amount_minor < 0 else Kind.DISPUTE_REINSTATED,
        company_id=move.company_id,
        subject=move.dispute.payment,
        now=now,
        content={
            "number": payer.number,
            "amount_minor": abs(move.amount_minor),
            "fee_minor": move.fee_minor,
            "currency": move.currency,
        },
    )
