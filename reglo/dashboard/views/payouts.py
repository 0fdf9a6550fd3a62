"""Encaissements > Virements Stripe: what was paid out, what it is made of, and whether the bank has it."""

from datetime import date
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import today_of
from reglo.dashboard.forms.payouts import ReceivedForm
from reglo.dashboard.paging import page_of
from reglo.dashboard.payout_lines import LineRow, lines_after, rows_of
from reglo.dashboard.payout_words import failure_of
from reglo.dashboard.spreadsheets import csv_response, figure
from reglo.errors import RegloError
from reglo.payments.models import Payout
from reglo.payments.payout_sums import payout_sums
from reglo.payments.services import confirm_payout, undo_confirm_payout
from reglo.ports import clock
from reglo.ui.notices import notify

LINES = 200  # on a page
PAYOUT_HEADINGS = (
    *(gettext_lazy("Date"), gettext_lazy("Virement"), gettext_lazy("Libellé"), gettext_lazy("État")),
    *(gettext_lazy("Montant"), gettext_lazy("Devise"), gettext_lazy("Écart"), gettext_lazy("Reçu le")),
)
LINE_HEADINGS = (
    *(gettext_lazy("Date"), gettext_lazy("Nature"), gettext_lazy("Facture"), gettext_lazy("Client")),
    *(gettext_lazy("Référence Stripe"), gettext_lazy("Montant"), gettext_lazy("Frais"), gettext_lazy("Net")),
)


@staff(Right.READ_MONEY)
def payouts(request: StaffRequest) -> HttpResponse:
    def fetch(after: str, before: str, limit: int) -> list[Payout]:
        return _payouts(request, after, before, limit)

    page = page_of(request.GET, fetch, lambda payout: str(payout.pk))
    year = today_of(request.company, clock.now()).year
    return render(request, "dashboard/payouts/list.html", {"page": page, "payouts": page.rows, "year": year})


@staff(Right.READ_MONEY)
def payouts_file(request: StaffRequest) -> HttpResponse:
    """Those that arrived in `?annee=2026`, this year where none is asked for, for the accountant."""
    year = _year_asked(request)
    found = Payout.objects.filter(company=request.company, arrives_on__year=year).order_by(
        "arrives_on", "sent_at", "id"
    )
    rows = [
        [
            *(f"{payout.arrives_on:%d/%m/%Y}", payout.external_id, payout.descriptor, payout.get_state_display()),
            *(figure(payout.amount), payout.currency, figure(payout.gap) if payout.gap is not None else ""),
            f"{payout.received_on:%d/%m/%Y}" if payout.received_on else "",
        ]
        for payout in found
    ]
    name = _("virements-%(year)s.csv") % {"year": year}
    return csv_response(name, [str(heading) for heading in PAYOUT_HEADINGS], rows)


@staff(Right.READ_MONEY)
def payout(request: StaffRequest, payout_id: UUID) -> HttpResponse:
    found = get_object_or_404(Payout, company=request.company, id=payout_id)
    return _page(request, found, ReceivedForm(initial={"received_on": found.arrives_on}))


@staff(Right.READ_MONEY)
def lines_file(request: StaffRequest, payout_id: UUID) -> HttpResponse:
    """What the payout is made of, for the accountant: its sum is the line of the bank statement."""
    found = get_object_or_404(Payout, company=request.company, id=payout_id)
    rows = [_cells(row) for row in rows_of(lines_after(found))]
    name = _("virement-%(date)s-%(id)s.csv") % {"date": found.arrives_on, "id": found.external_id}
    return csv_response(name, [str(heading) for heading in LINE_HEADINGS], rows)


@staff(Right.COLLECT)
@require_POST
def confirm(request: StaffRequest, payout_id: UUID) -> HttpResponse:
    """*Reçu sur le compte*."""
    found = get_object_or_404(Payout, company=request.company, id=payout_id)
    form = ReceivedForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        confirm_payout(
            company_id=request.company.pk,
            payout_id=found.pk,
            received_on=form.cleaned_data["received_on"],
            actor_id=request.user.pk,
            now=clock.now(),
        )
    except RegloError as refused:
        form.add_error(refused.field, str(refused))
        return _page(request, found, form, status=refused.status)
    undo_url = reverse("dashboard:payout_undo_confirm", args=[found.pk])
    notify(request, _("Virement reçu sur le compte."), undo_url=undo_url)
    return HttpResponseRedirect(reverse("dashboard:payout", args=[found.pk]))


@staff(Right.COLLECT)
@require_POST
def undo_confirm(request: StaffRequest, payout_id: UUID) -> HttpResponse:
    undo_confirm_payout(company_id=request.company.pk, payout_id=payout_id, actor_id=request.user.pk, now=clock.now())
    return HttpResponseRedirect(reverse("dashboard:payout", args=[payout_id]))


def _page(request: StaffRequest, found: Payout, form: ReceivedForm, *, status: int = 200) -> HttpResponse:
    page = page_of(
        request.GET,
        lambda after, before, limit: lines_after(found, after=_number(after), before=_number(before), limit=limit),
        lambda line: str(line.pk),
        size=LINES,
    )
    context = {
        "payout": found,
        "failure": failure_of(found),
        "sums": payout_sums(found) if found.is_taken_apart else None,
        "page": page,
        "rows": rows_of(page.rows),
        "form": form,
    }
    return render(request, "dashboard/payouts/payout.html", context, status=status)


def _cells(row: LineRow) -> list[str]:
    line, invoice = row.line, row.invoice
    document = [invoice.number or "", invoice.customer_name] if invoice else ["", ""]
    amounts = [figure(line.gross), figure(line.fee), figure(line.net)]
    return [f"{line.moved_on:%d/%m/%Y}", row.what, *document, line.source_id or line.external_id, *amounts]


def _payouts(request: StaffRequest, after: str, before: str, limit: int) -> list[Payout]:
    """The payouts just before or just after one of them, latest first."""
    every = Payout.objects.filter(company=request.company)
    edge = every.filter(id=token).first() if (token := _uuid(after or before)) else None
    if edge and before:
        near = every.filter(Q(sent_at__gt=edge.sent_at) | Q(sent_at=edge.sent_at, id__gt=edge.pk))
        return list(near.order_by("sent_at", "id")[:limit])[::-1]
    if edge:
        every = every.filter(Q(sent_at__lt=edge.sent_at) | Q(sent_at=edge.sent_at, id__lt=edge.pk))
    return list(every.order_by("-sent_at", "-id")[:limit])


def _year_asked(request: StaffRequest) -> int:
    this_year = today_of(request.company, clock.now()).year
    try:
        return date(int(request.GET.get("annee", "")), 1, 1).year
    except ValueError:
        return this_year


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
