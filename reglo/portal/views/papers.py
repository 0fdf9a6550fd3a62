"""The papers that the customer keeps: the document unchanged, its credit notes, receipts, the duplicate marked paid."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reglo.delivery.models import PortalGrant
from reglo.delivery.papers import document_filename, duplicate_filename, receipt_filename
from reglo.errors import RegloError
from reglo.invoicing.queries import credit_notes_issued
from reglo.payments.models import Payment
from reglo.portal.doors import customer, link_needed
from reglo.ports import clock
from reglo.rendering.services import PaperElsewhere, duplicate_pdf, invoice_pdf, receipt_pdf


@require_safe
@customer
def invoice_paper(request: HttpRequest, grant: PortalGrant) -> HttpResponse:
    """The very file that was issued."""
    if not grant.may_view:
        return link_needed(request)
    try:
        return _pdf(invoice_pdf(invoice=grant.invoice, now=clock.now()), document_filename(grant.invoice))
    except PaperElsewhere as refusal:
        return _refused(request, refusal)


@require_safe
@customer
def credit_note_paper(request: HttpRequest, grant: PortalGrant, credit_note_id: int) -> HttpResponse:
    """A credit note issued for this document."""
    credit_note = credit_notes_issued(grant.invoice).filter(id=credit_note_id).first()
    if credit_note is None or not grant.may_view:
        return link_needed(request)
    return _pdf(invoice_pdf(invoice=credit_note, now=clock.now()), document_filename(credit_note))


@require_safe
@customer
def receipt_paper(request: HttpRequest, grant: PortalGrant, payment_id: UUID) -> HttpResponse:
    """The receipt of a payment of this document."""
    payment = Payment.objects.filter(
        id=payment_id, company_id=grant.company_id, allocations__invoice_id=grant.invoice_id
    ).first()
    if payment is None or not grant.may_view:
        return link_needed(request)
    try:
        return _pdf(receipt_pdf(payment=payment), receipt_filename(grant.invoice))
    except RegloError as refusal:
        return _refused(request, refusal)


@require_safe
@customer
def duplicate_paper(request: HttpRequest, grant: PortalGrant) -> HttpResponse:
    if not grant.may_view:
        return link_needed(request)
    try:
        return _pdf(duplicate_pdf(invoice=grant.invoice), duplicate_filename(grant.invoice))
    except RegloError as refusal:
        return _refused(request, refusal)


def _pdf(content: bytes, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _refused(request: HttpRequest, refusal: RegloError) -> HttpResponse:
    return render(request, "portal/refused.html", {"refusal": refusal}, status=refusal.status)
