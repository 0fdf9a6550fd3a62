"""Devis & Factures > Factures: the list."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import today_of
from reglo.dashboard.paging import page_of
from reglo.invoicing.models import Invoice
from reglo.invoicing.queries import Cursor, Filter, invoice_list
from reglo.invoicing.states import InvoiceState
from reglo.money import Money
from reglo.ports import clock

FILTERS = (
    (Filter.ALL, gettext_lazy("Tout")),
    (Filter.DUE, gettext_lazy("À payer")),
    (Filter.OVERDUE, gettext_lazy("En retard")),
    (Filter.PAID, gettext_lazy("Payées")),
    (Filter.DRAFT, gettext_lazy("Brouillons")),
    (Filter.CREDIT_NOTES, gettext_lazy("Avoirs")),
)


_NOTHING_OWED = {InvoiceState.DRAFT, InvoiceState.ISSUED, InvoiceState.PAID, InvoiceState.CREDITED}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list of documents. `number` is empty and `day` is that of the last change while a draft; the total
    of a credit note is negative, since it stands among invoices."""

    id: int
    number: str
    customer: str
    subject: str
    day: date
    state: InvoiceState
    total: Money
    is_credit_note: bool

    @property
    def is_draft(self) -> bool:
        return self.state == InvoiceState.DRAFT

    @property
    def is_owed(self) -> bool:
        """Whether money may still be asked for."""
        return self.state not in _NOTHING_OWED


@staff(Right.READ)
def invoices(request: StaffRequest) -> HttpResponse:
    company, today = request.company, today_of(request.company, clock.now())
    shown = _filter(request.GET.get("etat", ""))
    search = request.GET.get("q", "").strip()[:100]

    def fetch(after: str, before: str, limit: int) -> list[Invoice]:
        return invoice_list(
            company,
            shown=shown,
            search=search,
            today=today,
            after=read_cursor(after),
            before=read_cursor(before),
            limit=limit,
        )

    page = page_of(request.GET, fetch, invoice_token)
    context = {
        "page": page,
        "rows": [row_of(invoice, today) for invoice in page.rows],
        "filters": [(word.value, label, word == shown) for word, label in FILTERS],
        "shown": shown.value,
        "search": search,
        "is_narrowed": bool(search) or shown != Filter.ALL,
    }
    return render(request, "dashboard/invoices/list.html", context)


def row_of(invoice: Invoice, today: date) -> Row:
    customer = invoice.customer_name or (invoice.customer.name if invoice.customer else _("Sans client"))
    day = invoice.issue_date or timezone.localtime(invoice.edited_at).date()
    return Row(
        id=invoice.pk,
        number=invoice.number or "",
        customer=customer,
        subject=invoice.subject,
        day=day,
        state=invoice.state_on(today),
        total=-invoice.gross if invoice.is_credit_note else invoice.gross,
        is_credit_note=invoice.is_credit_note,
    )


def _filter(word: str) -> Filter:
    return Filter(word) if word in {known.value for known in Filter} else Filter.ALL


def invoice_token(invoice: Invoice) -> str:
    """Microseconds and id."""
    return f"{int(invoice.edited_at.timestamp() * 1_000_000)}-{invoice.pk}"


def read_cursor(token: str) -> Cursor | None:
    """The edge that `token` names; None for no token, or one that is not ours: the first page."""
    microseconds, _dash, number = token.partition("-")
    if not (microseconds.isdecimal() and number.isdecimal() and len(token) < 40):
        return None
    try:
        return Cursor(datetime.fromtimestamp(int(microseconds) / 1_000_000, UTC), int(number))
    except (ValueError, OverflowError, OSError):
        return None
