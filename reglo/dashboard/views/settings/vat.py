"""*Configuration > TVA*: the regime and its history, the territory, the one-stop shop."""

from datetime import date

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reglo.companies.permissions import Right
from reglo.companies.states import VatRegime
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import today_of
from reglo.dashboard.forms.company import CompanyForm
from reglo.dashboard.forms.vat import VatHabitsForm, VatRegimeForm
from reglo.dashboard.views.settings.company import company_form, save_company
from reglo.dashboard.views.settings.subjects import SUBJECTS, VAT
from reglo.errors import RegloError
from reglo.invoicing.services import VatRegimeInUse, change_vat_regime, undo_vat_regime
from reglo.invoicing.vat_history import vat_history
from reglo.ports import clock
from reglo.ui.notices import notify, notify_failure


@staff(Right.SETTINGS)
def vat(request: StaffRequest) -> HttpResponse:
    """The page; posted, a change of regime."""
    form = _regime_form(request)
    if request.method == "POST" and form.is_valid() and _change(request, form):
        return HttpResponseRedirect(reverse(VAT.route))
    return _page(request, form, VatHabitsForm(instance=request.company))


@staff(Right.SETTINGS)
@require_POST
def habits(request: StaffRequest) -> HttpResponse:
    form = company_form(request, VatHabitsForm)
    if not form.is_valid():
        return _page(request, VatRegimeForm(company=request.company, today=_today(request)), form)
    if saved := save_company(request, form):
        undo_url = f"{reverse('dashboard:undo_change', args=[saved.pk])}?next={reverse(VAT.route)}"
        notify(request, _("Modifications enregistrées."), undo_url=undo_url)
    return HttpResponseRedirect(reverse(VAT.route))


@staff(Right.SETTINGS)
@require_POST
def undo(request: StaffRequest, period_id: int) -> HttpResponse:
    """Take a change of regime back, while nothing was issued under it."""
    try:
        undo_vat_regime(company_id=request.company.pk, period_id=period_id, actor_id=request.user.pk, now=clock.now())
    except VatRegimeInUse as error:
        notify_failure(request, str(error))
    else:
        notify(request, _("Changement de régime annulé."))
    return HttpResponseRedirect(reverse(VAT.route))


def _change(request: StaffRequest, form: VatRegimeForm) -> bool:
    """Whether the change was made; its refusal is put at its field."""
    typed = form.cleaned_data
    try:
        period = change_vat_regime(
            company_id=request.company.pk,
            since=typed["since"],
            regime=VatRegime(typed["regime"]),
            on_debits=typed["on_debits"],
            actor_id=request.user.pk,
            now=clock.now(),
        )
    except RegloError as error:
        form.refuse(error)
        return False
    undo_url = reverse("dashboard:undo_vat_regime", args=[period.pk])
    notify(request, _("Changement de régime enregistré."), undo_url=undo_url)
    return True


def _regime_form(request: StaffRequest) -> VatRegimeForm:
    return VatRegimeForm(request.POST or None, company=request.company, today=_today(request))


def _today(request: StaffRequest) -> date:
    return today_of(request.company, clock.now())


def _page(request: StaffRequest, form: VatRegimeForm, habits_form: CompanyForm) -> HttpResponse:
    context = {
        "form": form,
        "habits": habits_form,
        "history": vat_history(request.company, today=_today(request)),
        "subject": VAT,
        "subjects": SUBJECTS,
    }
    status = 422 if form.errors or habits_form.errors else 200
    return render(request, "dashboard/settings/vat.html", context, status=status)
