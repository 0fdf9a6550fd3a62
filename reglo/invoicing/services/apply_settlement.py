"""Tell an issued invoice what others did to it. Called by `payments`, in its transaction, under the invoice's lock."""

from datetime import datetime

from django.db import connection

from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.models import Invoice


def apply_settlement(
    *, invoice: Invoice, settled_minor: int, pending_minor: int, disputed_minor: int, now: datetime
) -> None:
    """Set the absolute amounts, computed by the caller from its allocations; record it when the invoice turns."""
    assert connection.in_atomic_block, "settling is part of booking the money"
    settlement = invoice.settlement
    assert 0 <= settled_minor <= settlement.gross_minor, "more settled than invoiced: the rest is a surplus"
    assert pending_minor >= 0, "money on its way cannot be negative"
    assert disputed_minor >= 0, "disputed money cannot be negative"
    was_settled = settlement.is_settled
    settlement.settled_minor = settled_minor
    settlement.pending_minor = pending_minor
    settlement.disputed_minor = disputed_minor
    if settlement.is_settled != was_settled:
        settlement.settled_at = now if settlement.is_settled else None
        record(
            kind=Kind.INVOICE_SETTLED if settlement.is_settled else Kind.INVOICE_REOPENED,
            company_id=invoice.company_id,
            subject=invoice,
            now=now,
            content={"number": invoice.number, "settled_minor": settled_minor},
        )
    settlement.save(update_fields=["settled_minor", "pending_minor", "disputed_minor", "settled_at"])
