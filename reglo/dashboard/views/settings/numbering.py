"""Configuration > Numérotation: how documents are numbered, and a series that goes on from a former tool."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import today_of
from reglo.dashboard.forms.numbering import SeriesFormatForm, SeriesStartForm
from reglo.dashboard.numbering_rows import SeriesRow, series_row, series_rows
from reglo.dashboard.views.settings.subjects import NUMBERING, SUBJECTS
from reglo.errors import RegloError
from reglo.invoicing.numbering import Spelling, spelling_on
from reglo.invoicing.services import (
    BadSeriesFormat,
    SeriesShared,
    change_series_format,
    refuse_bad_format,
    start_series,
)
from reglo.ports import clock
from reglo.ui.notices import notify


@staff(Right.SETTINGS)
def numbering(request: StaffRequest) -> HttpResponse:
    context = {"subject": NUMBERING, "subjects": SUBJECTS, "rows": series_rows(request.company, _today(request))}
    return render(request, "dashboard/settings/numbering.html", context)


@staff(Right.SETTINGS)
def series_format(request: StaffRequest, slug: str) -> HttpResponse:
    """The format of one kind, from a day on."""
    row = _row(request, slug)
    form = _format_form(request, row)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_series_format(
                company_id=request.company.pk,
                kind=row.kind,
                pattern=form.cleaned_data["pattern"],
                digits=form.cleaned_data["digits"],
                effective_date=form.cleaned_data["effective_date"],
                shared=form.cleaned_data["shared"],
                now=clock.now(),
                actor_id=request.user.pk,
            )
        except (BadSeriesFormat, SeriesShared) as refused:
            form.add_error(refused.field, str(refused))
            shareable = isinstance(refused, SeriesShared)
            return _format_page(request, row, form, shareable=shareable, status=refused.status)
        notify(request, _("Format enregistré.") if changed else _("Ce format est déjà celui de ce jour."))
        return HttpResponseRedirect(reverse(NUMBERING.route))
    return _format_page(request, row, form, status=422 if form.errors else 200)


@staff(Right.SETTINGS)
@require_POST
def example(request: StaffRequest, slug: str) -> HttpResponse:
    """The number that is being spelled, while it is; nothing is written."""
    row = _row(request, slug)
    form = _format_form(request, row)
    shown, refused = "", ""
    if form.is_valid():
        typed = form.cleaned_data
        pattern, day = typed["pattern"].strip().upper(), typed["effective_date"]
        try:
            refuse_bad_format(
                company=request.company,
                pattern=pattern,
                digits=typed["digits"],
                effective_date=day,
                now=clock.now(),
            )
        except BadSeriesFormat as refusal:
            refused = str(refusal)
        else:
            shown = Spelling(pattern, typed["digits"], own=True).number(1, day, practice=request.company.practice)
    return render(request, "dashboard/settings/numbering_example.html", {"example": shown, "refused": refused})


@staff(Right.SETTINGS)
def series_start(request: StaffRequest, slug: str) -> HttpResponse:
    """*Commencer à un autre numéro*: typed, read again, then for ever."""
    row = _row(request, slug)
    form = SeriesStartForm(request.POST or None)
    confirming = False
    if form.is_valid():
        if form.cleaned_data["confirmed"]:
            try:
                _start(request, row, form)
            except RegloError as refused:
                form.add_error(refused.field, str(refused))
            else:
                return HttpResponseRedirect(reverse(NUMBERING.route))
        else:
            confirming = True
    context = {"subject": NUMBERING, "subjects": SUBJECTS, "row": row, "form": form, "confirming": confirming}
    if confirming:
        context["first"] = _spelling(request, row).number(
            form.cleaned_data["first_number"], _today(request), practice=request.company.practice
        )
    return render(request, "dashboard/settings/numbering_start.html", context, status=422 if form.errors else 200)


def _start(request: StaffRequest, row: SeriesRow, form: SeriesStartForm) -> None:
    start = start_series(
        company_id=request.company.pk,
        kind=row.kind,
        first_number=form.cleaned_data["first_number"],
        reason=form.cleaned_data["reason"],
        now=clock.now(),
        actor_id=request.user.pk,
    )
    notify(request, _("La série %s commence à ce numéro.") % start.series)


def _format_form(request: StaffRequest, row: SeriesRow) -> SeriesFormatForm:
    spelling, data = _spelling(request, row), request.POST if request.method == "POST" else None
    return SeriesFormatForm(data, spelling=spelling, today=_today(request))


def _format_page(
    request: StaffRequest, row: SeriesRow, form: SeriesFormatForm, *, shareable: bool = False, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"subject": NUMBERING, "subjects": SUBJECTS, "row": row, "form": form}
    context |= {"shareable": shareable or bool(form["shared"].data), "example": row.following}
    return render(request, "dashboard/settings/numbering_format.html", context, status=status)


def _spelling(request: StaffRequest, row: SeriesRow) -> Spelling:
    return spelling_on(row.kind, company_id=request.company.pk, day=_today(request))


def _row(request: StaffRequest, slug: str) -> SeriesRow:
    try:
        return series_row(slug, request.company, _today(request))
    except KeyError:
        raise Http404 from None


def _today(request: StaffRequest) -> date:
    return today_of(request.company, clock.now())
