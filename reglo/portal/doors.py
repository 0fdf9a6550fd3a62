"""Who may call a view of the portal: the first thing each of them says.

    @customer                      # a browser holding a right on this invoice; the view gets the right
    @customer_of_quote             # the same, on this quote
    @public("why anybody may")     # everybody

Both keep the page out of caches and search engines.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from reglo.delivery.models import PortalGrant
from reglo.delivery.queries import grant_of
from reglo.portal.cookies import session_key
from reglo.portal.form_proof import is_proven
from reglo.ports import clock

P = ParamSpec("P")
CustomerView = Callable[Concatenate[HttpRequest, PortalGrant, P], HttpResponse]
PublicView = Callable[Concatenate[HttpRequest, P], HttpResponse]
GrantedView = Callable[Concatenate[HttpRequest, UUID, P], HttpResponse]


def customer(view: CustomerView[P]) -> GrantedView[P]:
    """The view is for a browser whose session holds a right on the invoice behind `public_id`; it runs in the seller's
    time zone.

    Any other gets the same 404, whether the document exists or not; a form without its proof gets a 403.
    """
    return _granted(view, of_quote=False)


def customer_of_quote(view: CustomerView[P]) -> GrantedView[P]:
    """The same, for a right on a quote."""
    return _granted(view, of_quote=True)


def _granted(view: CustomerView[P], *, of_quote: bool) -> GrantedView[P]:
    @wraps(view)
    def guarded(request: HttpRequest, public_id: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        grant = grant_of(session_key=session_key(request), public_id=public_id, now=clock.now())
        if grant is None or (grant.quote_id is not None) != of_quote:
            return kept_private(link_needed(request))
        if request.method == "POST" and not is_proven(request, grant.session):
            return kept_private(render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN))
        language = grant.invoice.language  # the page speaks as the document does, whatever the browser would like
        with timezone.override(grant.company.zone), translation.override(language):
            response = kept_private(view(request, grant, *args, **kwargs))
        response.headers.setdefault("Content-Language", language)
        return response

    return _declared(csrf_exempt(guarded), "customer")


def public(why: str) -> Callable[[PublicView[P]], PublicView[P]]:
    """The view is for everybody, for the reason given."""

    def declare(view: PublicView[P]) -> PublicView[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            return kept_private(view(request, *args, **kwargs))

        return _declared(guarded, f"public: {why}")

    return declare


def kept_private(response: HttpResponse) -> HttpResponse:
    """No copy in a cache, no line in a search engine, nothing told to other sites."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers.setdefault("Referrer-Policy", "same-origin")
    return response


def link_needed(request: HttpRequest) -> HttpResponse:
    """This browser has no right on that address: open the link of the mail."""
    return render(request, "portal/link_needed.html", status=HTTPStatus.NOT_FOUND)


def _declared(view: Callable[..., HttpResponse], door: str) -> Callable[..., HttpResponse]:
    view.door = door  # type: ignore[attr-defined] # read by the walk of every route
    return view
