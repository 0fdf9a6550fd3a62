"""Who may call a view: the first thing every view of the dashboard says.

    @staff(Right.READ, write=Right.WRITE)      # a member of the current company
    @person                                    # anyone signed in, company or not
    @anyone("the bearer of an invitation is not known yet")

A view without one of them is refused by `tests/architecture/test_route_matrix.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from reglo.companies.models import Company, Membership, User
from reglo.companies.permissions import Right, may
from reglo.dashboard.accounts import has_second_factor
from reglo.errors import RegloError

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
StaffView = Callable[Concatenate["StaffRequest", P], HttpResponse]
COMPANY_IN_SESSION = "reglo_company"


class Door(StrEnum):
    STAFF = "staff"
    PERSON = "person"
    ANYONE = "anyone"


@dataclass(frozen=True, slots=True)
class Access:
    """What a view declares: `read` is needed for GET and HEAD, `write` for the rest."""

    door: Door
    read: Right | None = None
    write: Right | None = None
    why: str = ""


class PersonRequest(HttpRequest):
    """A request of somebody signed in."""

    user: User


class StaffRequest(PersonRequest):
    """A request of an active member of `company`, whose second factor is in place where it is required."""

    membership: Membership
    company: Company


class RightMissing(RegloError):
    code = "right_missing"
    status = 403
    message = _("Votre rôle ne permet pas cette action. Demandez-la à un gérant de l’entreprise.")


def staff(read: Right, *, write: Right | None = None) -> Callable[[StaffView[P]], View[P]]:
    """The view is for members of the current company who have the right; it runs in the company's time zone."""
    access = Access(Door.STAFF, read=read, write=write or read)

    def declare(view: StaffView[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            admitted = _admit(request)
            if isinstance(admitted, HttpResponse):
                return kept_private(admitted)
            right = access.read if request.method in {"GET", "HEAD"} else access.write
            if right is None or not may(admitted.membership, right):
                raise RightMissing
            with timezone.override(admitted.company.zone):
                return kept_private(view(admitted, *args, **kwargs))

        return _declared(guarded, access)

    return declare


def person(view: Callable[Concatenate[PersonRequest, P], HttpResponse]) -> View[P]:
    """The view is for anyone signed in, with a company or without."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return kept_private(to_sign_in(request))
        return kept_private(view(cast(PersonRequest, request), *args, **kwargs))

    return _declared(guarded, Access(Door.PERSON))


def anyone(why: str) -> Callable[[View[P]], View[P]]:
    """The view is for everybody, for the reason given."""

    def declare(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            return view(request, *args, **kwargs)

        return _declared(guarded, Access(Door.ANYONE, why=why))

    return declare


def kept_private(response: HttpResponse) -> HttpResponse:
    """No copy in a cache, of a proxy or of a shared computer, unless the view says how long."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def access_of(view: Callable[..., Any]) -> Access | None:
    """What the view declared, None where it declared nothing."""
    return getattr(view, "access", None)


def memberships_of(user: User) -> list[Membership]:
    """The active memberships, each with its company."""
    active = Membership.objects.filter(user=user, left_at=None)
    return list(active.select_related("company").order_by("company__name", "id"))


def to_sign_in(request: HttpRequest) -> HttpResponse:
    return _redirect(request, reverse("account_login"), come_back=True)


def _admit(request: HttpRequest) -> StaffRequest | HttpResponse:
    """The request with its membership, or the page to go through first."""
    if not request.user.is_authenticated:
        return to_sign_in(request)
    memberships = memberships_of(request.user)
    if not memberships:
        return _redirect(request, reverse("dashboard:found_company"))
    chosen = [m for m in memberships if m.company_id == request.session.get(COMPANY_IN_SESSION)]
    if not chosen and len(memberships) > 1:
        return _redirect(request, reverse("dashboard:companies"), come_back=True)
    membership = (chosen or memberships)[0]
    if not membership.company.practice and not has_second_factor(request.user):
        return _redirect(request, reverse("dashboard:second_factor"), come_back=True)
    admitted = cast(StaffRequest, request)
    admitted.membership = membership
    admitted.company = membership.company
    return admitted


def _redirect(request: HttpRequest, url: str, *, come_back: bool = False) -> HttpResponse:
    """Send the browser to `url`; a fragment asked for by htmx sends the whole page there."""
    by_htmx = request.headers.get("HX-Request") == "true"
    if come_back:
        page = request.get_full_path()
        if by_htmx or request.method != "GET":
            page = _page_of(request.headers.get("HX-Current-URL" if by_htmx else "Referer", ""))
        url = f"{url}?{urlencode({'next': page})}"
    return HttpResponseClientRedirect(url) if by_htmx else HttpResponseRedirect(url)


def _page_of(address: str) -> str:
    """Path and query of an address that the browser says it shows; the home page where it says no address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    return f"{parts.path or '/'}?{parts.query}".removesuffix("?")


def _declared(view: View[P], access: Access) -> View[P]:
    view.access = access  # type: ignore[attr-defined]  # read back by `access_of`
    return view
