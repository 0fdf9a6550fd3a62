"""The page of a quote: read, choose the options, accept or refuse."""

import ipaddress
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reglo.delivery.models import PortalGrant
from reglo.delivery.papers import quote_filename
from reglo.delivery.services import record_seen
from reglo.errors import RegloError
from reglo.invoicing.models import Quote
from reglo.invoicing.quote_answers import Answer
from reglo.invoicing.quote_content import content_with_options
from reglo.invoicing.services import accept_quote, refuse_quote
from reglo.invoicing.states import DecisionChannel
from reglo.portal.doors import customer_of_quote
from reglo.portal.quote_page import quote_page, ranks_of
from reglo.portal.rate_limits import Limit, address_of_visitor
from reglo.portal.views.papers import pdf_response
from reglo.ports import clock
from reglo.rendering.services import quote_pdf

_ANSWERS = Limit("sign", most=30, seconds=3600)
OPTION, VERSION, TOTAL, NAME, CONSENT, REASON = "option", "version", "total", "nom", "accord", "motif"
_FIELDS = {"name": NAME, "consent": CONSENT}


class CannotSign(RegloError):
    code = "link_cannot_sign"
    status = 403
    message = gettext_lazy("Ce lien permet de voir ce devis, non d’y répondre.")


class TotalChanged(RegloError):
    """What is accepted is what was read: the total under the eyes is the one of the options that were ticked."""

    code = "total_changed"
    status = 409
    message = gettext_lazy("Avec les options choisies, le total a changé : vérifiez-le, puis acceptez à nouveau.")


@require_safe
@customer_of_quote
def quote(request: HttpRequest, grant: PortalGrant) -> HttpResponse:
    return _page(request, grant)


@require_safe
@customer_of_quote
def sums(request: HttpRequest, grant: PortalGrant) -> HttpResponse:
    """The totals with the options that are ticked, while they are; nothing is written."""
    shown = quote_page(grant, taken=ranks_of(request.GET.getlist(OPTION)), now=clock.now(), language=_language())
    return render(request, "portal/quote_sums.html", {"page": shown, "oob": True})


@require_POST
@customer_of_quote
def seen(request: HttpRequest, grant: PortalGrant) -> HttpResponse:
    """Posted by the page at the first gesture on it."""
    _note_seen(grant)
    return HttpResponse(status=204)


@require_POST
@customer_of_quote
def accept(request: HttpRequest, grant: PortalGrant) -> HttpResponse:
    """*Accepter le devis*. A double click is harmless. What is refused is said on the page, with its status."""
    options = ranks_of(request.POST.getlist(OPTION))
    try:
        _admit(grant)
        _check_total(request, grant.offer, options)
        accept_quote(
            company_id=grant.company_id,
            quote_id=grant.offer.pk,
            version=_version(request),
            options=options,
            answer=_answer(request, grant, statement=statement() if request.POST.get(CONSENT) else ""),
            now=clock.now(),
        )
    except RegloError as refusal:
        return _page(request, grant, refusal=refusal)
    return _to_page(grant)


@require_POST
@customer_of_quote
def refuse(request: HttpRequest, grant: PortalGrant) -> HttpResponse:
    """*Refuser*, with the reason if the customer gives one."""
    try:
        _admit(grant)
        refuse_quote(
            company_id=grant.company_id,
            quote_id=grant.offer.pk,
            version=_version(request),
            reason=request.POST.get(REASON, ""),
            answer=_answer(request, grant, statement=""),
            now=clock.now(),
        )
    except RegloError as refusal:
        return _page(request, grant, refusal=refusal)
    return _to_page(grant)


@require_safe
@customer_of_quote
def paper(request: HttpRequest, grant: PortalGrant) -> HttpResponse:
    """The PDF of what is offered; once accepted, with « Bon pour accord »."""
    return pdf_response(quote_pdf(quote=grant.offer), quote_filename(grant.offer))


def statement() -> str:
    """The sentence beside the box, as it was ticked: kept with the answer."""
    return _("J’ai lu et j’accepte ce devis.")


def _admit(grant: PortalGrant) -> None:
    """Raises CannotSign, TooManyTries."""
    if not grant.may_sign:
        raise CannotSign
    _ANSWERS.count(str(grant.offer.pk))
    _note_seen(grant)


def _check_total(request: HttpRequest, quote: Quote, options: list[int]) -> None:
    """Raises TotalChanged, unless another version is offered by now: the verb says so."""
    assert quote.offered is not None, "a link opens what was finalised"
    if _version(request) != quote.offered.number:
        return
    content = content_with_options(quote.offered, options)
    if request.POST.get(TOTAL) != str(content.gross_minor):
        raise TotalChanged


def _version(request: HttpRequest) -> int:
    typed = request.POST.get(VERSION, "")
    return int(typed) if typed.isdecimal() and len(typed) < 6 else 0


def _answer(request: HttpRequest, grant: PortalGrant, *, statement: str) -> Answer:
    try:
        address: str | None = str(ipaddress.ip_address(address_of_visitor(request)))
    except ValueError:
        address = None
    return Answer(
        channel=DecisionChannel.PORTAL,
        name=request.POST.get(NAME, ""),
        email=grant.link.email if grant.link else "",
        link_id=grant.link_id,
        statement=statement,
        ip_address=address,
        user_agent=request.headers.get("User-Agent", ""),
    )


def _note_seen(grant: PortalGrant) -> None:
    if grant.link is not None:
        record_seen(link=grant.link, now=clock.now())


def _to_page(grant: PortalGrant) -> HttpResponse:
    return HttpResponseRedirect(reverse("portal:quote", args=[grant.public_id]), status=HTTPStatus.SEE_OTHER)


def _page(request: HttpRequest, grant: PortalGrant, *, refusal: RegloError | None = None) -> HttpResponse:
    """The page, with what was just refused beside its field or on top, and everything typed kept."""
    if refusal is not None:  # answered, or offered anew, meanwhile
        grant.quote = Quote.objects.select_related("company", "customer", "offered").get(pk=grant.offer.pk)
    asked = request.POST if request.method == "POST" else request.GET
    shown = quote_page(grant, taken=ranks_of(asked.getlist(OPTION)), now=clock.now(), language=_language())
    field = _FIELDS.get(refusal.field or "") if refusal else None
    context: dict[str, Any] = {
        "page": shown,
        "seller": shown.seller,
        "public_id": grant.public_id,
        "refusal": None if field else refusal,
        "errors": {field: str(refusal)} if field else {},
        "typed": {name: request.POST.get(name, "") for name in (NAME, REASON, CONSENT)},
        "statement": statement(),
        "tell_seen": grant.link is not None and grant.link.seen_at is None,
    }
    return render(request, "portal/quote.html", context, status=refusal.status if refusal else 200)


def _language() -> str:
    return "en" if get_language() == "en" else "fr"
