"""Print an issued document, invoice or credit note, once: the same file ever after."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.files import store
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.models import Invoice
from reglo.invoicing.queries import opening_paper_of
from reglo.rendering.invoice_document import invoice_document
from reglo.rendering.models import RenderedDocument
from reglo.rendering.render import render_pdf

PDF = "application/pdf"


class ContentDisagrees(RegloError):
    """The frozen text and the columns of an issued invoice tell different amounts: nothing is printed from either."""

    code = "content_disagrees"
    status = 500
    message = _("Le contenu du document %(number)s ne correspond pas à ses totaux. Il n’a pas été envoyé.")


class PaperElsewhere(RegloError):
    code = "paper_elsewhere"
    status = 404
    message = _(
        "Cette facture a été émise par un autre logiciel, et son PDF n’a pas été joint : demandez-le à qui l’a émise."
    )


def render_invoice(*, invoice: Invoice, now: datetime) -> RenderedDocument:
    """The stored PDF of an issued invoice, made now if it was not yet, and recorded then.

    Safe to run twice, or twice at once: the bytes depend on the frozen content alone, and the row is one.
    Raises ContentDisagrees, CharactersNotShown, FileMissing.
    """
    assert not invoice.is_opening, "no document of another is issued again"
    rendered = RenderedDocument.objects.filter(invoice=invoice).first()
    if rendered:
        return rendered
    file = store.put(_print(invoice), media_type=PDF, now=now)
    with transaction.atomic():
        rendered, created = RenderedDocument.objects.get_or_create(
            invoice=invoice, defaults={"company_id": invoice.company_id, "file": file, "rendered_at": now}
        )
        if created:
            record(
                kind=Kind.DOCUMENT_RENDERED,
                company_id=invoice.company_id,
                subject=invoice,
                now=now,
                content={"number": invoice.number, "sha256": file.sha256},
            )
    return rendered


def invoice_pdf(*, invoice: Invoice, now: datetime) -> bytes:
    """The bytes of the stored PDF, rendered now where nobody did yet; of an invoice taken over, those of its former
    tool. Raises as render_invoice, and FileAltered, PaperElsewhere."""
    if invoice.is_opening:
        paper = opening_paper_of(invoice)
        if paper is None:
            raise PaperElsewhere
        return store.read(paper.file_id)
    return store.read(render_invoice(invoice=invoice, now=now).file_id)


def _print(invoice: Invoice) -> bytes:
    assert invoice.issued_at is not None, "only what is issued is kept"
    content = DocumentContent.from_json(invoice.frozen)
    frozen = (content.number, content.net_minor, content.vat_minor, content.gross_minor)
    if frozen != (invoice.number, invoice.net_minor, invoice.vat_minor, invoice.gross_minor):
        raise ContentDisagrees(number=invoice.number)
    return render_pdf(
        invoice_document(content, made_at=invoice.issued_at, payable_online=invoice.promises_card),
    )
