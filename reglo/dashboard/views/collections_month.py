"""Encaissements > Mois: the *livre des recettes*, on the screen and as a file for a spreadsheet."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import today_of
from reglo.dashboard.spreadsheets import csv_response, figure
from reglo.money import Money
from reglo.payments.monthly_collections import CollectionLine, monthly_collections
from reglo.ports import clock
from reglo.ui import formats

WHO = (_("Date"), _("Facture"), _("Client"), _("Objet"), _("Moyen"))
HEADINGS = (*WHO, _("Taux de TVA"), _("HT"), _("TVA"), _("TTC"))
FRANCHISE_HEADINGS = (*WHO, _("Montant"))
EARLIEST = date(2000, 1, 1)  # as the chart of accounts


@staff(Right.READ_MONEY)
def month(request: StaffRequest) -> HttpResponse:
    """The collections of `?mois=2026-11`, this month where none is asked for."""
    first = _month_asked(request)
    book = monthly_collections(company=request.company, year=first.year, month=first.month)
    currency = request.company.currency
    context = {
        "first": first,
        "previous": _shifted(first, -1) if first > EARLIEST else None,
        "next": _shifted(first, 1) if first < today_of(request.company, clock.now()).replace(day=1) else None,
        "lines": [(line, Money(line.gross_minor, currency), Money(line.vat_minor, currency)) for line in book.lines],
        "total": Money(book.total_minor, currency),
        "surplus": Money(book.surplus_minor, currency),
        "by_method": [(method.label, Money(minor, currency)) for method, minor in book.by_method.items()],
        "by_rate": [
            (rate, Money(gross - vat, currency), Money(vat, currency), Money(gross, currency))
            for rate, (gross, vat) in book.by_rate.items()
        ],
    }
    return render(request, "dashboard/collections/month.html", context)


@staff(Right.READ_MONEY)
def month_file(request: StaffRequest) -> HttpResponse:
    """The same as CSV, as French spreadsheets read it."""
    first = _month_asked(request)
    book = monthly_collections(company=request.company, year=first.year, month=first.month)
    charges_vat = request.company.charges_vat
    rows = [_row(line, book.currency, charges_vat) for line in book.lines]
    headings = HEADINGS if charges_vat else FRANCHISE_HEADINGS
    name = _("encaissements-%(month)s.csv") % {"month": f"{first:%Y-%m}"}
    return csv_response(str(name), [str(heading) for heading in headings], rows)


def _row(line: CollectionLine, currency: str, charges_vat: bool) -> list[str]:
    who = [f"{line.day:%d/%m/%Y}", line.invoice_number, line.customer_name, line.subject, str(line.method.label)]
    gross = figure(Money(line.gross_minor, currency))
    if not charges_vat:
        return [*who, gross]
    rate = "" if line.vat_rate is None else formats.rate(line.vat_rate, language=get_language() or "fr")
    return [*who, rate, figure(Money(line.net_minor, currency)), figure(Money(line.vat_minor, currency)), gross]


def _month_asked(request: StaffRequest) -> date:
    """The first day of the month asked for; of this month when nothing sensible is."""
    this_month = today_of(request.company, clock.now()).replace(day=1)
    try:
        asked = date.fromisoformat(f"{request.GET.get('mois', '')}-01")
    except ValueError:
        return this_month
    return asked if EARLIEST <= asked <= this_month else this_month


def _shifted(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
