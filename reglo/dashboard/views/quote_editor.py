"""The editor of a quote: the same sheet as an invoice's, with the options and the terms of a quote."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh, replace_url

from reglo.catalog.vat_rates import rates_on
from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import quote_sums_shown, today_of, totals_of_quote
from reglo.dashboard.editing import amounts_beside, quote_pages
from reglo.dashboard.editor_answers import (
    led_away,
    page_of_lines,
    refused_in_place,
    status_of,
    table_refused_in_place,
    typed_form,
)
from reglo.dashboard.forms.quote import QuoteEditorForm
from reglo.dashboard.views.invoice_editor import customer_asked
from reglo.dashboard.views.quote_pages import quote_seen
from reglo.errors import RegloError
from reglo.invoicing.models import Quote, QuoteVersion
from reglo.invoicing.quote_content import printed_amounts
from reglo.invoicing.services import (
    DraftChangedElsewhere,
    DraftDiscarded,
    DraftRefused,
    QuoteInput,
    VersionFinalised,
    blank_quote,
    create_quote,
    discard_quote,
    drop_revision,
    restore_quote,
    revise_quote,
    save_quote,
)
from reglo.ports import clock
from reglo.ui.notices import notify


@staff(Right.WRITE)
def begin(request: StaffRequest) -> HttpResponse:
    """A page ready to be typed on. Nothing is written before something is; the page then knows its quote."""
    known = request.POST.get("quote", "")
    if known.isdecimal() and len(known) < 19:
        return _editor(request, quote_seen(request, int(known)))
    return _editor(request, blank_quote(company=request.company, customer=customer_asked(request), now=clock.now()))


@staff(Right.WRITE)
def edit(request: StaffRequest, quote_id: int) -> HttpResponse:
    quote = quote_seen(request, quote_id)
    if request.method != "POST":
        if not _written(quote).is_draft:
            return HttpResponseRedirect(reverse("dashboard:quote", args=[quote.pk]))
        if quote.discarded_at:
            return render(request, "dashboard/quotes/discarded.html", {"quote": quote})
        quote.customer = customer_asked(request) or quote.customer
    return _editor(request, quote)


@staff(Right.WRITE)
@require_POST
def revise(request: StaffRequest, quote_id: int) -> HttpResponse:
    """*Nouvelle version*."""
    quote = quote_seen(request, quote_id)
    revise_quote(company_id=request.company.pk, quote_id=quote.pk, now=clock.now())
    return HttpResponseRedirect(reverse("dashboard:quote_edit", args=[quote.pk]))


@staff(Right.WRITE)
def drop(request: StaffRequest, quote_id: int) -> HttpResponse:
    """*Abandonner cette version*: asked once more, since what was typed is lost."""
    quote = quote_seen(request, quote_id)
    if request.method == "POST":
        drop_revision(company_id=request.company.pk, quote_id=quote.pk, now=clock.now())
        notify(request, _("Version abandonnée : votre client voit toujours la précédente."))
    if request.method == "POST" or not quote.is_being_revised:
        return HttpResponseRedirect(reverse("dashboard:quote", args=[quote.pk]))
    return render(request, "dashboard/quotes/drop.html", {"quote": quote})


@staff(Right.WRITE)
def discard(request: StaffRequest, quote_id: int) -> HttpResponse:
    """*Supprimer*, from the draft's page; a toast has the way back."""
    quote = quote_seen(request, quote_id)
    if request.method == "POST":
        discard_quote(company_id=request.company.pk, quote_id=quote.pk, now=clock.now())
        notify(request, _("Brouillon supprimé."), undo_url=reverse("dashboard:quote_restore", args=[quote.pk]))
        return HttpResponseRedirect(reverse("dashboard:quotes"))
    if not quote.is_draft:
        return HttpResponseRedirect(reverse("dashboard:quote", args=[quote.pk]))
    return render(request, "dashboard/quotes/discard.html", {"quote": quote})


@staff(Right.WRITE)
def restore(request: StaffRequest, quote_id: int) -> HttpResponse:
    quote = quote_seen(request, quote_id)
    if request.method == "POST":
        restore_quote(company_id=request.company.pk, quote_id=quote.pk)
        notify(request, _("Brouillon rétabli."))
    return HttpResponseRedirect(reverse("dashboard:quote_edit", args=[quote.pk]))


def _editor(request: StaffRequest, quote: Quote) -> HttpResponse:
    """Show the version being written, or save what was typed."""
    company, now = request.company, clock.now()
    today = today_of(company, now)
    if request.method != "POST":
        return _page(request, QuoteEditorForm(company=company, quote=quote, today=today))
    form, table_errors = typed_form(
        request,
        lambda data: QuoteEditorForm(company=company, quote=quote, today=today, data=data),
        rates=rates_on(today),
    )
    if table_errors:
        return table_refused_in_place(request, table_errors) or _page(
            request, form, table_errors=table_errors, status=DraftRefused.status
        )
    if not form.is_valid():
        return _refused(request, form)
    try:
        if quote.discarded_at:
            raise DraftDiscarded
        saved = _begin_or_save(request, quote, form.draft(), now)
    except DraftRefused as refused:
        form.refuse(refused)
        return _refused(request, form)
    except (DraftChangedElsewhere, DraftDiscarded, VersionFinalised) as conflict:
        return _refused(request, form, conflict=conflict)
    return _saved(request, form, saved)


def _begin_or_save(request: StaffRequest, quote: Quote, draft: QuoteInput, now: datetime) -> Quote:
    """Save onto `quote`, which is created first when it is new: both, or neither."""
    with transaction.atomic():
        if quote._state.adding:
            quote = create_quote(company=request.company, now=now)
            draft = replace(draft, revision=None)
        return save_quote(company=request.company, quote_id=quote.pk, draft=draft, now=now)


def _saved(request: StaffRequest, form: QuoteEditorForm, saved: Quote) -> HttpResponse:
    """Where the button that was pressed leads; without a button, the parts of the page that changed."""
    version, before = _written(saved), _written(form.quote)
    edit_url = reverse("dashboard:quote_edit", args=[saved.pk])
    elsewhere = led_away(
        request,
        form,
        buttons={
            "finalise": reverse("dashboard:quote_check", args=[saved.pk]),
            "preview": reverse("dashboard:quote_preview", args=[saved.pk]),
            "pick_customer": reverse("dashboard:quote_customer", args=[saved.pk]),
        },
        edit_url=edit_url,
        revision=version.revision,
        with_vat=version.prices_include_vat,
    )
    if elsewhere:
        return elsewhere
    if version.prices_include_vat != before.prices_include_vat:
        return HttpResponseClientRefresh() if form.quote.pk else HttpResponseClientRedirect(edit_url)
    context = {
        **_shown(request, form, saved),
        "lines": amounts_beside(form, _amounts(saved), version.currency),
        "close_dialog": "close_dialog" in request.POST,
        "refreshed_line": request.POST.get("refreshed_line", ""),
    }
    return replace_url(render(request, "dashboard/invoices/editor_saved.html", context), edit_url)


def _refused(request: StaffRequest, form: QuoteEditorForm, *, conflict: RegloError | None = None) -> HttpResponse:
    """Nothing was written: each error at its field, everything typed kept."""
    in_place = refused_in_place(request, form, _around(form.quote), conflict=conflict)
    return in_place or _page(request, form, conflict=conflict, status=status_of(conflict))


def _page(
    request: StaffRequest,
    form: QuoteEditorForm,
    *,
    conflict: RegloError | None = None,
    table_errors: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    quote = form.quote
    context = {
        **_shown(request, form, quote),
        **page_of_lines(request, form, lambda: _amounts(quote), table_errors=table_errors),
        "action": reverse("dashboard:quote_edit", args=[quote.pk]) if quote.pk else request.path,
        "conflict": conflict,
    }
    return render(request, "dashboard/invoices/editor.html", context, status=status)


def _shown(request: StaffRequest, form: QuoteEditorForm, quote: Quote) -> dict[str, Any]:
    """What follows from the version as it is stored."""
    today, version = today_of(request.company, clock.now()), _written(quote)
    return {
        **_around(quote),
        "form": form,
        "company": request.company,
        "today": today,
        "valid_until": today + timedelta(days=version.valid_days),
        "sums": quote_sums_shown(version, totals_of_quote(quote), company=request.company),
    }


def _around(quote: Quote) -> dict[str, Any]:
    return {
        "pages": quote_pages(quote),
        "quote": quote,
        "draft": _written(quote),
        "customer": quote.customer,
        "edited_at": quote.edited_at,
    }


def _amounts(quote: Quote) -> list[int]:
    """Of each line as it is printed: those of the options too, which no subtotal counts."""
    version = _written(quote)
    return printed_amounts(version, charges_vat=quote.company.charges_vat) if version.pk else []


def _written(quote: Quote) -> QuoteVersion:
    assert quote.latest is not None, "a quote has a version from the start"
    return quote.latest
