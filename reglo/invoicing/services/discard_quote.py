"""Throw away a quote that was never sent, and bring it back."""

from datetime import datetime

from django.db import transaction

from reglo.invoicing.locks import lock_quote
from reglo.invoicing.models import Quote
from reglo.invoicing.services.save_quote import VersionFinalised


def discard_quote(*, company_id: int, quote_id: int, now: datetime) -> Quote:
    """Hide the draft. Raises VersionFinalised."""
    return _set_discarded(company_id=company_id, quote_id=quote_id, at=now)


def restore_quote(*, company_id: int, quote_id: int) -> Quote:
    """Undo `discard_quote`. Raises VersionFinalised."""
    return _set_discarded(company_id=company_id, quote_id=quote_id, at=None)


def _set_discarded(*, company_id: int, quote_id: int, at: datetime | None) -> Quote:
    with transaction.atomic():
        quote = lock_quote(company_id=company_id, quote_id=quote_id)
        if not quote.is_draft:
            raise VersionFinalised
        quote.discarded_at = at
        quote.save(update_fields=["discarded_at"])
    return quote
