"""The bar, the top line and the account menu of the dashboard, by what the person may see."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reglo.companies.models import Membership
from reglo.companies.permissions import Right, may
from reglo.dashboard.access import memberships_of
from reglo.dashboard.account_problems import problem_of
from reglo.payments.installation import is_elsewhere
from reglo.payments.queries import connected_account
from reglo.ui.frame import Alert, Entry, Frame, Link


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the bar; `path` is where its pages begin, to show which one is current."""

    label: Any  # a lazy translation
    route: str
    icon: str
    right: Right = Right.READ
    on_phone: bool = True


PLACES = (
    Place(gettext_lazy("Accueil"), "dashboard:home", "home"),
    Place(gettext_lazy("Devis"), "dashboard:quotes", "clipboard-document-list"),
    Place(gettext_lazy("Factures"), "dashboard:invoices", "document-text"),
    Place(gettext_lazy("Clients"), "dashboard:customers", "user-group", on_phone=False),
    Place(gettext_lazy("Encaissements"), "dashboard:collections", "banknotes"),
    Place(gettext_lazy("Comptabilité"), "dashboard:ledger", "book-open", Right.READ_MONEY, on_phone=False),
)


def frame(request: HttpRequest) -> dict[str, object]:
    """Context processor: `frame`, for the pages of a member. Built only where a template asks for it."""
    membership = getattr(request, "membership", None)
    return {"frame": SimpleLazyObject(lambda: _frame(request, membership))} if membership else {}


def _frame(request: HttpRequest, membership: Membership) -> Frame:
    company = membership.company
    list_url = reverse(
        "dashboard:quotes" if request.path.startswith(reverse("dashboard:quotes")) else "dashboard:invoices"
    )
    return Frame(
        company=company.name,
        home_url=reverse("dashboard:home"),
        entries=tuple(_entry(request, place) for place in PLACES if may(membership, place.right)),
        logo_url=reverse("dashboard:logo") if company.logo_id else "",
        practice=company.practice,
        search_url=list_url,  # among the quotes on their pages
        search=request.GET.get("q", "")[:100] if request.path == list_url else "",
        new_invoice_url=reverse("dashboard:invoice_new") if may(membership, Right.WRITE) else "",
        help_url=reverse("dashboard:help"),
        settings_url=reverse("dashboard:settings") if may(membership, Right.SETTINGS) else "",
        person=str(membership.user),
        account=_account_links(membership),
        sign_out_url=reverse("account_logout"),
        alert=_alert(request, membership),
    )


def _alert(request: HttpRequest, membership: Membership) -> Alert | None:
    """Nobody can pay by card: said above every page, except those that say it themselves."""
    health = reverse("dashboard:payment_health")
    said_there = (reverse("dashboard:home"), health, reverse("dashboard:settings_documents"))
    if not may(membership, Right.SETTINGS) or not membership.company.card_payments or request.path in said_there:
        return None
    account = connected_account(company_id=membership.company_id)
    if account is None or (account.is_active and not is_elsewhere(account)):
        return None
    if is_elsewhere(account) or not account.is_readable:
        return Alert(problem_of(account), _("Voir"), health)
    return Alert(problem_of(account), _("Reconnecter"), reverse("dashboard:stripe_begin"))


def _entry(request: HttpRequest, place: Place) -> Entry:
    url = reverse(place.route)
    here = request.path == url if place.route == "dashboard:home" else request.path.startswith(url)
    return Entry(str(place.label), url, place.icon, current=here, on_phone=place.on_phone)


def _account_links(membership: Membership) -> tuple[Link, ...]:
    links = [Link(_("Mon compte"), reverse("dashboard:account"))]
    if len(memberships_of(membership.user)) > 1:
        links.append(Link(_("Changer d’entreprise"), reverse("dashboard:companies")))
    return tuple(links)
