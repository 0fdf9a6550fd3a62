"""The papers that the customer keeps: the invoice unchanged, a receipt, the duplicate that says it is paid."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reglo.delivery.models import PortalGrant
from reglo.errors import RegloError
from reglo.payments.models import Payment
from reglo.portal.doors import customer, link_needed
from reglo.ports import clock
from reglo.rendering.services import duplicate_pdf, invoice_pdf, receipt_pdf


@require_safe
@customer
def invoice_paper(request: HttpRequest, grant: PortalGrant) -> HttpResponse:
    """The very file that was issued."""
    if not grant.may_view:
        return link_needed(request)
    return _pdf(invoice_pdf(invoice=grant.invoice, now=clock.now()), f"facture-{grant.invoice.number}.pdf")


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
        return _pdf(receipt_pdf(payment=payment), f"recu-{grant.invoice.number}.pdf")
    except RegloError as refusal:
        return _refused(request, refusal)


@require_safe
@customer
def duplicate_paper(request: HttpRequest, grant: PortalGrant) -> HttpResponse:
    if not grant.may_view:
        return link_needed(request)
    try:
        return _pdf(duplicate_pdf(invoice=grant.invoice), f"duplicata-{grant.invoice.number}.pdf")
    except RegloError as refusal:
        return _refused(request, refusal)


def _pdf(content: bytes, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _refused(request: HttpRequest, refusal: RegloError) -> HttpResponse:
    return render(request, "portal/refused.html", {"refusal": refusal}, status=refusal.status)
