"""Which account each kind of entry goes to, and the agreement that the first issue waits for."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.forms.accounts import AccountsForm
from reglo.dashboard.views.settings.subjects import ACCOUNTS, SUBJECTS
from reglo.events.models import Event
from reglo.ledger.queries import accounts_confirmed, accounts_on
from reglo.ledger.services import BadAccountNumber, map_accounts, undo_map_accounts
from reglo.ports import clock
from reglo.ui.notices import notify


@staff(Right.SETTINGS)
def accounts(request: StaffRequest) -> HttpResponse:
    form = accounts_form(request)
    if request.method == "POST" and form.is_valid() and save_accounts(request, form):
        return HttpResponseRedirect(reverse(ACCOUNTS.route))
    return render(
        request,
        "dashboard/settings/accounts.html",
        {
            "form": form,
            "subject": ACCOUNTS,
            "subjects": SUBJECTS,
            "confirmed": accounts_confirmed(company_id=request.company.pk),
        },
        status=422 if form.errors else 200,
    )


@staff(Right.SETTINGS)
@require_POST
def undo(request: StaffRequest, event_id: int) -> HttpResponse:
    try:
        undo_map_accounts(company_id=request.company.pk, event_id=event_id, actor_id=request.user.pk, now=clock.now())
    except Event.DoesNotExist:
        raise Http404 from None
    notify(request, _("Les anciens comptes sont rétablis."))
    return HttpResponseRedirect(reverse(ACCOUNTS.route))


def accounts_form(request: StaffRequest) -> AccountsForm:
    today = clock.now().astimezone(request.company.zone).date()
    current = accounts_on(company_id=request.company.pk, day=today)
    return AccountsForm(request.POST or None, current=current, today=today)


def save_accounts(request: StaffRequest, form: AccountsForm) -> bool:
    """Map and confirm; False, with the reason at its field, when a number is refused."""
    try:
        saved = map_accounts(
            company_id=request.company.pk,
            actor_id=request.user.pk,
            accounts=form.accounts,
            effective_date=form.cleaned_data["effective_date"],
            now=clock.now(),
        )
    except BadAccountNumber as error:
        form.refuse(error)
        return False
    undo_url = reverse("dashboard:undo_accounts", args=[saved.pk]) if saved else ""
    notify(request, _("Comptes confirmés."), undo_url=undo_url)
    return True
