"""*Émettre l'avoir*: it gets its number, its place in the chain, its entry, and lowers what its invoice owes."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from reglo.database.prepared import update
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.accounting import credit_note_postings, vat_due
from reglo.invoicing.chaining import freeze
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.credit_content import credit_note_content
from reglo.invoicing.crediting import CreditRoom, CreditTotals, credit_room, credit_totals, shares_of_invoice
from reglo.invoicing.issue_check import blocking, credit_note_problems
from reglo.invoicing.line_vat import is_oss
from reglo.invoicing.locks import lock_credit_note
from reglo.invoicing.models import Deduction, Invoice, InvoiceLine
from reglo.invoicing.numbering import take_number
from reglo.invoicing.queries import lines_of
from reglo.invoicing.services.apply_settlement import apply_settlement
from reglo.invoicing.services.deduct_deposits import deductions_of, release_deposits
from reglo.invoicing.services.issue_invoice import DraftDiscarded, InvoiceIncomplete
from reglo.invoicing.states import InvoiceStatus, SeriesKind
from reglo.invoicing.totals import NatureSplit, nature_split
from reglo.ledger.services import post_entry
from reglo.ledger.states import Journal

_GIVEN_AT_ISSUE = (
    *("status", "edited_at", "net_minor", "vat_minor", "gross_minor", "vat_on_receipts_minor", "discount_minor"),
    *("series", "number", "issue_date", "due_date", "issued_at", "customer_name"),
    *("frozen", "chain_position", "previous_hash", "hash"),
)


class CreditBeforeInvoice(RegloError):
    code = "credit_before_invoice"
    status = 409
    message = _(
        "Un avoir ne peut pas être daté d’avant sa facture, du %(issue_date)s. "
        "L’horloge du serveur semble avoir reculé : vérifiez-la, puis réessayez."
    )


def issue_credit_note(
    *, company_id: int, credit_note_id: int, now: datetime, actor_id: int | None = None
) -> tuple[Invoice, int]:
    """The credit note, `corrects` being its locked invoice, and what that invoice has settled beyond what it now owes.

    In the caller's transaction, which must free that surplus: the settlement does not count it any more. Issuing what
    is issued returns it unchanged, and 0. Raises NothingToCredit, CreditBeyondInvoice, CreditBeforeInvoice,
    InvoiceIncomplete, DraftDiscarded, IssueDateBeforeSeries: nothing is then written, no number is used.
    """
    assert connection.in_atomic_block, "what is settled beyond is freed in the same transaction"
    credit_note = lock_credit_note(company_id=company_id, credit_note_id=credit_note_id)
    invoice = credit_note.corrects
    assert invoice is not None, "a credit note corrects an invoice"
    if not credit_note.is_draft:
        return credit_note, 0  # a double click is not an error
    if credit_note.discarded_at:
        raise DraftDiscarded
    room, lines = credit_room(invoice), lines_of(credit_note)
    credit = credit_totals(
        lines, room, prices_include_vat=credit_note.prices_include_vat, discounted=credit_note.has_discount
    )
    problems = credit_note_problems(credit_note, company=invoice.company, lines=lines)
    if missing := blocking(problems):
        raise InvoiceIncomplete(missing)
    _number(credit_note, invoice, credit, now)
    _freeze(credit_note, room, lines, credit)
    update(credit_note, *_GIVEN_AT_ISSUE)
    settled, due = invoice.settlement.settled_minor, vat_due(invoice, invoice.settlement.settled_minor)
    _lower_debt(invoice, credit_note, now)
    kept = invoice.settlement.settled_minor
    released = deductions_of(invoice) if credit.cancels else []
    undelivered = release_deposits(released, invoice=invoice, now=now)
    given_back = due - vat_due(invoice, kept) + undelivered
    _post(credit_note, credit, released, vat_given_back=given_back, of_another_country=is_oss(lines), now=now)
    _tell(credit_note, invoice, now, actor_id)
    return credit_note, settled - kept


def _number(credit_note: Invoice, invoice: Invoice, credit: CreditTotals, now: datetime) -> None:
    company, totals = invoice.company, credit.totals
    today = now.astimezone(company.zone).date()
    assert invoice.issue_date is not None, "what is credited is issued"
    if today < invoice.issue_date:
        raise CreditBeforeInvoice(issue_date=invoice.issue_date.strftime("%d/%m/%Y"))
    credit_note.move_to(InvoiceStatus.ISSUED)
    credit_note.net_minor, credit_note.vat_minor = totals.net_minor, totals.vat_minor
    credit_note.gross_minor = totals.gross_minor
    if credit_note.discount_minor is not None:
        credit_note.discount_minor = totals.discount_minor
    credit_note.vat_on_receipts_minor = _vat_on_receipts(invoice, credit)
    credit_note.issue_date = credit_note.due_date = today
    credit_note.issued_at = credit_note.edited_at = now
    credit_note.customer_name = invoice.customer_name
    taken = take_number(company_id=company.id, kind=SeriesKind.CREDIT_NOTE, issue_date=today, practice=company.practice)
    credit_note.series, credit_note.number = taken.series, taken.number


def _vat_on_receipts(invoice: Invoice, credit: CreditTotals) -> int:
    """What the credit note takes back of the VAT that waits for the money, whether it came or not."""
    settlement = invoice.settlement
    left = invoice.vat_on_receipts_minor - settlement.credited_vat_on_receipts_minor - settlement.delivered_vat_minor
    split = nature_split(credit.shares)
    if credit.cancels and not invoice.is_deposit:
        return left
    if not invoice.is_deposit:
        return min(left, split.services_vat)
    whole = nature_split(shares_of_invoice(DocumentContent.from_json(invoice.frozen)))
    on_debits = invoice.vat_on_receipts_minor < whole.vat
    return min(left, split.goods_vat + (0 if on_debits else split.services_vat))


def _freeze(credit_note: Invoice, room: CreditRoom, lines: Sequence[InvoiceLine], credit: CreditTotals) -> None:
    assert credit_note.number is not None, "numbered before frozen"
    assert credit_note.issue_date is not None, "dated before frozen"
    content = credit_note_content(
        credit_note,
        company=credit_note.company,
        room=room,
        lines=lines,
        credit=credit,
        number=credit_note.number,
        issue_date=credit_note.issue_date,
    )
    freeze(credit_note, content)


def _lower_debt(invoice: Invoice, credit_note: Invoice, now: datetime) -> None:
    """What is settled beyond what is left owed counts no more; wholly credited, the invoice is cancelled."""
    settlement = invoice.settlement
    credited = settlement.credited_minor + credit_note.gross_minor
    if credited == invoice.gross_minor:
        invoice.move_to(InvoiceStatus.CREDITED)
        update(invoice, "status")
    apply_settlement(
        invoice=invoice,
        settled_minor=min(settlement.settled_minor, max(0, settlement.owed_minor - credit_note.gross_minor)),
        pending_minor=settlement.pending_minor,
        disputed_minor=settlement.disputed_minor,
        credited_minor=credited,
        deducted_minor=0 if credited == invoice.gross_minor else settlement.deducted_minor,
        credited_vat_on_receipts_minor=(settlement.credited_vat_on_receipts_minor + credit_note.vat_on_receipts_minor),
        now=now,
    )


def _post(
    credit_note: Invoice,
    credit: CreditTotals,
    released: Sequence[Deduction],
    *,
    vat_given_back: int,
    of_another_country: bool,
    now: datetime,
) -> None:
    assert credit_note.corrects is not None, "a credit note corrects an invoice"
    given_back = NatureSplit(
        0, 0, sum(one.net_minor for one in released), sum(one.vat_minor for one in released)
    )  # of which nature does not matter: both are one advance
    day: date | None = credit_note.issue_date
    assert credit_note.number is not None, "numbered before posted"
    assert day is not None, "dated before posted"
    entry = post_entry(
        company_id=credit_note.company_id,
        journal=Journal.SALES,
        entry_date=day,
        piece=credit_note.number,
        piece_date=day,
        label=f"Avoir {credit_note.number} {credit_note.customer_name}"[:200],
        source=f"invoice:{credit_note.id}",
        postings=credit_note_postings(
            credit_note,
            nature_split(credit.shares),
            given_back,
            vat_given_back=vat_given_back,
            of_deposit=credit_note.corrects.is_deposit,
            of_another_country=of_another_country,
        ),
        now=now,
    )
    assert entry is not None, "a credit note takes something back"


def _tell(credit_note: Invoice, invoice: Invoice, now: datetime, actor_id: int | None) -> None:
    """On both documents' timelines."""
    said = {"number": credit_note.number, "gross_minor": credit_note.gross_minor, "currency": credit_note.currency}
    record(
        kind=Kind.CREDIT_NOTE_ISSUED,
        company_id=credit_note.company_id,
        subject=credit_note,
        now=now,
        actor_id=actor_id,
        content={**said, "corrects": invoice.number},
    )
    record(
        kind=Kind.INVOICE_CREDITED,
        company_id=invoice.company_id,
        subject=invoice,
        now=now,
        actor_id=actor_id,
        content={**said, "whole": invoice.status == InvoiceStatus.CREDITED},
    )
