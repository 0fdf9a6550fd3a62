"""*Reprendre*: the unpaid invoices of a former tool become payable here, all of a file or none."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.companies.locks import lock_company
from reglo.companies.models import Company
from reglo.customers.models import Customer, CustomerKind
from reglo.database.retry import retry_on_conflict
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.accounting import opening_postings
from reglo.invoicing.chaining import hash_document
from reglo.invoicing.models import Invoice, OpeningImport, Settlement
from reglo.invoicing.opening_check import Matched, matched_rows, opening_problems
from reglo.invoicing.opening_content import opening_content
from reglo.invoicing.opening_rows import OpeningRow, RowProblem
from reglo.invoicing.states import DocumentKind, InvoiceStatus
from reglo.ledger.services import post_entry
from reglo.ledger.states import Journal


class OpeningsRefused(RegloError):
    """Something is wrong with a line; `problems` is the same list as the preview's. Nothing was taken over."""

    code = "openings_refused"
    message = _("Rien n’a été repris : corrigez ce qui est signalé, ligne par ligne.")

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__()


@retry_on_conflict
def import_openings(
    *,
    company_id: int,
    rows: Sequence[OpeningRow],
    key: UUID,
    name: str,
    now: datetime,
    actor_id: int | None = None,
) -> OpeningImport:
    """Each row becomes an invoice that owes what remained of it, with its entry of à-nouveaux, and its customer where
    that was not known. A `key` that was done already is returned as it stands.

    Never numbered, chained nor counted in turnover. Raises OpeningsRefused: nothing is then written.
    """
    with transaction.atomic():
        company = lock_company(company_id)
        if done := OpeningImport.objects.filter(company=company, form_id=key).first():
            return done
        today = now.astimezone(company.zone).date()
        problems = opening_problems(rows, company=company, today=today)
        if problems:
            raise OpeningsRefused(problems)
        made = OpeningImport.objects.create(
            company=company,
            form_id=key,
            name=name[:200],
            count=len(rows),
            remaining_minor=sum(row.remaining_minor for row in rows),
            currency=company.currency,
            imported_at=now,
            imported_by_id=actor_id,
        )
        newcomers: dict[tuple[str, str], Customer] = {}
        for matched in matched_rows(rows, company=company):
            customer = matched.customer or newcomers.get(matched.newcomer) or _new_customer(company, matched, now)
            newcomers[matched.newcomer] = customer
            _take_over(company, made, matched.row, customer, now, actor_id)
    return made


def _new_customer(company: Company, matched: Matched, now: datetime) -> Customer:
    row = matched.row
    customer = Customer.objects.create(
        company=company,
        kind=CustomerKind.PROFESSIONAL if row.siren else CustomerKind.CONSUMER,
        name=row.customer_name,
        siren=row.siren,
        email=row.email,
        address=row.address,
        postal_code=row.postal_code,
        city=row.city,
        created_at=now,
    )
    record(
        kind=Kind.CUSTOMER_CREATED, company_id=company.id, subject=customer, now=now, content={"name": customer.name}
    )
    return customer


def _take_over(
    company: Company,
    made: OpeningImport,
    row: OpeningRow,
    customer: Customer,
    now: datetime,
    actor_id: int | None,
) -> None:
    content = opening_content(row, company=company, customer=customer)
    frozen = content.to_json()
    invoice = Invoice.objects.create(
        kind=DocumentKind.OPENING,
        company=company,
        customer=customer,
        status=InvoiceStatus.ISSUED,
        created_at=now,
        edited_at=now,
        issued_at=now,
        currency=company.currency,
        prices_include_vat=True,
        due_days=max(0, min(365, (row.due_date - row.issue_date).days)),
        card_allowed=company.card_payments,
        card_limit_minor=company.card_limit_minor,
        partial_allowed=company.partial_payments,
        asked_as=f"{made.asked_as}{row.line}",
        net_minor=content.net_minor,
        vat_minor=content.vat_minor,
        gross_minor=content.gross_minor,
        vat_on_receipts_minor=row.vat_minor,
        subject=content.lines[0].description[:200],
        number=row.number,
        issue_date=row.issue_date,
        due_date=row.due_date,
        customer_name=customer.name,
        frozen=frozen,
        hash=hash_document(previous="", frozen=frozen),
    )
    Settlement.objects.create(
        invoice=invoice, company=company, edited_at=now, due_date=row.due_date, gross_minor=invoice.gross_minor
    )
    _post(invoice, now)
    _tell(invoice, row, now, actor_id)


def _post(invoice: Invoice, now: datetime) -> None:
    number, day = invoice.number, invoice.issue_date
    assert number is not None, "it keeps its own"
    assert day is not None, "it was issued"
    entry = post_entry(
        company_id=invoice.company_id,
        journal=Journal.OPENING,
        entry_date=now.astimezone(invoice.company.zone).date(),
        piece=number,
        piece_date=day,
        label=f"Reprise {number} {invoice.customer_name}"[:200],
        source=f"invoice:{invoice.id}",
        postings=opening_postings(invoice),
        now=now,
    )
    assert entry is not None, "something is owed"


def _tell(invoice: Invoice, row: OpeningRow, now: datetime, actor_id: int | None) -> None:
    record(
        kind=Kind.OPENING_IMPORTED,
        company_id=invoice.company_id,
        subject=invoice,
        now=now,
        actor_id=actor_id,
        content={
            "number": row.number,
            "remaining_minor": row.remaining_minor,
            "total_minor": row.total_minor,
            "currency": invoice.currency,
            "hash": invoice.hash,
        },
    )
