"""*Demander un acompte*: on an accepted quote, spread over what it sells, or plainly to a customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.companies.states import Nature
from reglo.customers.models import Customer
from reglo.errors import RegloError
from reglo.invoicing.content import DocumentContent, plain, shares_from
from reglo.invoicing.crediting import Key, by_key, exemption_of, shares_of_invoice
from reglo.invoicing.line_vat import LineVat
from reglo.invoicing.locks import lock_quote
from reglo.invoicing.models import Invoice, InvoiceLine, Quote, QuoteDecision
from reglo.invoicing.queries import lines_of
from reglo.invoicing.quote_answers import options_taken
from reglo.invoicing.quote_billing import HUNDRED, acceptance_of
from reglo.invoicing.quoting import chosen_lines, lines_of_version, quote_totals
from reglo.invoicing.services.create_draft import blank_draft
from reglo.invoicing.services.invoice_quote import QuoteNotAccepted, charged_on, draft_of_quote, write_with_lines
from reglo.invoicing.services.save_draft import DraftRefused, Refusal, unprintable
from reglo.invoicing.states import DocumentKind, InvoiceStatus, QuoteStatus
from reglo.invoicing.totals import Share, shares_of_document, totals_of
from reglo.money import Money, allocate, round_half_up
from reglo.money.currencies import exponent
from reglo.ui import formats


class DepositBeyondQuote(RegloError):
    code = "deposit_beyond_quote"
    status = 409
    message = _("Cet acompte dépasse ce qui reste à facturer du devis : %(remaining)s.")


@dataclass(frozen=True, slots=True)
class DepositInput:
    """A rate in percent of what was accepted, or an amount, VAT included; neither: what the quote asks at the order."""

    rate: Decimal | None = None
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class FreeDeposit:
    """Without a quote: `amount_minor`, VAT included, for what `description` says, with one VAT."""

    customer: Customer
    description: str
    amount_minor: int
    vat: LineVat
    nature: Nature = Nature.SERVICES


def draft_quote_deposit(*, company: Company, quote_id: int, deposit: DepositInput, now: datetime) -> Invoice:
    """The draft, one line for each rate and nature of what was accepted, losing no cent.

    Raises QuoteNotAccepted, DraftRefused, DepositBeyondQuote.
    """
    with transaction.atomic():
        quote = lock_quote(company_id=company.pk, quote_id=quote_id)
        decision = acceptance_of(quote)
        if decision is None or quote.status != QuoteStatus.ACCEPTED:
            raise QuoteNotAccepted
        rate, amount = _asked(deposit, decision)
        if not amount > 0:
            raise DraftRefused([Refusal("amount", str(_("Indiquez un acompte supérieur à zéro.")))])
        left = deposit_left(quote, decision)
        if amount > left:
            raise DepositBeyondQuote(remaining=formats.amount(Money(left, decision.currency), language="fr"))
        invoice = draft_of_quote(company, quote, decision, now)
        invoice.kind, invoice.prices_include_vat = DocumentKind.DEPOSIT, charged_on(company, now)
        words = f"Acompte de {plain(rate).replace('.', ',')}\u00a0% sur devis" if rate else "Acompte sur devis"
        shares, offered = _spread(amount, quote, decision, now), DocumentContent.from_json(decision.version.frozen)
        lines = [
            _line(company, rank, f"{words} {quote.number}", share, exemption_of(share, offered), part)
            for rank, (share, part) in shares
        ]
        write_with_lines(invoice, company, lines, now)
    return invoice


def draft_deposit(*, company: Company, deposit: FreeDeposit, now: datetime) -> Invoice:
    """The draft of a deposit that no quote asked for. Raises DraftRefused."""
    assert deposit.customer.company_id == company.pk, "a customer of another company"
    refusals = list(unprintable("description", deposit.description))
    if not deposit.description.strip():
        refusals.append(Refusal("description", str(_("Dites sur quoi porte l’acompte."))))
    if deposit.amount_minor <= 0:
        refusals.append(Refusal("amount", str(_("Indiquez un acompte supérieur à zéro."))))
    if refusals:
        raise DraftRefused(refusals)
    invoice = blank_draft(company=company, customer=deposit.customer, now=now)
    invoice.kind, invoice.prices_include_vat = DocumentKind.DEPOSIT, charged_on(company, now)
    vat = deposit.vat
    share = Share(vat.category, vat.rate, deposit.nature, 0, 0)
    line = _line(company, 1, deposit.description, share, vat.exemption, deposit.amount_minor)
    with transaction.atomic():
        write_with_lines(invoice, company, [line], now)
    return invoice


def deposit_left(quote: Quote, decision: QuoteDecision) -> int:
    """What a deposit may still ask for: what was accepted, less its deposits and what its invoices ask for beyond them,
    drafts too, VAT included, minor units."""
    left = decision.gross_minor
    for invoice in quote.invoices.filter(discarded_at=None).select_related("settlement"):
        if invoice.is_draft:
            left -= invoice.gross_minor
        elif invoice.is_deposit:
            left -= invoice.gross_minor - invoice.settlement.credited_minor
        else:
            left -= invoice.settlement.owed_minor
    return max(0, left)


def _asked(deposit: DepositInput, decision: QuoteDecision) -> tuple[Decimal | None, int]:
    """The rate that is printed, None for an amount, and what it makes."""
    version = decision.version
    rate, amount = deposit.rate, deposit.amount_minor
    if rate is None and amount is None:
        rate, amount = version.deposit_rate, version.deposit_minor
    if rate is not None:
        if not 0 < rate <= HUNDRED:
            raise DraftRefused([Refusal("rate", str(_("Indiquez un pourcentage entre 0 et 100.")))])
        return rate, round_half_up(decision.gross_minor * rate / HUNDRED)
    return None, amount or 0


def _spread(amount: int, quote: Quote, decision: QuoteDecision, now: datetime) -> list[tuple[int, tuple[Share, int]]]:
    """What of each share of what was accepted, numbered; in proportion to what its deposits have not asked for yet."""
    shares = accepted_shares(decision)
    asked = _asked_for(quote, now)
    room = [max(0, share.gross_minor - asked.get(_key(share), share.zero()).gross_minor) for share in shares]
    parts = allocate(amount, room)
    kept = [(share, part) for share, part in zip(shares, parts, strict=True) if part]
    return list(enumerate(kept, start=1))


def accepted_shares(decision: QuoteDecision) -> list[Share]:
    """What was accepted, options included, rate by rate and nature by nature."""
    version, taken = decision.version, options_taken(decision)
    lines = lines_of_version(version)
    charges_vat = DocumentContent.from_json(version.frozen).charges_vat
    totals = quote_totals(version, lines, charges_vat=charges_vat, taken=taken)
    return shares_of_document(
        chosen_lines(lines, taken), totals, prices_include_vat=version.prices_include_vat, charges_vat=charges_vat
    )


def _asked_for(quote: Quote, now: datetime) -> Mapping[Key, Share]:
    """By its deposits, drafts too, less their credit notes."""
    shares: list[Share] = []
    for deposit in quote.invoices.filter(kind=DocumentKind.DEPOSIT, discarded_at=None):
        shares += _shares_of(deposit, now)
        for frozen in deposit.credit_notes.exclude(status=InvoiceStatus.DRAFT).values_list("frozen", flat=True):
            correction = DocumentContent.from_json(frozen).correction
            assert correction is not None, "a credit note says what it takes back"
            shares += [
                Share(share.vat_category, share.vat_rate, share.nature, -share.net_minor, -share.vat_minor)
                for share in shares_from(correction.shares)
            ]
    return by_key(shares)


def _shares_of(deposit: Invoice, now: datetime) -> Sequence[Share]:
    if not deposit.is_draft:
        return shares_of_invoice(DocumentContent.from_json(deposit.frozen))
    lines, charges_vat = lines_of(deposit), charged_on(deposit.company, now)
    totals = totals_of(
        lines,
        prices_include_vat=deposit.prices_include_vat,
        currency=deposit.currency,
        charges_vat=charges_vat,
        discount=deposit.discount,
    )
    return shares_of_document(
        lines, totals, prices_include_vat=deposit.prices_include_vat, charges_vat=charges_vat
    )


def _key(share: Share) -> Key:
    return share.vat_category, share.vat_rate, share.nature


def _line(company: Company, rank: int, description: str, share: Share, exemption: str, minor: int) -> InvoiceLine:
    return InvoiceLine(
        company=company,
        rank=rank,
        description=description,
        nature=share.nature,
        quantity=Decimal(1),
        unit_price=Decimal(minor).scaleb(-exponent(company.currency)),
        vat_rate=share.vat_rate,
        vat_category=share.vat_category,
        exemption=exemption,
        amount_minor=minor,
    )
