"""Tell an issued invoice what became of its debt. Called in the transaction that books it, under the invoice's lock."""

from datetime import datetime

from django.db import connection

from reglo.companies.states import TermsKind
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.models import Invoice
from reglo.invoicing.schedule import due_date_now
from reglo.invoicing.states import InvoiceStatus

_APPLIED = (
    *("settled_minor", "pending_minor", "disputed_minor", "settled_at"),
    *("credited_minor", "credited_vat_on_receipts_minor", "deducted_minor", "delivered_vat_minor", "due_date"),
)


def apply_settlement(
    *,
    invoice: Invoice,
    settled_minor: int,
    pending_minor: int,
    disputed_minor: int,
    now: datetime,
    credited_minor: int | None = None,
    credited_vat_on_receipts_minor: int | None = None,
    deducted_minor: int | None = None,
    delivered_vat_minor: int | None = None,
) -> None:
    """Set the absolute amounts: `payments` computes them from its allocations, a credit note adds to what is credited
    or takes the deductions back, an invoice says what it delivers of a deposit (None: as it was).

    Record it when the invoice turns; a credited one tells its story itself.
    """
    assert connection.in_atomic_block, "settling is part of booking the money"
    settlement = invoice.settlement
    was_settled = settlement.is_settled
    if credited_minor is not None:
        assert settlement.credited_minor <= credited_minor <= settlement.gross_minor, "credited once, within the total"
        settlement.credited_minor = credited_minor
    if credited_vat_on_receipts_minor is not None:
        settlement.credited_vat_on_receipts_minor = credited_vat_on_receipts_minor
    if deducted_minor is not None:
        settlement.deducted_minor = deducted_minor
    if delivered_vat_minor is not None:
        assert 0 <= delivered_vat_minor <= invoice.vat_on_receipts_minor, "no more is delivered than waits"
        settlement.delivered_vat_minor = delivered_vat_minor
    assert 0 <= settled_minor <= settlement.owed_minor, "more settled than owed: the rest is a surplus"
    assert pending_minor >= 0, "money on its way cannot be negative"
    assert disputed_minor >= 0, "disputed money cannot be negative"
    settlement.settled_minor = settled_minor
    settlement.pending_minor = pending_minor
    settlement.disputed_minor = disputed_minor
    if invoice.terms_kind == TermsKind.INSTALMENTS:
        settlement.due_date = due_date_now(invoice)
    if settlement.is_settled != was_settled:
        settlement.settled_at = now if settlement.is_settled else None
        if invoice.status != InvoiceStatus.CREDITED:
            record(
                kind=Kind.INVOICE_SETTLED if settlement.is_settled else Kind.INVOICE_REOPENED,
                company_id=invoice.company_id,
                subject=invoice,
                now=now,
                content={"number": invoice.number, "settled_minor": settled_minor},
            )
    settlement.save(update_fields=_APPLIED)
