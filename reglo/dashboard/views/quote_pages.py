"""A quote as it prints: in the editor's preview, on its own page and in the file."""

import base64
from functools import lru_cache

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.views.invoice_pages import pdf_response
from reglo.delivery.papers import quote_filename
from reglo.invoicing.models import Quote
from reglo.ports import clock
from reglo.rendering.document import Document
from reglo.rendering.render import render_pngs
from reglo.rendering.services import quote_pdf, quote_preview_pdf
from reglo.rendering.services.render_quote import offered_document, written_document

WRITTEN = "ecrit"  # asks for the version being written, where the customer still sees another


@staff(Right.READ)
@require_safe
def page(request: StaffRequest, quote_id: int, number: int) -> HttpResponse:
    """One page as PNG, from 1: of what the customer sees, or of the version being written."""
    quote = quote_seen(request, quote_id)
    pages = pages_of(quote, written=WRITTEN in request.GET)
    if not 1 <= number <= len(pages):
        raise Http404
    response = HttpResponse(pages[number - 1], content_type="image/png")
    response["Cache-Control"] = "private, max-age=3600"
    return response


@staff(Right.READ)
@require_safe
def preview(request: StaffRequest, quote_id: int) -> HttpResponse:
    """*Aperçu*, for narrow screens: the pages alone."""
    quote = quote_seen(request, quote_id)
    numbers = range(1, len(pages_of(quote, written=True)) + 1)
    return render(request, "dashboard/quotes/preview.html", {"quote": quote, "numbers": numbers})


@staff(Right.READ)
@require_safe
def preview_pages(request: StaffRequest, quote_id: int) -> HttpResponse:
    """The pages beside the editor, inside the answer: they change without a blank in between."""
    drawn = pages_of(quote_seen(request, quote_id), written=True)
    pages = [base64.b64encode(page).decode() for page in drawn]
    return render(request, "dashboard/invoices/preview_pages.html", {"pages": pages})


@staff(Right.READ)
@require_safe
def pdf(request: StaffRequest, quote_id: int) -> HttpResponse:
    """What the customer reads; of the version being written, as it would be."""
    quote = quote_seen(request, quote_id)
    if quote.is_draft or WRITTEN in request.GET:
        content = quote_preview_pdf(company=request.company, quote=quote, now=clock.now())
        return pdf_response(content, "brouillon-devis.pdf")
    return pdf_response(quote_pdf(quote=quote), quote_filename(quote))


def pages_of(quote: Quote, *, written: bool = False) -> tuple[bytes, ...]:
    """The pages as PNG: of what the customer sees, or of the version being written as it would be sent today."""
    if quote.is_draft or written:
        # A PNG does not say when it was made: the same version is drawn once a day, not once a second.
        today = clock.now().astimezone(quote.company.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return _drawn(written_document(quote, company=quote.company, now=today))
    return _drawn(offered_document(quote))


def quote_seen(request: StaffRequest, quote_id: int) -> Quote:
    """The company's quote, thrown-away drafts included, or 404."""
    quotes = Quote.objects.filter(company=request.company).select_related("company", "customer", "latest", "offered")
    return get_object_or_404(quotes, id=quote_id)


@lru_cache(maxsize=16)
def _drawn(document: Document) -> tuple[bytes, ...]:
    """A page of the dashboard asks for the pages one by one: they are drawn once."""
    return tuple(render_pngs(document))
