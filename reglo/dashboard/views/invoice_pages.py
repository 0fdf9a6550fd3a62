"""An invoice as it prints: the same pages in the editor's preview, on the document's page and in the file."""

import base64
from functools import lru_cache

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import today_of
from reglo.delivery.papers import document_filename, paper_name
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.models import Invoice
from reglo.invoicing.queries import content_shown
from reglo.ports import clock
from reglo.rendering.invoice_document import invoice_document
from reglo.rendering.render import render_pngs
from reglo.rendering.services import duplicate_pdf, invoice_pdf, preview_pdf


@staff(Right.READ)
@require_safe
def page(request: StaffRequest, invoice_id: int, number: int) -> HttpResponse:
    """One page as PNG, from 1."""
    pages = pages_of(invoice_seen(request, invoice_id))
    if not 1 <= number <= len(pages):
        raise Http404
    response = HttpResponse(pages[number - 1], content_type="image/png")
    response["Cache-Control"] = "private, max-age=3600"
    return response


@staff(Right.READ)
@require_safe
def preview(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """*Aperçu*, for narrow screens: the pages alone."""
    invoice = invoice_seen(request, invoice_id)
    context = {"invoice": invoice, "numbers": range(1, len(pages_of(invoice)) + 1)}
    return render(request, "dashboard/invoices/preview.html", context)


@staff(Right.READ)
@require_safe
def preview_pages(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """The pages beside the editor, inside the answer: they change without a blank in between."""
    pages = [base64.b64encode(page).decode() for page in pages_of(invoice_seen(request, invoice_id))]
    return render(request, "dashboard/invoices/preview_pages.html", {"pages": pages})


@staff(Right.READ)
@require_safe
def pdf(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """The kept file of an issued invoice; a draft's as it would be."""
    invoice, now = invoice_seen(request, invoice_id), clock.now()
    if invoice.is_draft:
        return pdf_response(preview_pdf(company=request.company, invoice=invoice, now=now), "brouillon.pdf")
    return pdf_response(invoice_pdf(invoice=invoice, now=now), document_filename(invoice))


@staff(Right.READ)
@require_safe
def duplicate(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """*Duplicata – Acquittée*."""
    invoice = invoice_seen(request, invoice_id)
    return pdf_response(duplicate_pdf(invoice=invoice), paper_name("invoice", invoice, "acquittee"))


def pages_of(invoice: Invoice) -> tuple[bytes, ...]:
    """The pages as PNG, of a draft as it would print today; none of what a former tool issued."""
    if invoice.is_opening:
        return ()
    content = content_shown(invoice, company=invoice.company, today=today_of(invoice.company, clock.now()))
    return _drawn(content, payable_online=invoice.promises_card)


def invoice_seen(request: StaffRequest, invoice_id: int) -> Invoice:
    """The company's document, a credit note too, thrown-away drafts included, or 404."""
    invoices = Invoice.objects.filter(company=request.company).select_related("company", "customer", "settlement")
    return get_object_or_404(invoices, id=invoice_id)


def pdf_response(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@lru_cache(maxsize=16)
def _drawn(content: DocumentContent, *, payable_online: bool) -> tuple[bytes, ...]:
    """A page of the dashboard asks for the pages one by one: they are drawn once. A PNG does not say when."""
    return tuple(render_pngs(invoice_document(content, made_at=clock.now(), payable_online=payable_online)))
