"""Keep the PDF that the former tool made of an invoice taken over, for the customer's page and the mail."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.files import store
from reglo.invoicing.locks import lock_invoice
from reglo.invoicing.models import OpeningPaper

LARGEST_PAPER = 5_000_000
PDF = "application/pdf"


class NotAPdf(RegloError):
    code = "not_a_pdf"
    message = _("Choisissez un fichier PDF, de 5 Mo au plus.")


class NotAnOpening(RegloError):
    code = "not_an_opening"
    status = 409
    message = _("Cette facture est de Réglo : son PDF est celui qui a été émis.")


def attach_opening_paper(
    *, company_id: int, invoice_id: int, data: bytes, now: datetime, actor_id: int | None = None
) -> OpeningPaper:
    """The paper, in the place of any other. Raises NotAPdf, NotAnOpening, Http404 outside the company."""
    if len(data) > LARGEST_PAPER or not data.startswith(b"%PDF-"):
        raise NotAPdf(field="paper")
    file = store.put(data, media_type=PDF, now=now)
    with transaction.atomic():
        invoice = lock_invoice(company_id=company_id, invoice_id=invoice_id)
        if not invoice.is_opening:
            raise NotAnOpening
        paper, _created = OpeningPaper.objects.update_or_create(
            invoice=invoice, defaults={"company_id": company_id, "file": file, "attached_at": now}
        )
        record(
            kind=Kind.OPENING_PAPER_ATTACHED,
            company_id=company_id,
            subject=invoice,
            now=now,
            actor_id=actor_id,
            content={"sha256": file.sha256},
        )
    return paper
