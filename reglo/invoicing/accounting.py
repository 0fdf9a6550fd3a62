"""An issued document → its ledger entry; a settlement → the VAT it makes due. Pure: nothing is written here."""

from decimal import Decimal

from reglo.invoicing.models import Invoice
from reglo.invoicing.totals import NOTHING, NatureSplit
from reglo.ledger.services import Posting
from reglo.ledger.states import AccountRole
from reglo.money import round_half_up


def vat_on_receipts(invoice: Invoice, split: NatureSplit, deducted: NatureSplit, *, on_debits: bool) -> int:
    """The VAT that will fall due when the money arrives: of services, unless the seller opted for the debits; of goods
    too in a deposit (CGI art. 269, 2 a). What deposits invoiced is theirs, and nothing waits where nothing is owed."""
    if invoice.is_deposit:
        return split.goods_vat + (0 if on_debits else split.services_vat)
    if on_debits or deducted.gross == invoice.gross_minor:
        return 0
    return max(0, split.services_vat - deducted.services_vat)


def deposit_postings(deposit: Invoice, *, of_another_country: bool = False) -> list[Posting]:
    """Debit the customer; what is sold is not yet: an advance, and its VAT."""
    due_now = deposit.vat_minor - deposit.vat_on_receipts_minor
    return [
        Posting(AccountRole.RECEIVABLE, deposit.gross_minor, **_whose(deposit)),
        Posting(AccountRole.DEPOSITS, -deposit.net_minor, **_whose(deposit)),
        Posting(_vat_account(of_another_country=of_another_country), -due_now),
        Posting(AccountRole.VAT_AWAITING, -deposit.vat_on_receipts_minor),
    ]


def invoice_postings(
    invoice: Invoice,
    split: NatureSplit,
    deducted: NatureSplit = NOTHING,
    *,
    delivered_minor: int = 0,
    of_another_country: bool = False,
) -> list[Posting]:
    """Debit the customer; credit sales and VAT, the part on receipts waiting for the money; the VAT of another country
    goes to its own account, for it is declared at the one-stop shop. What is `deducted` of deposits comes off the
    customer, the advances and the VAT; `delivered_minor` of their VAT waits no longer."""
    due_now = invoice.vat_minor - deducted.vat - invoice.vat_on_receipts_minor
    return [
        Posting(AccountRole.RECEIVABLE, invoice.gross_minor, **_whose(invoice)),
        Posting(AccountRole.RECEIVABLE, -deducted.gross, **_whose(invoice)),
        Posting(AccountRole.DEPOSITS, deducted.net, **_whose(invoice)),
        Posting(AccountRole.SALES_SERVICES, -split.services_net),
        Posting(AccountRole.SALES_GOODS, -split.goods_net),
        Posting(_vat_account(of_another_country=of_another_country), -due_now - delivered_minor),
        Posting(AccountRole.VAT_AWAITING, delivered_minor - invoice.vat_on_receipts_minor),
    ]


def opening_postings(invoice: Invoice) -> list[Posting]:
    """What was owed when the invoice was taken over: debit the customer; VAT that waits for the money waits here."""
    return [
        Posting(AccountRole.RECEIVABLE, invoice.gross_minor, **_whose(invoice)),
        Posting(AccountRole.VAT_AWAITING, -invoice.vat_on_receipts_minor),
        Posting(AccountRole.OPENING, invoice.vat_on_receipts_minor - invoice.gross_minor),
    ]


def credit_note_postings(
    credit_note: Invoice,
    split: NatureSplit,
    released: NatureSplit = NOTHING,
    *,
    vat_given_back: int,
    of_deposit: bool = False,
    of_another_country: bool = False,
) -> list[Posting]:
    """The invoice's entry the other way; `released` of its deposits can be deducted again.

    Of the VAT on receipts `vat_given_back` was due and is no more (negative: what remains of the invoice makes more of
    it due); the rest never was, and waits no longer.
    """
    on_receipts = credit_note.vat_on_receipts_minor
    advance = credit_note.net_minor if of_deposit else -released.net
    return [
        Posting(AccountRole.SALES_SERVICES, 0 if of_deposit else split.services_net),
        Posting(AccountRole.SALES_GOODS, 0 if of_deposit else split.goods_net),
        Posting(AccountRole.DEPOSITS, advance, **_whose(credit_note)),
        Posting(
            _vat_account(of_another_country=of_another_country),
            credit_note.vat_minor - released.vat - on_receipts + vat_given_back,
        ),
        Posting(AccountRole.VAT_AWAITING, on_receipts - vat_given_back),
        Posting(AccountRole.RECEIVABLE, -credit_note.gross_minor, **_whose(credit_note)),
        Posting(AccountRole.RECEIVABLE, released.gross, **_whose(credit_note)),
    ]


def _vat_account(*, of_another_country: bool) -> AccountRole:
    return AccountRole.VAT_OSS if of_another_country else AccountRole.VAT_COLLECTED


def vat_falling_due(invoice: Invoice, *, settled_before: int, settled_after: int) -> int:
    """VAT on receipts that a change of the settled amount makes due (negative when money goes back), minor units.

    Cumulated before it is rounded, so that a wholly settled invoice has released exactly its VAT.
    """
    return vat_due(invoice, settled_after) - vat_due(invoice, settled_before)


def vat_due(invoice: Invoice, settled: int) -> int:
    """VAT on receipts that is due once `settled` is, of what its credit notes leave of the invoice and, of a deposit,
    what was not due at the delivery of its goods already. Where nothing is owed nothing can wait."""
    settlement = invoice.settlement
    owed = settlement.owed_minor
    vat = invoice.vat_on_receipts_minor - settlement.credited_vat_on_receipts_minor - settlement.delivered_vat_minor
    if not owed:
        return vat
    return round_half_up(Decimal(vat * settled) / Decimal(owed))


def _whose(document: Invoice) -> dict[str, str]:
    return {"auxiliary": auxiliary_of(document), "auxiliary_label": document.customer_name}


def auxiliary_of(invoice: Invoice) -> str:
    """The customer's account in the ledger, "C42"."""
    return f"C{invoice.customer_id}"
