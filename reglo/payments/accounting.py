"""Money that moved → ledger lines. Pure: nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass

from reglo.invoicing.accounting import auxiliary_of, vat_falling_due
from reglo.invoicing.models import Invoice
from reglo.ledger.services import Posting
from reglo.ledger.states import AccountRole, Journal
from reglo.payments.models import Payment, PayoutLine
from reglo.payments.states import Method, MovementKind

_BY_HAND: dict[Method, tuple[AccountRole, Journal]] = {
    Method.TRANSFER: (AccountRole.BANK, Journal.BANK),
    Method.CHEQUE: (AccountRole.CHEQUES, Journal.BANK),
    Method.CASH: (AccountRole.CASH, Journal.CASH),
    Method.CARD_TERMINAL: (AccountRole.CARD_TERMINAL, Journal.BANK),
    Method.OTHER: (AccountRole.BANK, Journal.BANK),
}

_UNKNOWN_LINES: dict[MovementKind, str] = {
    MovementKind.CHARGE: "Vente sans facture",
    MovementKind.REFUND: "Remboursement sans encaissement",
    MovementKind.DISPUTE: "Paiement contesté",
    MovementKind.FEE: "Frais du compte",
    MovementKind.PAYOUT: "Virement inconnu",
    MovementKind.ADJUSTMENT: "Ajustement",
    MovementKind.OTHER: "Mouvement à expliquer",
}


@dataclass(frozen=True, slots=True)
class SettledPart:
    """A part of a movement that settles an invoice (negative: unsettles it). `settled_before` in minor units."""

    invoice: Invoice
    amount_minor: int
    settled_before: int


def place_of(payment: Payment) -> tuple[AccountRole, Journal]:
    """Where the money of a payment is, and the journal that tells it."""
    if payment.account_id is not None:
        return AccountRole.STRIPE_CLEARING, Journal.PROVIDER
    return _BY_HAND[Method(payment.method)]


def movement_postings(
    payment: Payment, parts: Sequence[SettledPart], *, amount_minor: int, surplus_minor: int, payer: Invoice
) -> list[Posting]:
    """Money in (positive) or out: against the customers' debts, the rest as *trop-perçu* of `payer`'s customer.

    The VAT on receipts that it makes due, or gives back, moves in the same entry.
    """
    place, _journal = place_of(payment)
    return [Posting(place, amount_minor), *_settling_postings(parts, surplus_minor=surplus_minor, payer=payer)]


def _settling_postings(parts: Sequence[SettledPart], *, surplus_minor: int, payer: Invoice) -> list[Posting]:
    vat_due = sum(
        vat_falling_due(
            part.invoice, settled_before=part.settled_before, settled_after=part.settled_before + part.amount_minor
        )
        for part in parts
    )
    debts = [
        Posting(
            AccountRole.RECEIVABLE,
            -part.amount_minor,
            auxiliary=auxiliary_of(part.invoice),
            auxiliary_label=part.invoice.customer_name,
        )
        for part in parts
    ]
    surplus = Posting(
        AccountRole.SURPLUS, -surplus_minor, auxiliary=auxiliary_of(payer), auxiliary_label=payer.customer_name
    )
    return [
        *debts,
        surplus,
        Posting(AccountRole.VAT_AWAITING, vat_due),
        Posting(AccountRole.VAT_COLLECTED, -vat_due),
    ]


def surplus_postings(invoice: Invoice, minor: int, *, lost_minor: int = 0) -> list[Posting]:
    """What settled the invoice, and is no longer owed, waits as *trop-perçu* of its customer. A bank had taken
    `lost_minor` of it back: nobody owes that money to anybody, and it is a loss no more."""
    whose = {"auxiliary": auxiliary_of(invoice), "auxiliary_label": invoice.customer_name}
    return [
        Posting(AccountRole.RECEIVABLE, minor, **whose),
        Posting(AccountRole.SURPLUS, lost_minor - minor, **whose),
        Posting(AccountRole.BAD_DEBTS, -lost_minor),
    ]


def fee_postings(fee_minor: int) -> list[Posting]:
    """What the provider kept."""
    return [Posting(AccountRole.PAYMENT_FEES, fee_minor), Posting(AccountRole.STRIPE_CLEARING, -fee_minor)]


def dispute_move_postings(amount_minor: int, fee_minor: int) -> list[Posting]:
    """Funds that a dispute took (negative) or gave back: owed by the provider until the bank has decided."""
    return [
        Posting(AccountRole.DISPUTED, -amount_minor),
        Posting(AccountRole.PAYMENT_FEES, fee_minor),
        Posting(AccountRole.STRIPE_CLEARING, amount_minor - fee_minor),
    ]


def lost_dispute_postings(
    parts: Sequence[SettledPart], *, amount_minor: int, surplus_minor: int, lost_minor: int, payer: Invoice
) -> list[Posting]:
    """Disputed money that is gone for good (negative: came back after all): a debt again, *trop-perçu* less, a loss.

    The VAT on receipts of a debt that reopens is given back in the same entry; that of a loss stays due.
    """
    return [
        Posting(AccountRole.DISPUTED, -amount_minor),
        *_settling_postings(parts, surplus_minor=surplus_minor, payer=payer),
        Posting(AccountRole.BAD_DEBTS, lost_minor),
    ]


def payout_postings(amount_minor: int) -> list[Posting]:
    """From the provider to the bank; the other way where the provider took its due."""
    return [Posting(AccountRole.BANK, amount_minor), Posting(AccountRole.STRIPE_CLEARING, -amount_minor)]


def line_postings(line: PayoutLine) -> list[Posting]:
    """A movement that nothing in the books caused: a cost where it is a fee, else to be explained by a person."""
    if line.kind == MovementKind.FEE:
        return fee_postings(-line.net_minor)
    return [
        Posting(AccountRole.STRIPE_CLEARING, line.net_minor),
        Posting(AccountRole.PAYMENT_FEES, line.fee_minor),
        Posting(AccountRole.UNEXPLAINED, -line.gross_minor),
    ]


def line_label(line: PayoutLine, provider: str) -> str:
    """« Vente sans facture Stripe ch_3… »."""
    named = line.source_id or line.description or line.external_id
    return f"{_UNKNOWN_LINES[MovementKind(line.kind)]} {provider} {named}"
