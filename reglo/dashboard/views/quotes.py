"""Devis & Factures > Devis: the list."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import today_of
from reglo.dashboard.paging import page_of
from reglo.dashboard.views.invoices import read_cursor
from reglo.invoicing.models import Quote
from reglo.invoicing.quote_queries import QuoteFilter, quote_list
from reglo.invoicing.states import QuoteState
from reglo.money import Money
from reglo.ports import clock

FILTERS = (
    (QuoteFilter.ALL, gettext_lazy("Tout")),
    (QuoteFilter.DRAFT, gettext_lazy("Brouillons")),
    (QuoteFilter.SENT, gettext_lazy("Envoyés")),
    (QuoteFilter.ACCEPTED, gettext_lazy("Acceptés")),
    (QuoteFilter.REFUSED, gettext_lazy("Refusés")),
    (QuoteFilter.EXPIRED, gettext_lazy("Expirés")),
)
_ANSWERABLE = {QuoteState.SENT, QuoteState.ACCEPTED}


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """One line of the list: of what the customer sees, or of the draft where they see nothing yet."""

    id: int
    number: str
    customer: str
    subject: str
    day: date
    state: QuoteState
    total: Money

    @property
    def is_sendable(self) -> bool:
        return self.state in _ANSWERABLE


@staff(Right.READ)
def quotes(request: StaffRequest) -> HttpResponse:
    company, today = request.company, today_of(request.company, clock.now())
    shown = _filter(request.GET.get("etat", ""))
    search = request.GET.get("q", "").strip()[:100]

    def fetch(after: str, before: str, limit: int) -> list[Quote]:
        return quote_list(
            company,
            shown=shown,
            search=search,
            today=today,
            after=read_cursor(after),
            before=read_cursor(before),
            limit=limit,
        )

    page = page_of(request.GET, fetch, quote_token)
    context = {
        "page": page,
        "rows": [quote_row_of(quote, today) for quote in page.rows],
        "filters": [(word.value, label, word == shown) for word, label in FILTERS],
        "shown": shown.value,
        "search": search,
        "is_narrowed": bool(search) or shown != QuoteFilter.ALL,
    }
    return render(request, "dashboard/quotes/list.html", context)


def quote_row_of(quote: Quote, today: date) -> QuoteRow:
    version = quote.offered or quote.latest
    assert version is not None, "a quote has a version from the start"
    return QuoteRow(
        id=quote.pk,
        number=quote.number or "",
        customer=quote.customer.name if quote.customer else _("Sans client"),
        subject=version.subject,
        day=version.issue_date or timezone.localtime(quote.edited_at).date(),
        state=quote.state_on(today),
        total=version.gross,
    )


def quote_token(quote: Quote) -> str:
    """Microseconds and id."""
    return f"{int(quote.edited_at.timestamp() * 1_000_000)}-{quote.pk}"


def _filter(word: str) -> QuoteFilter:
    return QuoteFilter(word) if word in {known.value for known in QuoteFilter} else QuoteFilter.ALL
