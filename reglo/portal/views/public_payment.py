"""`/payer`: printed on every invoice, known to everybody. Number and amount are typed; then only paying is possible."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reglo.delivery.services import grant_payment
from reglo.portal.cookies import give_session, session_key
from reglo.portal.doors import public
from reglo.portal.forms import PrintedInvoiceForm
from reglo.portal.found_invoices import issued_with, taken_over_with
from reglo.portal.rate_limits import Limit, TooManyTries, visitor
from reglo.ports import clock

_BY_VISITOR = Limit("printed-visitor", most=10, seconds=600)
_BY_NUMBER = Limit("printed-number", most=20, seconds=3600)


@require_http_methods(["GET", "HEAD", "POST"])
@public("the address is printed on paper")
def public_payment(request: HttpRequest) -> HttpResponse:
    """The form, then the page of the document, without the document. The same answer for whatever is not found."""
    form = PrintedInvoiceForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
        return _page(request, form, status)
    try:
        return _found(request, form)
    except TooManyTries as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, HTTPStatus(refusal.status))


def _found(request: HttpRequest, form: PrintedInvoiceForm) -> HttpResponse:
    typed = form.cleaned_data
    _BY_VISITOR.count(visitor(request))
    _BY_NUMBER.count(typed["number"])
    asked = {"number": typed["number"], "total": typed["total"], "siren": typed["siren"]}
    found = issued_with(**asked) or taken_over_with(**asked)
    if found:
        _BY_VISITOR.take_back(visitor(request))
        _BY_NUMBER.take_back(typed["number"])
    if len(found) > 1:
        form.ask_siren()
        return _page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    if not found:
        form.add_error(None, _("Aucune facture n’a ce numéro et ce montant. Vérifiez-les sur le papier."))
        return _page(request, form, HTTPStatus.NOT_FOUND)
    opening = grant_payment(invoice=found[0], session_key=session_key(request), now=clock.now())
    response = HttpResponseRedirect(reverse("portal:invoice", args=[opening.public_id]), status=303)
    give_session(response, opening.new_key)
    return response


def _page(request: HttpRequest, form: PrintedInvoiceForm, status: HTTPStatus) -> HttpResponse:
    return render(request, "portal/public_payment.html", {"form": form}, status=status)
