"""Throw a draft away, and bring it back: only drafts can go, and nothing is lost until they are purged."""

from datetime import datetime

from django.db import transaction

from reglo.invoicing.locks import lock_invoice
from reglo.invoicing.models import Invoice
from reglo.invoicing.services.save_draft import NotADraft


def discard_draft(*, company_id: int, invoice_id: int, now: datetime) -> Invoice:
    """Hide the draft. Raises NotADraft."""
    return _set_discarded(company_id=company_id, invoice_id=invoice_id, at=now)


def restore_draft(*, company_id: int, invoice_id: int) -> Invoice:
    """Undo `discard_draft`. Raises NotADraft."""
    return _set_discarded(company_id=company_id, invoice_id=invoice_id, at=None)


def _set_discarded(*, company_id: int, invoice_id: int, at: datetime | None) -> Invoice:
    with transaction.atomic():
        invoice = lock_invoice(company_id=company_id, invoice_id=invoice_id)
        if not invoice.is_draft:
            raise NotADraft
        invoice.discarded_at = at
        invoice.save(update_fields=["discarded_at"])
    return invoice
