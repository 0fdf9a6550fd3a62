"""The part that every movement of money shares: which documents it settles, and its one ledger entry.

Called inside the caller's transaction, under the locks of the invoices.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Sum

from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import apply_settlement
from reglo.invoicing.states import InvoiceStatus
from reglo.ledger.services import post_entry
from reglo.payments.accounting import SettledPart, movement_postings, place_of
from reglo.payments.models import Allocation, AttemptLine, Payment, Refund
from reglo.payments.states import AttemptState, RefundState


def settled_by_allocations(invoice: Invoice) -> int:
    """What our rows say is settled, in minor units."""
    total = Allocation.objects.filter(invoice=invoice).aggregate(total=Sum("amount_minor", default=0))["total"]
    return int(total)


def allocate(
    payment: Payment, invoices: Sequence[Invoice], *, amount_minor: int, now: datetime, refund: Refund | None = None
) -> list[SettledPart]:
    """Settle the `invoices` with `amount_minor` of the payment, in their order, never beyond what each still owes.

    A credited invoice and one in another currency take nothing: what is left over is *trop-perçu*.
    """
    left = amount_minor
    parts = []
    for invoice in invoices:
        if invoice.status != InvoiceStatus.ISSUED or invoice.currency != payment.currency:
            continue
        settled = settled_by_allocations(invoice)
        part = min(left, invoice.gross_minor - settled)
        if part > 0:
            parts.append(SettledPart(invoice, part, settled))
            left -= part
    _write(payment, parts, now, refund)
    return parts


def release(
    payment: Payment, invoices: Sequence[Invoice], *, amount_minor: int, now: datetime, refund: Refund
) -> list[SettledPart]:
    """Take `amount_minor` of the payment back: from its *trop-perçu* first, then from what it settled, last first."""
    allocated = {
        row["invoice_id"]: int(row["total"])
        for row in payment.allocations.values("invoice_id").annotate(total=Sum("amount_minor"))
    }
    refunded = payment.refunds.filter(state=RefundState.SUCCEEDED).exclude(id=refund.id)
    gone = int(refunded.aggregate(total=Sum("amount_minor", default=0))["total"])
    left = amount_minor - (payment.amount_minor - gone - sum(allocated.values()))
    parts = []
    for invoice in reversed(invoices):
        part = min(left, allocated.get(invoice.id, 0))
        if part > 0:
            parts.append(SettledPart(invoice, -part, settled_by_allocations(invoice)))
            left -= part
    _write(payment, parts, now, refund)
    return parts


def post_movement(
    payment: Payment,
    parts: Sequence[SettledPart],
    *,
    payer: Invoice,
    amount_minor: int,
    entry_date: date,
    label: str,
    source: str,
    now: datetime,
) -> None:
    """The one entry of a movement, in the company's currency; `amount_minor` is negative for money going out."""
    surplus = amount_minor - sum(part.amount_minor for part in parts)
    _place, journal = place_of(payment)
    post_entry(
        company_id=payment.company_id,
        journal=journal,
        entry_date=entry_date,
        piece=payer.number or str(payment.id),
        piece_date=entry_date,
        label=label[:200],
        source=source,
        postings=movement_postings(payment, parts, amount_minor=amount_minor, surplus_minor=surplus, payer=payer),
        now=now,
    )


def announce(
    payment: Payment, parts: Sequence[SettledPart], *, payer: Invoice, now: datetime, actor_id: int | None = None
) -> None:
    """Record that the payment is in the books."""
    record(
        kind=Kind.PAYMENT_RECORDED,
        company_id=payment.company_id,
        subject=payment,
        now=now,
        actor_id=actor_id,
        content={
            "number": payer.number,
            "amount_minor": payment.amount_minor,
            "currency": payment.currency,
            "method": payment.method,
            "surplus_minor": payment.amount_minor - sum(part.amount_minor for part in parts),
            **_asked_otherwise(payment),
        },
    )


def _asked_otherwise(payment: Payment) -> dict[str, int | str]:
    """What its attempt asked for, where something else came: the provider's word is booked, and a person is told."""
    attempt = payment.attempt
    if attempt is None or attempt.amount == payment.amount:
        return {}
    return {"asked_minor": attempt.amount_minor, "asked_currency": attempt.currency}


def settle(invoice: Invoice, *, now: datetime) -> None:
    """Tell the invoice what our rows add up to."""
    if invoice.status == InvoiceStatus.DRAFT:
        return
    pending = AttemptLine.objects.filter(invoice=invoice, attempt__state=AttemptState.PROCESSING).aggregate(
        total=Sum("amount_minor", default=0)
    )["total"]
    apply_settlement(
        invoice=invoice,
        settled_minor=settled_by_allocations(invoice),
        pending_minor=int(pending),
        disputed_minor=0,
        now=now,
    )


def _write(payment: Payment, parts: Sequence[SettledPart], now: datetime, refund: Refund | None) -> None:
    Allocation.objects.bulk_create(
        Allocation(
            payment=payment,
            company_id=payment.company_id,
            invoice=part.invoice,
            refund=refund,
            amount_minor=part.amount_minor,
            allocated_at=now,
        )
        for part in parts
    )
