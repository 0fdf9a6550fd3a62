"""Undo an entry by its mirror image: nothing is erased."""

from datetime import date, datetime

from reglo.ledger.models import Entry
from reglo.ledger.services.post_entry import EntryRow, append_entry


def reverse_entry(*, entry: Entry, entry_date: date, label: str, now: datetime) -> Entry:
    """Post the mirror of `entry`, in the caller's transaction. The database refuses a second reversal."""
    rows = [
        EntryRow(
            rank=line.rank,
            account=line.account,
            account_label=line.account_label,
            auxiliary=line.auxiliary,
            auxiliary_label=line.auxiliary_label,
            label=label,
            debit_minor=line.credit_minor,
            credit_minor=line.debit_minor,
        )
        for line in entry.lines.order_by("rank")
    ]
    return append_entry(
        company_id=entry.company_id,
        journal=entry.journal,
        entry_date=entry_date,
        piece=entry.piece,
        piece_date=entry.piece_date,
        label=label,
        source=f"reversal:{entry.id}",
        rows=rows,
        now=now,
        reverses=entry,
    )
