"""An issued document → its ledger entry; a settlement → the VAT it makes due. Pure: nothing is written here."""

from decimal import Decimal

from reglo.invoicing.models import Invoice
from reglo.invoicing.totals import NatureSplit
from reglo.ledger.services import Posting
from reglo.ledger.states import AccountRole
from reglo.money import round_half_up


def invoice_postings(invoice: Invoice, split: NatureSplit, *, of_another_country: bool = False) -> list[Posting]:
    """Debit the customer; credit sales and VAT, the part on receipts waiting for the money; the VAT of another country
    goes to its own account, for it is declared at the one-stop shop."""
    due_now = invoice.vat_minor - invoice.vat_on_receipts_minor
    return [
        Posting(
            AccountRole.RECEIVABLE,
            invoice.gross_minor,
            auxiliary=auxiliary_of(invoice),
            auxiliary_label=invoice.customer_name,
        ),
        Posting(AccountRole.SALES_SERVICES, -split.services_net),
        Posting(AccountRole.SALES_GOODS, -split.goods_net),
        Posting(_vat_account(of_another_country=of_another_country), -due_now),
        Posting(AccountRole.VAT_AWAITING, -invoice.vat_on_receipts_minor),
    ]


def opening_postings(invoice: Invoice) -> list[Posting]:
    """What was owed when the invoice was taken over: debit the customer; VAT that waits for the money waits here."""
    return [
        Posting(
            AccountRole.RECEIVABLE,
            invoice.gross_minor,
            auxiliary=auxiliary_of(invoice),
            auxiliary_label=invoice.customer_name,
        ),
        Posting(AccountRole.VAT_AWAITING, -invoice.vat_on_receipts_minor),
        Posting(AccountRole.OPENING, invoice.vat_on_receipts_minor - invoice.gross_minor),
    ]


def credit_note_postings(
    credit_note: Invoice, split: NatureSplit, *, vat_given_back: int, of_another_country: bool = False
) -> list[Posting]:
    """The invoice's entry the other way. Of the VAT on receipts `vat_given_back` was due and is no more (negative: what
    remains of the invoice makes more of it due); the rest never was, and waits no longer."""
    on_receipts = credit_note.vat_on_receipts_minor
    return [
        Posting(AccountRole.SALES_SERVICES, split.services_net),
        Posting(AccountRole.SALES_GOODS, split.goods_net),
        Posting(
            _vat_account(of_another_country=of_another_country), credit_note.vat_minor - on_receipts + vat_given_back
        ),
        Posting(AccountRole.VAT_AWAITING, on_receipts - vat_given_back),
        Posting(
            AccountRole.RECEIVABLE,
            -credit_note.gross_minor,
            auxiliary=auxiliary_of(credit_note),
            auxiliary_label=credit_note.customer_name,
        ),
    ]


def _vat_account(*, of_another_country: bool) -> AccountRole:
    return AccountRole.VAT_OSS if of_another_country else AccountRole.VAT_COLLECTED


def vat_falling_due(invoice: Invoice, *, settled_before: int, settled_after: int) -> int:
    """VAT on receipts that a change of the settled amount makes due (negative when money goes back), minor units.

    Cumulated before it is rounded, so that a wholly settled invoice has released exactly its VAT.
    """
    return vat_due(invoice, settled_after) - vat_due(invoice, settled_before)


def vat_due(invoice: Invoice, settled: int) -> int:
    """VAT on receipts that is due once `settled` is, of what its credit notes leave of the invoice."""
    owed = invoice.settlement.owed_minor
    if not owed:
        return 0
    vat = invoice.vat_on_receipts_minor - invoice.settlement.credited_vat_on_receipts_minor
    return round_half_up(Decimal(vat * settled) / Decimal(owed))


def auxiliary_of(invoice: Invoice) -> str:
    """The customer's account in the ledger, "C42"."""
    return f"C{invoice.customer_id}"
