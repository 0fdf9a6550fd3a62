"""The part that every movement of money shares: which documents it settles, and its one ledger entry.

Called inside the caller's transaction, under the locks of the invoices.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Sum

from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import apply_settlement
from reglo.invoicing.states import InvoiceStatus
from reglo.ledger.services import post_entry
from reglo.ledger.states import Journal
from reglo.payments.accounting import SettledPart, movement_postings, place_of, surplus_postings
from reglo.payments.disputed_money import disputed_on, settled_by, surplus_left
from reglo.payments.locks import lock_losses, lock_payments
from reglo.payments.models import Allocation, AttemptLine, Dispute, Payment, Refund
from reglo.payments.states import AttemptState


def settled_by_allocations(invoice: Invoice) -> int:
    """What our rows say is settled, in minor units."""
    total = Allocation.objects.filter(invoice=invoice).aggregate(total=Sum("amount_minor", default=0))["total"]
    return int(total)


def settled_by_payment(payment: Payment, invoice: Invoice) -> int:
    """What of the invoice the payment settles now, in minor units."""
    parts = payment.allocations.filter(invoice=invoice)
    return int(parts.aggregate(total=Sum("amount_minor", default=0))["total"])


def allocate(
    payment: Payment,
    invoices: Sequence[Invoice],
    *,
    amount_minor: int,
    now: datetime,
    refund: Refund | None = None,
    dispute: Dispute | None = None,
    from_surplus: bool = False,
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
        part = min(left, invoice.settlement.owed_minor - settled)
        if part > 0:
            parts.append(SettledPart(invoice, part, settled))
            left -= part
    _write(payment, parts, now, refund, dispute, from_surplus=from_surplus)
    return parts


def release(
    payment: Payment,
    invoices: Sequence[Invoice],
    *,
    amount_minor: int,
    now: datetime,
    refund: Refund | None = None,
    dispute: Dispute | None = None,
) -> list[SettledPart]:
    """Take `amount_minor` of the payment back: from its *trop-perçu* first, then from what it settled, last first."""
    locked = {invoice.id: invoice for invoice in invoices}
    left = amount_minor - max(0, surplus_left(payment, currency=payment.currency, but=refund))
    parts = []
    for invoice_id, allocated in reversed(settled_by(payment).items()):
        part = min(left, allocated)
        if part > 0:
            invoice = locked[invoice_id]
            parts.append(SettledPart(invoice, -part, settled_by_allocations(invoice)))
            left -= part
    _write(payment, parts, now, refund, dispute)
    return parts


@dataclass(frozen=True, slots=True)
class Settling:
    """A locked payment, what of an invoice it settles (minor units), and its disputes whose loss was written off."""

    payment: Payment
    settled_minor: int
    losses: list[Dispute]


def lock_settling(invoice: Invoice) -> list[Settling]:
    """The payments that settle the invoice and their losses, locked; the last payment first."""
    found = (
        Allocation.objects.filter(invoice=invoice, payment__reverses=None, payment__reversed_by=None)
        .values_list("payment_id")
        .annotate(total=Sum("amount_minor"), last=Max("id"))
        .filter(total__gt=0)
        .order_by("-last")
    )
    totals = {payment_id: int(total) for payment_id, total, _last in found}
    payments = {payment.id: payment for payment in lock_payments(payment_ids=list(totals))}
    losses = lock_losses(payment_ids=list(totals))
    return [
        Settling(payments[payment_id], total, [loss for loss in losses if loss.payment_id == payment_id])
        for payment_id, total in totals.items()
    ]


def free_excess(credit_note: Invoice, settling: Sequence[Settling], *, amount_minor: int, now: datetime) -> None:
    """What a credit note leaves over-settled of its invoice becomes *trop-perçu* of the payments `settling` it, in
    their order; what a bank took of them for good is owed to nobody, and is a loss no more. No money moves, and its VAT
    is the credit note's affair."""
    invoice, day, left, lost = credit_note.corrects, credit_note.issue_date, amount_minor, 0
    assert invoice is not None, "a credit note corrects an invoice"
    assert day is not None, "it is issued"
    for one in settling:
        if part := min(left, one.settled_minor):
            lost += _free(one, invoice, part, now)
            left -= part
    assert not left, "more settled than the allocations say"
    what = "Perte annulée par" if lost else "Trop-perçu après"
    post_entry(
        company_id=invoice.company_id,
        journal=Journal.GENERAL,
        entry_date=day,
        piece=credit_note.number or "",
        piece_date=day,
        label=f"{what} avoir {credit_note.number} {invoice.customer_name}"[:200],
        source=f"credit-surplus:{credit_note.id}",
        postings=surplus_postings(invoice, amount_minor, lost_minor=lost),
        now=now,
    )


def _free(settling: Settling, invoice: Invoice, minor: int, now: datetime) -> int:
    """Unsettle `minor` of the invoice; what of it was a loss until now."""
    payment, left = settling.payment, minor
    for loss in settling.losses:
        if part := min(left, loss.lost_minor):
            _write(payment, [SettledPart(invoice, -part, 0)], now, None, loss)
            loss.lost_minor -= part
            loss.save(update_fields=["lost_minor"])
            left -= part
    if left:
        _write(payment, [SettledPart(invoice, -left, 0)], now, None, None)
        payment.surplus_minor += left
        payment.save(update_fields=["surplus_minor"])
    return minor - left


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
    journal: Journal | None = None,
) -> None:
    """The one entry of a movement, in the company's currency; `amount_minor` is negative for money going out.

    What of it no document takes or gives moves the payment's *trop-perçu*.
    """
    surplus = amount_minor - sum(part.amount_minor for part in parts)
    if surplus:
        payment.surplus_minor += surplus
        payment.save(update_fields=["surplus_minor"])
    _place, its_journal = place_of(payment)
    post_entry(
        company_id=payment.company_id,
        journal=journal or its_journal,
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
        disputed_minor=disputed_on(invoice),
        now=now,
    )


def _write(
    payment: Payment,
    parts: Sequence[SettledPart],
    now: datetime,
    refund: Refund | None,
    dispute: Dispute | None,
    *,
    from_surplus: bool = False,
) -> None:
    Allocation.objects.bulk_create(
        Allocation(
            payment=payment,
            company_id=payment.company_id,
            invoice=part.invoice,
            refund=refund,
            dispute=dispute,
            from_surplus=from_surplus,
            amount_minor=part.amount_minor,
            allocated_at=now,
        )
        for part in parts
    )
