"""An issued invoice → its ledger entry; a settlement → the VAT it makes due. Pure: nothing is written here."""

from decimal import Decimal

from reglo.invoicing.models import Invoice
from reglo.invoicing.totals import NatureSplit
from reglo.ledger.services import Posting
from reglo.ledger.states import AccountRole
from reglo.money import round_half_up


def invoice_postings(invoice: Invoice, split: NatureSplit) -> list[Posting]:
    """Debit the customer; credit sales and VAT, the part on receipts waiting for the money."""
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
        Posting(AccountRole.VAT_COLLECTED, -due_now),
        Posting(AccountRole.VAT_AWAITING, -invoice.vat_on_receipts_minor),
    ]


def vat_falling_due(invoice: Invoice, *, settled_before: int, settled_after: int) -> int:
    """VAT on receipts that a change of the settled amount makes due (negative when money goes back), minor units.

    Cumulated before it is rounded, so that a wholly settled invoice has released exactly its VAT.
    """
    return _released(invoice, settled_after) - _released(invoice, settled_before)


def auxiliary_of(invoice: Invoice) -> str:
    """The customer's account in the ledger, "C42"."""
    return f"C{invoice.customer_id}"


def _released(invoice: Invoice, settled: int) -> int:
    if not invoice.gross_minor:
        return 0
    return round_half_up(Decimal(invoice.vat_on_receipts_minor * settled) / Decimal(invoice.gross_minor))
