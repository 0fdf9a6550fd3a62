"""Reads of documents shared by several doors, all scoped by company."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import F, Q, QuerySet

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.database.prepared import Parameter, PreparedRead
from reglo.invoicing.content import DocumentContent, content_of
from reglo.invoicing.issue_check import Problem, problems_of
from reglo.invoicing.models import Invoice, InvoiceLine
from reglo.invoicing.states import InvoiceStatus
from reglo.invoicing.totals import totals_of

_LINES = PreparedRead(lambda: InvoiceLine.objects.filter(invoice_id=Parameter("invoice_id")).order_by("rank"))


class Filter(StrEnum):
    """The words over the list of invoices."""

    DUE = "a-payer"
    OVERDUE = "en-retard"
    PAID = "payees"
    DRAFT = "brouillons"
    ALL = "tout"


@dataclass(frozen=True, slots=True)
class Cursor:
    """An edge of a page of the list: the place of one invoice in it."""

    edited_at: datetime
    id: int


def lines_of(invoice: Invoice) -> list[InvoiceLine]:
    """As they are printed, by rank."""
    return _LINES(invoice_id=invoice.pk)


def invoices_of(company: Company) -> QuerySet[Invoice]:
    """Every invoice of the company that is not thrown away, with its customer and settlement."""
    return Invoice.objects.filter(company=company, discarded_at=None).select_related("customer", "settlement")


def invoice_list(
    company: Company,
    *,
    shown: Filter,
    search: str,
    today: date,
    customer: Customer | None = None,
    after: Cursor | None = None,
    before: Cursor | None = None,
    limit: int,
) -> list[Invoice]:
    """At most `limit` invoices, latest first: those just after one cursor, or just before the other.

    Keyset paging: the same cost at any depth.
    """
    invoices = _filtered(invoices_of(company), shown, today)
    if customer:
        invoices = invoices.filter(customer=customer)
    if search.strip():
        invoices = _searched(invoices, company, search.strip())
    if before:
        newer = invoices.filter(
            Q(edited_at__gt=before.edited_at) | Q(edited_at=before.edited_at, id__gt=before.id),
            edited_at__gte=before.edited_at,
        )
        return list(newer.order_by("edited_at", "id")[:limit])[::-1]
    if after:
        invoices = invoices.filter(
            Q(edited_at__lt=after.edited_at) | Q(edited_at=after.edited_at, id__lt=after.id),
            edited_at__lte=after.edited_at,
        )
    return list(invoices.order_by("-edited_at", "-id")[:limit])


def content_shown(invoice: Invoice, *, company: Company, today: date) -> DocumentContent:
    """The document as printed: frozen once issued, as it would be issued today while a draft. Raises AmountTooLarge."""
    if not invoice.is_draft:
        return DocumentContent.from_json(invoice.frozen)
    lines = lines_of(invoice)
    return content_of(
        invoice,
        company=company,
        customer=invoice.customer,
        lines=lines,
        totals=totals_of(
            lines,
            prices_include_vat=invoice.prices_include_vat,
            currency=invoice.currency,
            charges_vat=company.charges_vat,
        ),
        number="",
        issue_date=today,
        due_date=today + timedelta(days=invoice.due_days),
    )


def problems_before_issue(invoice: Invoice, *, company: Company, today: date) -> list[Problem]:
    """What *Contrôle avant émission* lists for a draft."""
    return problems_of(invoice, company=company, customer=invoice.customer, lines=lines_of(invoice), day=today)


def _filtered(invoices: QuerySet[Invoice], shown: Filter, today: date) -> QuerySet[Invoice]:
    unsettled = Q(status=InvoiceStatus.ISSUED, settlement__settled_minor__lt=F("settlement__gross_minor"))
    match shown:
        case Filter.DUE:
            return invoices.filter(unsettled)
        case Filter.OVERDUE:
            return invoices.filter(unsettled, due_date__lt=today)
        case Filter.PAID:
            return invoices.filter(
                status=InvoiceStatus.ISSUED, settlement__settled_minor__gte=F("settlement__gross_minor")
            )
        case Filter.DRAFT:
            return invoices.filter(status=InvoiceStatus.DRAFT)
        case Filter.ALL:
            return invoices


def _searched(invoices: QuerySet[Invoice], company: Company, search: str) -> QuerySet[Invoice]:
    """By number, or by customer: names are looked for among the customers, far fewer than the invoices."""
    customers = Customer.objects.filter(company=company, name__icontains=search).values_list("id", flat=True)[:200]
    return invoices.filter(
        Q(number__istartswith=search) | Q(number__iendswith=search) | Q(customer__in=list(customers))
    )
