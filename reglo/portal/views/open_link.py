"""The secure link: exchanged at once for a clean address and a session, so that no token stays in the browser."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from reglo.delivery.services import LinkUnusable, open_link, renew_link
from reglo.delivery.services.open_link import usable_link
from reglo.portal.cookies import give_session, session_key
from reglo.portal.doors import public
from reglo.portal.rate_limits import Limit, TooManyTries, visitor
from reglo.ports import clock

_FAILURES = Limit("link", most=30, seconds=600)
_RENEWALS = Limit("renew", most=5, seconds=600)


@csrf_exempt  # the token is the proof; and a page under no-referrer sends `Origin: null`, which Django refuses
@public("the token is the key")
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """GET exchanges the link; POST asks for a new one. A HEAD, which only machines send, does nothing."""
    try:
        response = _renew(request, token) if request.method == "POST" else _open(request, token)
    except TooManyTries as refusal:
        response = render(request, "portal/refused.html", {"refusal": refusal}, status=refusal.status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _open(request: HttpRequest, token: str) -> HttpResponse:
    _FAILURES.count(visitor(request))
    try:
        response = _exchanged(request, token)
    except LinkUnusable:
        return render(request, "portal/link_unusable.html", {"address": request.path}, status=HTTPStatus.NOT_FOUND)
    _FAILURES.take_back(visitor(request))
    return response


def _exchanged(request: HttpRequest, token: str) -> HttpResponse:
    if request.method == "HEAD":
        link = usable_link(token, clock.now())
        return _to_document(link.id, of_quote=link.quote_id is not None)
    opening = open_link(token=token, session_key=session_key(request), now=clock.now())
    response = _to_document(opening.public_id, of_quote=opening.opens_quote)
    give_session(response, opening.new_key)
    return response


def _renew(request: HttpRequest, token: str) -> HttpResponse:
    _RENEWALS.count(visitor(request))
    renew_link(token=token, now=clock.now())
    return render(request, "portal/link_asked.html", status=HTTPStatus.ACCEPTED)


def _to_document(public_id: UUID, *, of_quote: bool) -> HttpResponse:
    """303: whatever the method was, the next request is a GET."""
    response = HttpResponseRedirect(reverse("portal:quote" if of_quote else "portal:invoice", args=[public_id]))
    response.status_code = HTTPStatus.SEE_OTHER
    return response
