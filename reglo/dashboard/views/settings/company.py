"""The pages that change columns of the company: one form, one button, one way back."""

from copy import copy
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reglo.companies.permissions import Right
from reglo.companies.services import change_company, undo_company_change
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.forms.billing import BillingForm
from reglo.dashboard.forms.company import BankForm, CompanyForm, IdentityForm, LookForm, ReceivingForm
from reglo.dashboard.forms.trades import TradesForm
from reglo.dashboard.views.companies import local_address
from reglo.dashboard.views.settings.subjects import BANK, BILLING, COMPANY, LOOK, RECEIVING, SUBJECTS, TRADES, Subject
from reglo.events.models import Event
from reglo.files import store
from reglo.ports import clock
from reglo.ui.notices import notify


@staff(Right.SETTINGS)
def company(request: StaffRequest) -> HttpResponse:
    return _page(request, COMPANY, IdentityForm, template="company")


@staff(Right.SETTINGS)
def look(request: StaffRequest) -> HttpResponse:
    return _page(request, LOOK, LookForm, template="look")


@staff(Right.SETTINGS)
def billing(request: StaffRequest) -> HttpResponse:
    return _page(request, BILLING, BillingForm, template="billing")


@staff(Right.SETTINGS)
def trades(request: StaffRequest) -> HttpResponse:
    return _page(request, TRADES, TradesForm)


@staff(Right.SETTINGS)
def bank(request: StaffRequest) -> HttpResponse:
    return _page(request, BANK, BankForm)


@staff(Right.SETTINGS)
def receiving(request: StaffRequest) -> HttpResponse:
    return _page(request, RECEIVING, ReceivingForm, template="receiving")


@staff(Right.SETTINGS)
@require_POST
def undo(request: StaffRequest, event_id: int) -> HttpResponse:
    """Take one saved change back."""
    try:
        undo_company_change(company_id=request.company.pk, event_id=event_id, actor_id=request.user.pk, now=clock.now())
    except Event.DoesNotExist:
        raise Http404 from None
    notify(request, _("L’ancien réglage est rétabli."))
    return HttpResponseRedirect(local_address(request.GET.get("next", "")))


def company_form(request: StaffRequest, form_class: type[CompanyForm]) -> CompanyForm:
    """The form on a copy of the company: what is typed wrong shows nowhere else on the page."""
    return form_class(request.POST or None, request.FILES or None, instance=copy(request.company))


def save_company(request: StaffRequest, form: CompanyForm) -> Event | None:
    """Give the verb what a valid form holds; the event to undo, None when nothing changed."""
    now = clock.now()
    return change_company(
        company_id=request.company.pk, actor_id=request.user.pk, now=now, **form.changes, **_derived(form, now)
    )


def _derived(form: CompanyForm, now: datetime) -> dict[str, Any]:
    """Columns that follow from what was typed: the stored logo, the moment of an answer."""
    if isinstance(form, ReceivingForm):
        return {"receiving_platform_answered_at": now if form.cleaned_data["receiving_platform"] else None}
    if isinstance(form, LookForm) and form.cleaned_data["logo_file"]:
        return {"logo_id": store.put(form.cleaned_data["logo_file"], media_type="image/png", now=now).pk}
    if isinstance(form, LookForm) and form.cleaned_data.get("remove_logo"):
        return {"logo_id": None}
    return {}


def _page(
    request: StaffRequest, subject: Subject, form_class: type[CompanyForm], *, template: str = "form"
) -> HttpResponse:
    form = company_form(request, form_class)
    if request.method == "POST" and form.is_valid():
        saved = save_company(request, form)
        page = reverse(subject.route)
        if saved:
            undo_url = f"{reverse('dashboard:undo_change', args=[saved.pk])}?next={page}"
            notify(request, _("Modifications enregistrées."), undo_url=undo_url)
        return HttpResponseRedirect(page)
    return render(
        request,
        f"dashboard/settings/{template}.html",
        {"form": form, "subject": subject, "subjects": SUBJECTS},
        status=422 if form.errors else 200,
    )
