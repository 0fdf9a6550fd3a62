"""What the editor of a document answers, whichever its kind, once its lines were typed, moved, pasted or refused."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django_htmx.http import trigger_client_event

from reglo.dashboard.access import StaffRequest
from reglo.dashboard.editing import by_htmx, go, stored_amounts_beside
from reglo.dashboard.forms.draft import DocumentForm
from reglo.dashboard.line_buttons import Shown, looked_at, pressed
from reglo.dashboard.lines_shown import keep_line, lines_asked
from reglo.dashboard.pasted_table import TableRefused
from reglo.errors import RegloError
from reglo.invoicing.services import DraftRefused

F = TypeVar("F", bound=DocumentForm)
MEND_FIRST = gettext_lazy("Corrigez d’abord ce qui est signalé sur la page, puis collez à nouveau.")


def typed_form(
    request: StaffRequest, form_of: Callable[[QueryDict], F], *, rates: Sequence[Decimal]
) -> tuple[F, Sequence[str]]:
    """The form of what was posted, changed by the button of the lines that was pressed; with it, what is wrong with the
    table that was pasted, where something is."""
    try:
        return form_of(pressed(request.POST, company=request.company, rates=rates)), ()
    except TableRefused as refused:
        return form_of(request.POST), refused.sentences


def led_away(
    request: StaffRequest,
    form: DocumentForm,
    *,
    buttons: Mapping[str, str],
    edit_url: str,
    revision: int,
    with_vat: bool,
) -> HttpResponse | None:
    """Where the button that was pressed leads: one of `buttons`, with its page, or one among the lines. None where only
    the parts of the page that changed are to be shown."""
    for button, url in buttons.items():
        if button in request.POST:
            return go(request, url)
    if "paste-table" in request.POST:
        return go(request, Shown("coller=1", "paste").address(edit_url))
    if "keep" in request.POST:
        keep_line(request, form, with_vat=with_vat)
    shown = looked_at(form.data or request.POST, revision=revision)
    if shown and not request.POST.get("refreshed_line"):
        return go(request, shown.address(edit_url))
    return None if by_htmx(request) else HttpResponseRedirect(edit_url)


def refused_in_place(
    request: StaffRequest, form: DocumentForm, around: Mapping[str, Any], *, conflict: RegloError | None
) -> HttpResponse | None:
    """Nothing was written: each error at its field, everything typed kept. None where the whole page is to be shown."""
    if not by_htmx(request):
        return None
    if "paste" in request.POST:
        return table_refused_in_place(request, [str(conflict or MEND_FIRST)])
    context = {**around, "form": form, "lines": [(line, None) for line in form.rows], "conflict": conflict}
    return render(request, "dashboard/invoices/editor_refused.html", context, status=status_of(conflict))


def table_refused_in_place(request: StaffRequest, sentences: Sequence[str]) -> HttpResponse | None:
    """Nothing was written; the table is still where it was pasted, and what is wrong with it stands under it."""
    if not by_htmx(request):
        return None
    context = {"errors": sentences, "id": "paste-errors", "oob": True}
    answer = render(request, "dashboard/invoices/errors.html", context, status=DraftRefused.status)
    return trigger_client_event(answer, "table-refused")


def status_of(conflict: RegloError | None) -> int:
    return conflict.status if conflict else DraftRefused.status


def page_of_lines(
    request: StaffRequest, form: DocumentForm, stored: Callable[[], Sequence[int]], *, table_errors: Sequence[str]
) -> dict[str, Any]:
    """The lines of a whole page, with the amounts that are `stored` beside them where nothing else was typed."""
    asked = {} if form.lines.is_bound else lines_asked(request, form)
    minors = () if form.lines.is_bound else stored()
    return {
        "lines": stored_amounts_beside(form, minors, form.document.currency),
        "table_errors": table_errors,
        "table": request.POST.get("pasted", ""),
        "table_opened": bool(table_errors) or "coller" in request.GET,
        **asked,
    }
