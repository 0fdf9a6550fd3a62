"""*Santé des paiements*: what we know of the line to Stripe, what waits for a person, and the one button for each."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.account_problems import problem_of
from reglo.dashboard.health_card import card_of
from reglo.dashboard.parked_work import stuck_work
from reglo.errors import RegloError
from reglo.events.queue import retry_all_parked
from reglo.payments.queries import accounts_of, unmatched_payments
from reglo.payments.services import check_account, recreate_endpoint, renew_secret, take_over_account
from reglo.payments.states import AccountState
from reglo.ports import clock
from reglo.ui.notices import notify, notify_failure

MOST_STUCK = 50
MOST_UNMATCHED = 5


@staff(Right.SETTINGS)
@require_safe
def health(request: StaffRequest) -> HttpResponse:
    company_id, now = request.company.pk, clock.now()
    accounts = accounts_of(company_id=company_id).exclude(state=AccountState.DISCONNECTED)
    stuck = stuck_work(company_id=company_id, limit=MOST_STUCK + 1)
    unmatched = list(unmatched_payments(company_id=company_id)[: MOST_UNMATCHED + 1])
    context = {
        "cards": [card_of(account, now=now) for account in accounts],
        "stuck": stuck[:MOST_STUCK],
        "more_stuck": len(stuck) > MOST_STUCK,
        "unmatched": unmatched[:MOST_UNMATCHED],
        "more_unmatched": len(unmatched) > MOST_UNMATCHED,
    }
    return render(request, "dashboard/health/page.html", context)


@staff(Right.SETTINGS)
@require_POST
def check(request: StaffRequest, account_id: UUID) -> HttpResponse:
    """*Vérifier maintenant*: ask Stripe whether the whole chain still holds."""
    try:
        found = check_account(company_id=request.company.pk, account_id=account_id, now=clock.now())
    except RegloError as refused:
        return _refused(request, refused)
    if problem := problem_of(found.account):
        notify_failure(request, problem)
        return _page()
    return _done(request, _("Tout répond : la clé, ses droits et les notifications."))


@staff(Right.SETTINGS)
@require_POST
def recreate(request: StaffRequest, account_id: UUID) -> HttpResponse:
    """*Recréer le point de réception*."""
    try:
        recreate_endpoint(
            company_id=request.company.pk, account_id=account_id, now=clock.now(), actor_id=request.user.pk
        )
    except RegloError as refused:
        return _refused(request, refused)
    return _done(request, _("Stripe nous prévient à nouveau. Ce qui a manqué est demandé en ce moment même."))


@staff(Right.SETTINGS)
@require_POST
def renew(request: StaffRequest, account_id: UUID) -> HttpResponse:
    """*Renouveler le secret*."""
    try:
        renew_secret(company_id=request.company.pk, account_id=account_id, now=clock.now(), actor_id=request.user.pk)
    except RegloError as refused:
        return _refused(request, refused)
    return _done(request, _("Le secret est renouvelé et la connexion essayée. L’ancien est accepté encore un jour."))


@staff(Right.SETTINGS)
@require_POST
def take_over(request: StaffRequest, account_id: UUID) -> HttpResponse:
    """*Cette installation remplace l'autre*."""
    try:
        take_over_account(
            company_id=request.company.pk, account_id=account_id, now=clock.now(), actor_id=request.user.pk
        )
    except RegloError as refused:
        return _refused(request, refused)
    return _done(request, _("Cette installation reçoit maintenant les paiements. L’autre n’est plus prévenue."))


@staff(Right.SETTINGS)
@require_POST
def retry_all(request: StaffRequest) -> HttpResponse:
    """*Tout réessayer*."""
    count = retry_all_parked(company_id=request.company.pk, now=clock.now())
    text = ngettext("Nouvel essai dans un instant.", "%(count)d nouveaux essais dans un instant.", count)
    return _done(request, text % {"count": count})


def _done(request: StaffRequest, text: str) -> HttpResponse:
    notify(request, text)
    return _page()


def _refused(request: StaffRequest, refused: RegloError) -> HttpResponse:
    notify_failure(request, str(refused))
    return _page()


def _page() -> HttpResponse:
    return HttpResponseRedirect(reverse("dashboard:payment_health"))
