"""*Vérifier cette facture*: was it really issued here, and to which account is it to be paid?

The answer repeats what the asker already holds, plus the end of the account number: what a forger changes first.
"""

import hashlib
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reglo.invoicing.content import DocumentContent
from reglo.invoicing.models import Invoice
from reglo.invoicing.states import DocumentKind
from reglo.portal.doors import public
from reglo.portal.forms import VerificationForm
from reglo.portal.found_invoices import issued_with
from reglo.portal.rate_limits import Limit, TooManyTries, visitor
from reglo.rendering.models import RenderedDocument

_BY_VISITOR = Limit("verify-visitor", most=10, seconds=600)
_BY_NUMBER = Limit("verify-number", most=20, seconds=3600)
ISSUED_HERE = (DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE)  # not what a former tool issued
_LARGEST_FILE = 5_000_000


@require_http_methods(["GET", "HEAD", "POST"])
@public("who holds an invoice may ask whether it is genuine")
def verification(request: HttpRequest) -> HttpResponse:
    form = VerificationForm(request.POST, request.FILES) if request.method == "POST" else VerificationForm()
    if request.method != "POST":
        return _page(request, form, HTTPStatus.OK)
    if not form.is_valid():
        return _page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        return _verified(request, form)
    except TooManyTries as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, HTTPStatus(refusal.status))


def _verified(request: HttpRequest, form: VerificationForm) -> HttpResponse:
    typed = form.cleaned_data
    limits = [(_BY_VISITOR, visitor(request))] + ([] if typed["file"] else [(_BY_NUMBER, typed["number"])])
    for limit, who in limits:
        limit.count(who)
    if typed["file"]:
        if typed["file"].size > _LARGEST_FILE:
            form.add_error("file", _("Ce fichier est trop grand pour être une de nos factures : 5 Mo au plus."))
            return _page(request, form, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        found = _with_file(hashlib.sha256(typed["file"].read()).hexdigest())
    else:
        found = issued_with(number=typed["number"], total=typed["total"], siren=typed["siren"], kinds=ISSUED_HERE)
    if not found:
        return render(request, "portal/verification_unknown.html", {"by_file": bool(typed["file"])}, status=404)
    for limit, who in limits:
        limit.take_back(who)
    if len(found) > 1:
        form.ask_siren()
        return _page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _genuine(request, found[0], by_file=bool(typed["file"]))


def _with_file(sha256: str) -> list[Invoice]:
    rendered = RenderedDocument.objects.select_related("invoice__company").filter(file_id=sha256).first()
    return [rendered.invoice] if rendered else []


def _genuine(request: HttpRequest, invoice: Invoice, *, by_file: bool) -> HttpResponse:
    content = DocumentContent.from_json(invoice.frozen)
    return render(
        request,
        "portal/verification_genuine.html",
        {"invoice": invoice, "content": content, "by_file": by_file, "iban_end": content.iban[-4:]},
    )


def _page(request: HttpRequest, form: VerificationForm, status: HTTPStatus) -> HttpResponse:
    return render(request, "portal/verification.html", {"form": form}, status=status)
