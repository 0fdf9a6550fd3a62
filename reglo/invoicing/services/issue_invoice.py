"""*Finaliser la facture*: it gets its number, its entry, its place in the chain, and is never edited again."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.database.prepared import insert, update
from reglo.database.retry import retry_on_conflict
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.accounting import deposit_postings, invoice_postings, vat_on_receipts
from reglo.invoicing.chaining import freeze
from reglo.invoicing.deducting import Planned, deducted_split, deduction_problems, planned_deductions
from reglo.invoicing.issue_check import Problem, blocking, problems_of
from reglo.invoicing.line_vat import is_oss
from reglo.invoicing.locks import lock_deductions, lock_invoice
from reglo.invoicing.models import Invoice, InvoiceLine, Settlement
from reglo.invoicing.numbering import take_number
from reglo.invoicing.queries import lines_of
from reglo.invoicing.quote_billing import check_within_quote
from reglo.invoicing.services.deduct_deposits import deliver_deposits, write_deductions
from reglo.invoicing.services.save_draft import NotAnInvoice
from reglo.invoicing.states import InvoiceStatus, SeriesKind
from reglo.invoicing.totals import NatureSplit, nature_split, shares_of_document, totals_of
from reglo.ledger.queries import AccountMap, account_map
from reglo.ledger.services import post_entry
from reglo.ledger.states import Journal
from reglo.money.taxes import Totals

_GIVEN_AT_ISSUE = (
    *("status", "edited_at", "net_minor", "vat_minor", "gross_minor", "vat_on_receipts_minor"),
    *("series", "number", "issue_date", "due_date", "issued_at", "customer_name"),
    *("frozen", "chain_position", "previous_hash", "hash"),
)


class InvoiceIncomplete(RegloError):
    """Something the law wants is missing; `problems` is the same list as *Contrôle avant émission*."""

    code = "invoice_incomplete"
    message = _("Il manque encore quelque chose avant de finaliser cette facture.")

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__()


class DraftDiscarded(RegloError):
    code = "draft_discarded"
    status = 409
    message = _("Ce brouillon a été supprimé. Rétablissez-le avant de le finaliser.")


@retry_on_conflict
def issue_invoice(*, company_id: int, invoice_id: int, now: datetime, actor_id: int | None = None) -> Invoice:
    """Issue the draft on today's date of its company; issuing an issued invoice again returns it unchanged.

    Raises InvoiceIncomplete, DraftDiscarded, IssueDateBeforeSeries, NotAnInvoice, InvoiceBeyondQuote: nothing is then
    written, no number is used.
    """
    with transaction.atomic():
        invoice = lock_invoice(company_id=company_id, invoice_id=invoice_id)
        if invoice.is_credit_note:
            raise NotAnInvoice
        if not invoice.is_draft:
            return invoice  # a double click is not an error
        if invoice.discarded_at:
            raise DraftDiscarded
        company, lines = invoice.company, lines_of(invoice)
        today = now.astimezone(company.zone).date()
        vat = company.vat_on(today)  # of the day of issue, whatever it was when the draft was typed
        totals = totals_of(
            lines,
            prices_include_vat=invoice.prices_include_vat,
            currency=invoice.currency,
            charges_vat=vat.charges_vat,
            discount=invoice.discount,
        )
        shares = shares_of_document(
            lines, totals, prices_include_vat=invoice.prices_include_vat, charges_vat=vat.charges_vat
        )
        planned = planned_deductions(invoice, shares, lock_deductions(invoice))
        split, deducted = nature_split(shares), deducted_split(planned)
        accounts = account_map(company_id=company_id)
        problems = problems_of(
            invoice,
            company=company,
            customer=invoice.customer,
            lines=lines,
            day=today,
            accounts=accounts,
            deducted_minor=deducted.gross,
        )
        if missing := blocking([*problems, *deduction_problems(planned)]):
            raise InvoiceIncomplete(missing)
        of_another_country = is_oss(lines)
        _number(invoice, company, totals, today, now)
        # The VAT of another country is due there whenever it is paid.
        invoice.vat_on_receipts_minor = (
            0 if of_another_country else vat_on_receipts(invoice, split, deducted, on_debits=vat.on_debits)
        )
        check_within_quote(invoice)
        _freeze(invoice, company, lines, totals, planned)
        write_deductions(planned)
        update(invoice, *_GIVEN_AT_ISSUE)
        invoice.settlement = _open_settlement(invoice, deducted, now)
        delivered = deliver_deposits(planned, invoice=invoice, now=now)
        _post(invoice, split, deducted, delivered, now, accounts=accounts, of_another_country=of_another_country)
        record(
            kind=Kind.INVOICE_ISSUED,
            company_id=company_id,
            subject=invoice,
            now=now,
            actor_id=actor_id,
            content={
                "number": invoice.number,
                "gross_minor": invoice.gross_minor,
                "currency": invoice.currency,
            },
        )
    return invoice


def _number(invoice: Invoice, company: Company, totals: Totals, today: date, now: datetime) -> None:
    invoice.move_to(InvoiceStatus.ISSUED)
    invoice.net_minor, invoice.vat_minor, invoice.gross_minor = (
        totals.net_minor,
        totals.vat_minor,
        totals.gross_minor,
    )
    invoice.issue_date, invoice.issued_at, invoice.edited_at = today, now, now
    invoice.due_date = invoice.terms.due_date(today)
    taken = take_number(
        company_id=company.id, kind=SeriesKind(invoice.kind), issue_date=today, practice=company.practice
    )
    invoice.series, invoice.number = taken.series, taken.number


def _freeze(
    invoice: Invoice, company: Company, lines: Sequence[InvoiceLine], totals: Totals, planned: Sequence[Planned]
) -> None:
    """Copy the identities and the whole content, and chain them to the document before."""
    assert invoice.number is not None, "numbered before frozen"
    assert invoice.issue_date is not None, "dated before frozen"
    assert invoice.due_date is not None, "its due date comes with its date"
    assert invoice.customer is not None, "nothing is issued to nobody"
    invoice.customer_name = invoice.customer.name
    content = content_of(
        invoice,
        company=company,
        customer=invoice.customer,
        lines=lines,
        totals=totals,
        number=invoice.number,
        issue_date=invoice.issue_date,
        due_date=invoice.due_date,
        deductions=tuple(one.content for one in planned),
    )
    freeze(invoice, content)


def _open_settlement(invoice: Invoice, deducted: NatureSplit, now: datetime) -> Settlement:
    assert invoice.due_date is not None, "given with the number"
    instalments = invoice.terms.instalments(invoice.gross_minor)
    return insert(
        Settlement(
            invoice=invoice,
            company_id=invoice.company_id,
            edited_at=invoice.edited_at,
            due_date=instalments[0].due_date if instalments else invoice.due_date,
            gross_minor=invoice.gross_minor,
            deducted_minor=deducted.gross,
            settled_at=None if invoice.gross_minor > deducted.gross else now,
        )
    )


def _post(
    invoice: Invoice,
    split: NatureSplit,
    deducted: NatureSplit,
    delivered: int,
    now: datetime,
    *,
    accounts: AccountMap,
    of_another_country: bool,
) -> None:
    assert invoice.number is not None, "numbered before posted"
    assert invoice.issue_date is not None, "dated before posted"
    entry = post_entry(
        company_id=invoice.company_id,
        journal=Journal.SALES,
        entry_date=invoice.issue_date,
        piece=invoice.number,
        piece_date=invoice.issue_date,
        label=f"{'Acompte' if invoice.is_deposit else 'Facture'} {invoice.number} {invoice.customer_name}"[:200],
        source=f"invoice:{invoice.id}",
        postings=deposit_postings(invoice, of_another_country=of_another_country)
        if invoice.is_deposit
        else invoice_postings(
            invoice, split, deducted, delivered_minor=delivered, of_another_country=of_another_country
        ),
        now=now,
        accounts=accounts,
    )
    assert (entry is None) == (invoice.gross_minor == 0), "every amount invoiced is posted"
    assert split.goods_net + split.services_net == invoice.net_minor, "the ledger has the document's net"
    assert split.goods_vat + split.services_vat == invoice.vat_minor, "the ledger has the document's VAT"
