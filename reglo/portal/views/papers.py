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
<<<<<<< ours
    return pdf_response(invoice_pdf(invoice=grant.bill, now=clock.now()), document_filename(grant.bill))
||||||| base
    return _pdf(invoice_pdf(invoice=grant.invoice, now=clock.now()), document_filename(grant.invoice))
=======
    try:
        return _pdf(invoice_pdf(invoice=grant.invoice, now=clock.now()), document_filename(grant.invoice))
    except PaperElsewhere as refusal:
        return _refused(request, refusal)
>>>>>>> theirs


@require_safe
@customer
def credit_note_paper(request: HttpRequest, grant: PortalGrant, credit_note_id: int) -> HttpResponse:
    """A credit note issued for this document."""
    credit_note = credit_notes_issued(grant.bill).filter(id=credit_note_id).first()
    if credit_note is None or not grant.may_view:
        return link_needed(request)
    return pdf_response(invoice_pdf(invoice=credit_note, now=clock.now()), document_filename(credit_note))


@require_safe
@customer
def receipt_paper(request: HttpRequest, grant: PortalGrant, payment_id: UUID) -> HttpResponse:
    """The receipt of a payment of this document."""
    payment = Payment.objects.filter(
        id=payment_id, company_id=grant.company_id, allocations__invoice_id=grant.bill.pk
    ).first()
    if payment is None or not grant.may_view:
        return link_needed(request)
    try:
<<<<<<< ours
        return pdf_response(receipt_pdf(payment=payment), f"recu-{grant.bill.number}.pdf")
||||||| base
        return _pdf(receipt_pdf(payment=payment), f"recu-{grant.invoice.number}.pdf")
=======
        return _pdf(receipt_pdf(payment=payment), receipt_filename(grant.invoice))
>>>>>>> theirs
    except RegloError as refusal:
        return _refused(request, refusal)


@require_safe
@customer
def duplicate_paper(request: HttpRequest, grant: PortalGrant) -> HttpResponse:
    if not grant.may_view:
        return link_needed(request)
    try:
<<<<<<< ours
        return pdf_response(duplicate_pdf(invoice=grant.bill), f"duplicata-{grant.bill.number}.pdf")
||||||| base
        return _pdf(duplicate_pdf(invoice=grant.invoice), f"duplicata-{grant.invoice.number}.pdf")
=======
        return _pdf(duplicate_pdf(invoice=grant.invoice), duplicate_filename(grant.invoice))
>>>>>>> theirs
    except RegloError as refusal:
        return _refused(request, refusal)


def pdf_response(content: bytes, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _refused(request: HttpRequest, refusal: RegloError) -> HttpResponse:
    return render(request, "portal/refused.html", {"refusal": refusal}, status=refusal.status)
