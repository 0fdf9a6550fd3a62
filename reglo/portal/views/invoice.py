"""The page of a document, and the sign of life of the person who reads it."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from reglo.delivery.models import PortalGrant
from reglo.delivery.services import record_seen
from reglo.errors import RegloError
from reglo.portal.credit_note_page import CreditNotePage, credit_note_page
from reglo.portal.doors import customer
from reglo.portal.invoice_page import InvoicePage, invoice_page
from reglo.ports import clock

PART = "montant"  # the field of *Payer une partie*
INSTALMENT = "echeance"  # that of the button of an instalment: its amount, in minor units


@require_safe
@customer
def invoice(request: HttpRequest, grant: PortalGrant) -> HttpResponse:
    return page(request, grant)


@require_POST
@customer
def seen(request: HttpRequest, grant: PortalGrant) -> HttpResponse:
    """Posted by the page at the first gesture on it."""
    if grant.link is not None:
        record_seen(link=grant.link, now=clock.now())
    return HttpResponse(status=204)


def page(request: HttpRequest, grant: PortalGrant, *, refusal: RegloError | None = None) -> HttpResponse:
    """The document's page, with what was just refused on top, or beside the amount that was typed."""
    typed = request.POST.get(PART)
    amount_refused = typed is not None and refusal is not None and refusal.status == HTTPStatus.UNPROCESSABLE_ENTITY
    language = "en" if get_language() == "en" else "fr"
    if grant.bill.is_credit_note:
        shown: InvoicePage | CreditNotePage = credit_note_page(grant, language=language)
    else:
        shown = invoice_page(grant, now=clock.now(), language=language)
    context = {
        "page": shown,
        "seller": shown.seller,
        "public_id": grant.public_id,
        "refusal": None if amount_refused else refusal,
        "part_typed": typed or "",
        "part_error": str(refusal) if amount_refused else "",
        "tell_seen": grant.link is not None and grant.link.seen_at is None,
    }
    template = "portal/credit_note.html" if grant.bill.is_credit_note else "portal/invoice.html"
    return render(request, template, context, status=refusal.status if refusal else 200)
