"""*Se connecter à Stripe*: by a click where the installation has a platform, else three screens to a restricted key."""

import hmac
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.forms.documents import StripeKeyForm
from reglo.dashboard.views.settings.subjects import DOCUMENTS
from reglo.errors import RegloError
from reglo.payments.models import ProviderAccount
from reglo.payments.providers import registry
from reglo.payments.providers.contract import OAuth, Secrets
from reglo.payments.providers.stripe.key_page import key_page_url, register_url
from reglo.payments.queries import accounts_of
from reglo.payments.services import connect_account, propose_account
from reglo.ports import clock, ids
from reglo.ui.notices import notify, notify_failure

STATE_IN_SESSION = "reglo_stripe_state"


@staff(Right.SETTINGS)
@require_safe
def begin(request: StaffRequest) -> HttpResponse:
    """A link, not a form: a form whose answer leads to another site is blocked by our own policy."""
    provider = registry.provider("stripe")
    if not isinstance(provider, OAuth) or not provider.can_authorize():
        return HttpResponseRedirect(reverse("dashboard:stripe_guide"))
    state = ids.new_token()
    request.session[STATE_IN_SESSION] = state
    return HttpResponseRedirect(provider.authorize(state, _return_url()))


@staff(Right.SETTINGS)
@require_safe
def come_back(request: StaffRequest) -> HttpResponse:
    """Back from Stripe with a code, good once, for the person who left with this state."""
    provider = registry.provider("stripe")
    state = request.session.pop(STATE_IN_SESSION, "")
    returned = request.GET.get("state", "")
    same = bool(state) and hmac.compare_digest(state.encode(), returned.encode())  # as text, an accent would raise
    if not same or not isinstance(provider, OAuth):
        notify_failure(request, _("Cette connexion a été interrompue. Recommencez."))
        return HttpResponseRedirect(reverse(DOCUMENTS.route))
    if "code" not in request.GET:
        notify_failure(request, _("Vous n’avez pas donné l’accès : rien n’est connecté."))
        return HttpResponseRedirect(reverse(DOCUMENTS.route))
    try:
        account = _propose(request, provider.grant(request.GET["code"]))
        return _connect(request, account.id)
    except RegloError as error:
        notify_failure(request, str(error))
        return HttpResponseRedirect(reverse(DOCUMENTS.route))


@staff(Right.SETTINGS)
@require_safe
def need_account(request: StaffRequest) -> HttpResponse:
    """First screen: an account is needed."""
    return render(
        request, "dashboard/stripe/account.html", {"register_url": register_url(settings.STRIPE_DASHBOARD), "rank": 1}
    )


@staff(Right.SETTINGS)
@require_safe
def key_page(request: StaffRequest) -> HttpResponse:
    """Second screen: the page of Stripe that makes the key, filled in."""
    url = key_page_url(settings.STRIPE_DASHBOARD, live=not request.company.practice)
    return render(request, "dashboard/stripe/key_page.html", {"key_page_url": url, "rank": 2})


@staff(Right.SETTINGS)
def paste(request: StaffRequest) -> HttpResponse:
    """Third screen: the key, judged at once."""
    form = StripeKeyForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            account = _propose(request, {"api_key": form.cleaned_data["key"].strip()})
        except RegloError as error:
            form.add_error("key", str(error))
            status = error.status
        else:
            return HttpResponseRedirect(reverse("dashboard:stripe_confirm", args=[account.id]))
    elif form.errors:
        status = 422
    return render(request, "dashboard/stripe/paste.html", {"form": form, "rank": 3}, status=status)


@staff(Right.SETTINGS)
def confirm(request: StaffRequest, account_id: UUID) -> HttpResponse:
    """Whose account it is and what the key may do; *Connecter* tries the whole chain before anyone can pay."""
    account = _begun(request, account_id)
    problem, status = "", 200
    if request.method == "POST":
        try:
            return _connect(request, account.id)
        except RegloError as error:
            problem, status = str(error), error.status
            account.refresh_from_db()
    return render(
        request,
        "dashboard/stripe/confirm.html",
        {"account": account, "problem": problem, "complete": all(granted for *_names, granted in account.permissions)},
        status=status,
    )


def _propose(request: StaffRequest, secrets: Secrets) -> ProviderAccount:
    return propose_account(company=request.company, provider="stripe", secrets=secrets, now=clock.now())


def _connect(request: StaffRequest, account_id: UUID) -> HttpResponse:
    account = connect_account(
        company_id=request.company.pk, account_id=account_id, now=clock.now(), actor_id=request.user.pk
    )
    notify(request, _("Le compte « %(name)s » est connecté.") % {"name": account.name})
    return HttpResponseRedirect(reverse(DOCUMENTS.route))


def _begun(request: StaffRequest, account_id: UUID) -> ProviderAccount:
    found = accounts_of(company_id=request.company.pk).filter(pk=account_id).first()
    if found is None:
        raise Http404
    return found


def _return_url() -> str:
    return settings.BASE_URL + reverse("dashboard:stripe_return")
