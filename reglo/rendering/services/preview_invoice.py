"""Look at an invoice as it is, or would be, printed: same content, same template, nothing kept."""

from datetime import datetime

from reglo.companies.models import Company
from reglo.invoicing.models import Invoice
from reglo.invoicing.queries import content_shown
from reglo.rendering.document import Document
from reglo.rendering.invoice_document import invoice_document
from reglo.rendering.render import render_pdf, render_pngs


def preview_pages(*, company: Company, invoice: Invoice, now: datetime, scale: int = 2) -> list[bytes]:
    """Each page as PNG, `scale` pixels per point. Raises AmountTooLarge, CharactersNotShown, FileMissing."""
    return render_pngs(_shown(company, invoice, now), scale)


def preview_pdf(*, company: Company, invoice: Invoice, now: datetime) -> bytes:
    """The draft as PDF, watermarked. Raises AmountTooLarge, CharactersNotShown, FileMissing."""
    return render_pdf(_shown(company, invoice, now))


def _shown(company: Company, invoice: Invoice, now: datetime) -> Document:
    content = content_shown(invoice, company=company, today=now.astimezone(company.zone).date())
    return invoice_document(content, made_at=invoice.issued_at or now, payable_online=invoice.promises_card)
