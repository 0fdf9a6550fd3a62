"""The lines of a payout as the screen and the file show them: each with the document that it settles."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from reglo.invoicing.models import Invoice
from reglo.payments.models import Payment, Payout, PayoutLine


@dataclass(frozen=True, slots=True)
class LineRow:
    """`invoice` is None where nothing here caused the movement."""

    line: PayoutLine
    invoice: Invoice | None

    @property
    def what(self) -> str:
        """« Vente », « Remboursement »."""
        return str(self.line.get_kind_display())


def lines_after(payout: Payout, *, after: int = 0, before: int = 0, limit: int | None = None) -> list[PayoutLine]:
    """The lines in their order, just after or just before one of them."""
    lines = payout.lines.select_related("payment", "refund__payment", "other_payout")
    if before:
        return list(lines.filter(id__lt=before).order_by("-id")[:limit])[::-1]
    return list(lines.filter(id__gt=after).order_by("id")[:limit])


def rows_of(lines: Iterable[PayoutLine]) -> list[LineRow]:
    """Each with its invoice, whatever the number of lines in two statements."""
    lines = list(lines)
    invoices = _invoices({payment.pk for payment in map(_payment, lines) if payment})
    return [LineRow(line, invoices.get(payment.pk) if (payment := _payment(line)) else None) for line in lines]


def _payment(line: PayoutLine) -> Payment | None:
    return line.payment or (line.refund.payment if line.refund else None)


def _invoices(payments: Collection[UUID]) -> dict[UUID, Invoice]:
    """What each payment settles; where it settles nothing any more, what it was made for."""
    made_for = Invoice.objects.filter(attempt_lines__attempt__payments__in=payments)
    settled = Invoice.objects.filter(allocations__payment__in=payments)
    found: dict[UUID, Invoice] = {}
    for invoices, path in ((made_for, "attempt_lines__attempt__payments__id"), (settled, "allocations__payment__id")):
        pairs = list(invoices.values_list(path, "id"))
        by_id = Invoice.objects.in_bulk([invoice_id for _payment_id, invoice_id in pairs])
        found |= {payment_id: by_id[invoice_id] for payment_id, invoice_id in pairs if payment_id in payments}
    return found
