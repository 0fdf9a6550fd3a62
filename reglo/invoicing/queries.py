"""Reads of documents shared by several doors, all scoped by company."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.database.prepared import Parameter, PreparedRead
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.credit_content import credit_note_content
from reglo.invoicing.crediting import credit_room, credit_totals
from reglo.invoicing.deducting import Planned, deducted_split, deduction_problems, deposit_room, planned_deductions
from reglo.invoicing.invoice_content import content_of
from reglo.invoicing.issue_check import Problem, credit_note_problems, problems_of
from reglo.invoicing.models import Invoice, InvoiceLine, OpeningPaper, owed
from reglo.invoicing.search import searched
from reglo.invoicing.states import DocumentKind, InvoiceStatus
from reglo.invoicing.totals import shares_of_document, totals_of
from reglo.money import Money

_LINES = PreparedRead(lambda: InvoiceLine.objects.filter(invoice_id=Parameter("invoice_id")).order_by("rank"))


class Filter(StrEnum):
    """The words over the list of invoices."""

    DUE = "a-payer"
    OVERDUE = "en-retard"
    PAID = "payees"
    CREDIT_NOTES = "avoirs"
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


def opening_paper_of(invoice: Invoice) -> OpeningPaper | None:
    """The PDF of the former tool, where somebody attached it to an invoice taken over."""
    return OpeningPaper.objects.filter(invoice=invoice).first() if invoice.is_opening else None


def credit_notes_of(invoice: Invoice) -> QuerySet[Invoice]:
    """Those issued and those prepared, oldest first."""
    return invoice.credit_notes.filter(discarded_at=None).order_by("id")


def credit_notes_issued(invoice: Invoice) -> QuerySet[Invoice]:
    return credit_notes_of(invoice).filter(status=InvoiceStatus.ISSUED)


def invoices_of(company: Company) -> QuerySet[Invoice]:
    """Every document of the company that is not thrown away, credit notes among them, with customer and settlement."""
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
    """At most `limit` documents, latest first: those just after one cursor, or just before the other.

    Credit notes stand among all, among the drafts, and alone; nothing of them is owed, paid or late.
    Keyset paging: the same cost at any depth.
    """
    invoices = _filtered(invoices_of(company), company, shown, today)
    if customer:
        invoices = invoices.filter(customer=customer)
    found = searched(invoices, company, search.strip()) if search.strip() else [invoices]
    place = _OF_SETTLEMENT if shown in _OWED else _OF_INVOICE
    rows = {row.pk: row for part in found for row in _nearest(part, place, after, before)[:limit]}
    latest_first = sorted(rows.values(), key=lambda row: (row.edited_at, row.pk), reverse=True)
    return latest_first[-limit:] if before else latest_first[:limit]


def owing(company: Company, *, amount: Money, limit: int) -> list[Invoice]:
    """At most `limit` invoices that owe this very amount, latest first."""
    unsettled = _filtered(invoices_of(company), company, Filter.DUE, date.min)
    exact = unsettled.filter(currency=amount.currency, settlement__settled_minor=owed("settlement__") - amount.minor)
    return list(exact.order_by("-settlement__edited_at", "-settlement__invoice_id")[:limit])


def _nearest(
    invoices: QuerySet[Invoice], place: tuple[str, str], after: Cursor | None, before: Cursor | None
) -> QuerySet[Invoice]:
    """Those just before a cursor, the nearest first; those just after one, or all of them."""
    at, key = place
    if before:
        beyond = Q((f"{at}__gt", before.edited_at)) | Q((at, before.edited_at), (f"{key}__gt", before.id))
        return invoices.filter(beyond, (f"{at}__gte", before.edited_at)).order_by(at, key)
    if after:
        beyond = Q((f"{at}__lt", after.edited_at)) | Q((at, after.edited_at), (f"{key}__lt", after.id))
        invoices = invoices.filter(beyond, (f"{at}__lte", after.edited_at))
    return invoices.order_by(f"-{at}", f"-{key}")


def content_shown(invoice: Invoice, *, company: Company, today: date) -> DocumentContent:
    """The document as printed: frozen once issued, as it would be issued today while a draft.

    Raises AmountTooLarge and DiscountTooLarge; of the draft of a credit note, NothingToCredit and CreditBeyondInvoice.
    """
    if not invoice.is_draft:
        return DocumentContent.from_json(invoice.frozen)
    lines = lines_of(invoice)
    if invoice.corrects is not None:
        room = credit_room(invoice.corrects)
        return credit_note_content(
            invoice,
            company=company,
            room=room,
            lines=lines,
            credit=credit_totals(
                lines, room, prices_include_vat=invoice.prices_include_vat, discounted=invoice.has_discount
            ),
            number="",
            issue_date=today,
        )
    totals = totals_of(
        lines,
        prices_include_vat=invoice.prices_include_vat,
        currency=invoice.currency,
        charges_vat=company.vat_on(today).charges_vat,
        discount=invoice.discount,
    )
    return content_of(
        invoice,
        company=company,
        customer=invoice.customer,
        lines=lines,
        totals=totals,
        number="",
        issue_date=today,
        due_date=invoice.terms.due_date(today),
        deductions=tuple(one.content for one in deductions_planned(invoice, today) if one.content.gross_minor),
    )


def deductions_planned(invoice: Invoice, today: date) -> list[Planned]:
    """What the draft would deduct if it were issued today. Raises AmountTooLarge."""
    deductions = list(invoice.deductions.select_related("deposit").order_by("deposit_id")) if invoice.pk else []
    if not deductions:
        return []
    lines, charges_vat = lines_of(invoice), invoice.company.vat_on(today).charges_vat
    totals = totals_of(
        lines,
        prices_include_vat=invoice.prices_include_vat,
        currency=invoice.currency,
        charges_vat=charges_vat,
        discount=invoice.discount,
    )
    shares = shares_of_document(
        lines, totals, prices_include_vat=invoice.prices_include_vat, charges_vat=charges_vat
    )
    return planned_deductions(invoice, shares, deductions)


def deposits_to_deduct(invoice: Invoice) -> list[Invoice]:
    """The issued deposits of the draft's customer of which something is left; those of its quote, or of none."""
    deposits = Invoice.objects.filter(
        company_id=invoice.company_id,
        customer=invoice.customer,
        kind=DocumentKind.DEPOSIT,
        status=InvoiceStatus.ISSUED,
        currency=invoice.currency,
    )
    if invoice.quote_id is not None:
        deposits = deposits.filter(Q(quote=None) | Q(quote=invoice.quote_id))
    return [deposit for deposit in deposits.order_by("id") if deposit_room(deposit).remaining_minor]


def problems_before_issue(invoice: Invoice, *, company: Company, today: date) -> list[Problem]:
    """What *Contrôle avant émission* lists for a draft."""
    if invoice.is_credit_note:
        return credit_note_problems(invoice, company=company, lines=lines_of(invoice))
    lines, planned = lines_of(invoice), deductions_planned(invoice, today)
    problems = problems_of(
        invoice,
        company=company,
        customer=invoice.customer,
        lines=lines,
        day=today,
        deducted_minor=deducted_split(planned).gross,
    )
    return [*problems, *deduction_problems(planned)]


def _filtered(invoices: QuerySet[Invoice], company: Company, shown: Filter, today: date) -> QuerySet[Invoice]:
    unsettled = Q(
        status=InvoiceStatus.ISSUED,
        settlement__company=company,
        settlement__settled_minor__lt=owed("settlement__"),
    )
    match shown:
        case Filter.DUE:
            return invoices.filter(unsettled)
        case Filter.OVERDUE:
            # What a debit under way will pay is not late: nobody is to be chased for it.
            return invoices.filter(unsettled, settlement__due_date__lt=today, settlement__pending_minor=0)
        case Filter.PAID:
            return invoices.filter(
                status=InvoiceStatus.ISSUED,
                settlement__settled_minor__gte=owed("settlement__"),
            )
        case Filter.CREDIT_NOTES:
            return invoices.filter(kind=DocumentKind.CREDIT_NOTE)
        case Filter.DRAFT:
            return invoices.filter(status=InvoiceStatus.DRAFT)
        case Filter.ALL:
            return invoices


_OWED = {Filter.DUE, Filter.OVERDUE}
# Where an invoice stands in its list: the index of what is owed has the same two, in the settlement.
_OF_INVOICE = ("edited_at", "id")
_OF_SETTLEMENT = ("settlement__edited_at", "settlement__invoice_id")
