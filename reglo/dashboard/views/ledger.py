"""Comptabilité: the journal of entries, and the balance of each account. Read only: entries come from what is done."""

from dataclasses import dataclass

from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.asked import whole_number
from reglo.dashboard.paging import page_of
from reglo.ledger.models import Entry, EntryLine
from reglo.money import Money

ENTRIES_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Side:
    """One line of an entry, or of the balance: an amount on one side, None on the other."""

    account: str
    label: str
    debit: Money | None
    credit: Money | None


@staff(Right.READ_MONEY)
def journal(request: StaffRequest) -> HttpResponse:
    """The entries, latest first, each with its lines."""
    every = Entry.objects.filter(company=request.company).prefetch_related("lines")

    def fetch(after: str, before: str, limit: int) -> list[Entry]:
        if edge := whole_number(before):
            return list(every.filter(position__gt=edge).order_by("position")[:limit])[::-1]
        edge = whole_number(after)
        older = every.filter(position__lt=edge) if edge else every
        return list(older.order_by("-position")[:limit])

    page = page_of(request.GET, fetch, lambda entry: str(entry.position), size=ENTRIES_A_PAGE)
    currency = request.company.currency
    context = {"page": page, "entries": [(entry, _sides(entry, currency)) for entry in page.rows]}
    return render(request, "dashboard/ledger/journal.html", context)


@staff(Right.READ_MONEY)
def balance(request: StaffRequest) -> HttpResponse:
    """The balance of every account that was ever moved, and the proof that debits equal credits."""
    lines = EntryLine.objects.filter(company=request.company).values_list("account", "account_label")
    sums = lines.annotate(minor=Sum("debit_minor") - Sum("credit_minor")).order_by("account")
    rows = [_standing(account, label, int(minor), request.company.currency) for account, label, minor in sums]
    zero = Money.zero(request.company.currency)
    context = {
        "rows": rows,
        "debits": sum((row.debit for row in rows if row.debit), zero),
        "credits": sum((row.credit for row in rows if row.credit), zero),
    }
    return render(request, "dashboard/ledger/balance.html", context)


def _sides(entry: Entry, currency: str) -> list[Side]:
    lines = sorted(entry.lines.all(), key=lambda line: line.rank)
    return [
        Side(
            line.account,
            line.auxiliary_label or line.account_label,
            Money(line.debit_minor, currency) if line.debit_minor else None,
            Money(line.credit_minor, currency) if line.credit_minor else None,
        )
        for line in lines
    ]


def _standing(account: str, label: str, minor: int, currency: str) -> Side:
    """The balance of an account, debits minus credits, on the side where it stands."""
    debit, credit = Money(max(minor, 0), currency), Money(max(-minor, 0), currency)
    return Side(account, label, debit or None, credit or None)
