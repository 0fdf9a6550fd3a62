"""Comptabilité > Clôtures: the totals of the periods that are over. Read only: the worker closes them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reglo.archives.models import Closing
from reglo.archives.states import PeriodKind
from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.asked import whole_number
from reglo.dashboard.paging import page_of
from reglo.money import Money

WORDS = {"jours": PeriodKind.DAY, "mois": PeriodKind.MONTH, "annees": PeriodKind.YEAR}


@staff(Right.READ_MONEY)
@require_safe
def closings(request: StaffRequest) -> HttpResponse:
    """Of days, months or years, latest first."""
    word = request.GET.get("periode", "")
    kind = WORDS.get(word, PeriodKind.MONTH)
    every = Closing.objects.filter(company=request.company, kind=kind)

    def fetch(after: str, before: str, limit: int) -> list[Closing]:
        if edge := whole_number(before):
            return list(every.filter(position__gt=edge).order_by("position")[:limit])[::-1]
        edge = whole_number(after)
        older = every.filter(position__lt=edge) if edge else every
        return list(older.order_by("-position")[:limit])

    page = page_of(request.GET, fetch, lambda closing: str(closing.position))
    context = {
        "page": page,
        "rows": [(closing, _figures(closing, request.company.currency)) for closing in page.rows],
        "kind": kind,
        "filters": [(word, kind_of.label, kind_of == kind) for word, kind_of in WORDS.items()],
    }
    return render(request, "dashboard/ledger/closings.html", context)


def _figures(closing: Closing, currency: str) -> dict[str, Money]:
    names = ("invoices_minor", "credit_notes_minor", "payments_minor", "undone_minor", "refunds_minor")
    perpetual = ("perpetual_invoiced_minor", "perpetual_collected_minor")
    return {name.removesuffix("_minor"): Money(getattr(closing, name), currency) for name in (*names, *perpetual)}
