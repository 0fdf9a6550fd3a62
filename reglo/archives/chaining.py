"""The chain of closings: each is tied to the one before (`docs/algorithms/closings.md`)."""

import hashlib
from datetime import UTC, datetime

from reglo.archives.models import Closing

FIGURES = (
    *("document_position", "entry_position", "invoices_count", "invoices_minor"),
    *("credit_notes_count", "credit_notes_minor", "payments_count", "payments_minor"),
    *("undone_count", "undone_minor", "refunds_count", "refunds_minor"),
    *("perpetual_invoiced_minor", "perpetual_collected_minor"),
)


def hash_closing(closing: Closing) -> str:
    """SHA-256, hex, of the previous hash and of every figure, one line."""
    words = [
        *(closing.previous_hash, closing.company_id, closing.position, closing.kind),
        *(closing.first_day.isoformat(), closing.last_day.isoformat()),
        *(_instant(closing.begins_at), _instant(closing.ends_at)),
        *(getattr(closing, name) for name in FIGURES),
        _instant(closing.closed_at),
    ]
    return hashlib.sha256("|".join(map(str, words)).encode()).hexdigest()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
