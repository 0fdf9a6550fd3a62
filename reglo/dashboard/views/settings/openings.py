"""Configuration > Reprise: the unpaid invoices of a former tool, shown before they come in, undone while untouched."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from reglo.catalog.vat_rates import rates_on
from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import today_of
from reglo.dashboard.forms.openings import OpeningFileForm, OpeningForm
from reglo.dashboard.spreadsheets import csv_response
from reglo.dashboard.views.settings.subjects import OPENINGS, SUBJECTS
from reglo.invoicing.models import Invoice, OpeningImport
from reglo.invoicing.opening_check import matched_rows, opening_problems
from reglo.invoicing.opening_rows import COLUMNS, headings, read_rows
from reglo.invoicing.services import OpeningsRefused, OpeningTouched, import_openings, undo_openings
from reglo.invoicing.states import DocumentKind
from reglo.money import Money
from reglo.ports import clock, ids
from reglo.ui.notices import notify, notify_failure

SHOWN = 50


@staff(Right.SETTINGS)
@require_safe
def openings(request: StaffRequest) -> HttpResponse:
    """What was taken over, latest first."""
    imports = OpeningImport.objects.filter(company=request.company).select_related("imported_by").order_by("-id")
    taken = Invoice.objects.filter(company=request.company, kind=DocumentKind.OPENING).select_related("settlement")
    context = {
        **_subject(),
        "imports": [(one, Money(one.remaining_minor, one.currency)) for one in imports[:SHOWN]],
        "invoices": taken.order_by("-edited_at", "-id")[:SHOWN],
    }
    return render(request, "dashboard/openings/list.html", context)


@staff(Right.SETTINGS)
def new(request: StaffRequest) -> HttpResponse:
    """A file, read and shown with every problem at its line; nothing is written before it is confirmed."""
    form = OpeningFileForm(request.POST or None, request.FILES or None, initial={"key": ids.new_uuid()})
    if not form.is_valid():
        return _file_page(request, form, status=422 if form.is_bound else 200)
    typed, today = form.cleaned_data, today_of(request.company, clock.now())
    read = read_rows(typed["text"], currency=request.company.currency, rates=rates_on(today))
    problems = [*read.problems, *opening_problems(read.rows, company=request.company, today=today)]
    if problems or not typed["confirmed"]:
        return _preview(request, form, read.rows, problems)
    try:
        made = import_openings(
            company_id=request.company.pk,
            rows=read.rows,
            key=typed["key"],
            name=typed["name"],
            now=clock.now(),
            actor_id=request.user.pk,
        )
    except OpeningsRefused as refused:
        return _preview(request, form, read.rows, refused.problems)
    _say(request, made)
    return HttpResponseRedirect(reverse(OPENINGS.route))


@staff(Right.SETTINGS)
def one(request: StaffRequest) -> HttpResponse:
    """One invoice, typed."""
    today = today_of(request.company, clock.now())
    form = OpeningForm(request.POST or None, company=request.company, today=today, initial={"key": ids.new_uuid()})
    if form.is_valid():
        try:
            made = import_openings(
                company_id=request.company.pk,
                rows=[form.row()],
                key=form.cleaned_data["key"],
                name="",
                now=clock.now(),
                actor_id=request.user.pk,
            )
        except OpeningsRefused as refused:
            for problem in refused.problems:
                form.add_error(None, problem.message)
        else:
            _say(request, made)
            return HttpResponseRedirect(reverse(OPENINGS.route))
    return render(
        request, "dashboard/openings/one.html", {**_subject(), "form": form}, status=422 if form.errors else 200
    )


@staff(Right.SETTINGS)
@require_safe
def model(request: StaffRequest) -> HttpResponse:
    """The model file: its titles, and an example to write over."""
    example = {
        "number": "2026-117",
        "issue_date": "03/10/2026",
        "due_date": "02/11/2026",
        "customer_name": "Café des Halles",
        "total": "1200,00",
        "remaining": "700,00",
    }
    return csv_response("reprise.csv", headings(), [[example.get(column, "") for column in COLUMNS]])


@staff(Right.SETTINGS)
def undo(request: StaffRequest, import_id: int) -> HttpResponse:
    """*Annuler la reprise*, asked once more."""
    made = get_object_or_404(OpeningImport, company=request.company, id=import_id)
    if request.method != "POST":
        remaining = Money(made.remaining_minor, made.currency)
        return render(request, "dashboard/openings/undo.html", {**_subject(), "made": made, "remaining": remaining})
    try:
        undo_openings(company_id=request.company.pk, import_id=made.pk, now=clock.now(), actor_id=request.user.pk)
    except OpeningTouched as refused:
        notify_failure(request, str(refused))
    else:
        notify(request, _("Reprise annulée : ces factures ne sont plus dans Réglo."))
    return HttpResponseRedirect(reverse(OPENINGS.route))


def _say(request: StaffRequest, made: OpeningImport) -> None:
    words = ngettext("%(count)d facture reprise.", "%(count)d factures reprises.", made.count)
    notify(request, words % {"count": made.count}, undo_url=reverse("dashboard:opening_undo", args=[made.pk]))


def _preview(request: StaffRequest, form: OpeningFileForm, rows: Any, problems: Any) -> HttpResponse:
    typed = form.cleaned_data
    currency = request.company.currency
    context = {
        **_subject(),
        "key": typed["key"],
        "name": typed["name"],
        "text": typed["text"],
        "problems": problems,
        "rows": [
            (matched, Money(matched.row.remaining_minor, currency), Money(matched.row.total_minor, currency))
            for matched in matched_rows(rows, company=request.company)
        ],
        "remaining": Money(sum(row.remaining_minor for row in rows), currency),
    }
    return render(request, "dashboard/openings/preview.html", context, status=422 if problems else 200)


def _file_page(request: StaffRequest, form: OpeningFileForm, *, status: int) -> HttpResponse:
    context = {**_subject(), "form": form, "columns": headings()}
    return render(request, "dashboard/openings/new.html", context, status=status)


def _subject() -> dict[str, Any]:
    return {"subject": OPENINGS, "subjects": SUBJECTS}
