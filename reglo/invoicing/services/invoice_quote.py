"""*Facturer*: what was accepted, or a part of it, becomes the draft of an invoice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.content import plain
from reglo.invoicing.copying import copy_head, line_like
from reglo.invoicing.deducting import deposit_room
from reglo.invoicing.locks import lock_quote
from reglo.invoicing.models import Deduction, Invoice, InvoiceLine, Quote, QuoteDecision, QuoteLine, QuoteShare
from reglo.invoicing.quote_billing import HUNDRED, LineBilling, QuoteBilling, billing_of
from reglo.invoicing.sections import with_their_titles
from reglo.invoicing.services.create_draft import blank_draft
from reglo.invoicing.services.save_draft import LONGEST_DESCRIPTION, subject_of
from reglo.invoicing.states import DocumentKind, InvoiceStatus, QuoteStatus
from reglo.invoicing.totals import totals_of
from reglo.money.currencies import exponent
from reglo.money.taxes import Discount


class QuoteNotAccepted(RegloError):
    code = "quote_not_accepted"
    status = 409
    message = _("Ce devis n’est pas accepté : il ne peut pas encore être facturé.")


class NothingToInvoice(RegloError):
    code = "nothing_to_invoice"
    status = 422
    message = _("Choisissez au moins une ligne qui n’est pas encore facturée.")


class PartBeyondLine(RegloError):
    code = "part_beyond_line"
    status = 422
    message = _("De cette ligne, il reste %(remaining)s %% à facturer.")


@dataclass(frozen=True, slots=True)
class QuotePart:
    """`rate` percent of the line of this rank."""

    rank: int
    rate: Decimal


def invoice_quote(
    *,
    company: Company,
    quote_id: int,
    parts: Sequence[QuotePart] | None = None,
    now: datetime,
    actor_id: int | None = None,
) -> Invoice:
    """A draft of `parts`; of all that remains where None. Raises QuoteNotAccepted, NothingToInvoice, PartBeyondLine."""
    with transaction.atomic():
        quote = lock_quote(company_id=company.id, quote_id=quote_id)
        billing = billing_of(quote)
        if billing is None or quote.status != QuoteStatus.ACCEPTED:
            raise QuoteNotAccepted
        chosen = _chosen(billing.lines, parts)
        if not chosen:
            raise NothingToInvoice
        invoice = draft_of_quote(company, quote, billing.decision, now)
        take_discount(invoice, billing, sum(amount for _part, amount in chosen))
        write_with_lines(invoice, company, _lines(chosen, billing.page, quote), now)
        propose_deductions(invoice)
        QuoteShare.objects.bulk_create(
            QuoteShare(company=company, invoice=invoice, line=part.line, amount_minor=amount) for part, amount in chosen
        )
        record(
            kind=Kind.QUOTE_INVOICED,
            company_id=company.id,
            subject=quote,
            now=now,
            actor_id=actor_id,
            content={
                "number": quote.number,
                "invoice_id": invoice.pk,
                "gross_minor": invoice.gross_minor,
                "currency": invoice.currency,
            },
        )
    return invoice


def _chosen(lines: Sequence[LineBilling], parts: Sequence[QuotePart] | None) -> list[tuple[LineBilling, int]]:
    """Each line with the amount to invoice of it, in the order of the quote."""
    if parts is None:
        return [(line, line.remaining_minor) for line in lines if line.is_left]
    rates = {part.rank: part.rate for part in parts if part.rate > 0}
    chosen = []
    for line in lines:
        rate = rates.get(line.line.rank)
        if rate is None or not line.is_left:
            continue
        amount = line.share(rate)
        if amount > line.remaining_minor:
            raise PartBeyondLine(field=f"rate-{line.line.rank}", remaining=plain(line.remaining_rate))
        chosen.append((line, amount))
    return chosen


def draft_of_quote(company: Company, quote: Quote, decision: QuoteDecision, now: datetime) -> Invoice:
    """What was agreed, with the company's habits for what a quote does not say: the card, and its own mentions."""
    invoice = blank_draft(company=company, customer=quote.customer, now=now)
    mention = invoice.mention
    copy_head(decision.version, invoice)
    invoice.quote, invoice.mention = quote, mention
    invoice.discount_rate = invoice.discount_minor = None  # each document takes its part of it
    invoice.prices_include_vat = decision.version.prices_include_vat and charged_on(company, now)
    invoice.works_certified = True  # the quote that was accepted says it, where works are at a reduced rate
    invoice.supply_date = None
    invoice.order_reference = decision.version.order_reference or f"Devis {quote.number}"
    return invoice


def take_discount(invoice: Invoice, billing: QuoteBilling, amount_minor: int) -> None:
    """The part of the quote's discount that goes with `amount_minor` of its lines: in percent where that makes it to
    the cent, as an amount otherwise."""
    taken, rate = billing.discount_of(amount_minor), billing.decision.version.discount_rate
    if not taken:
        return
    if rate is not None and Discount(rate=rate).taken_of(amount_minor) == taken:
        invoice.discount_rate = rate
    else:
        invoice.discount_minor = taken


def _lines(chosen: Sequence[tuple[LineBilling, int]], page: Sequence[QuoteLine], quote: Quote) -> list[InvoiceLine]:
    parts = {part.line.rank: (part, amount) for part, amount in chosen}
    return [
        _line(rank, *parts[line.rank], quote) if line.is_article else line_like(InvoiceLine, line, rank=rank)
        for rank, line in enumerate(with_their_titles(page, lambda line: line.rank in parts), start=1)
    ]


def _line(rank: int, part: LineBilling, amount: int, quote: Quote) -> InvoiceLine:
    """The line as it was agreed; of a part, its amount and which part it is."""
    if amount == part.line.amount_minor:
        return line_like(InvoiceLine, part.line, rank=rank)
    return part_of_line(rank, part, amount, f"{rate_in_words(amount, part)} du devis {quote.number}")


def rate_in_words(amount: int, part: LineBilling) -> str:
    """« 33,33 % » of the line; printed on a document, so in the language of the law."""
    rate = (Decimal(amount) * HUNDRED / part.line.amount_minor).quantize(Decimal("0.01"))
    return f"{plain(rate).replace('.', ',')}\u00a0%"


def part_of_line(rank: int, part: LineBilling, amount: int, said: str) -> InvoiceLine:
    """An amount of the line, with what is said of it on a line of its own."""
    return line_like(
        InvoiceLine,
        part.line,
        rank=rank,
        description=f"{part.line.description[: LONGEST_DESCRIPTION - len(said) - 1]}\n{said}",
        quantity=Decimal(1),
        unit="",
        unit_price=Decimal(amount).scaleb(-exponent(part.currency)),
        discount_rate=Decimal(0),
        discount_minor=0,
        amount_minor=amount,
    )


def propose_deductions(invoice: Invoice) -> None:
    """Deduct all that can be of the quote's deposits: a person may choose otherwise on the draft."""
    deposits = Invoice.objects.filter(
        quote=invoice.quote,
        customer=invoice.customer,
        kind=DocumentKind.DEPOSIT,
        status=InvoiceStatus.ISSUED,
    )
    deductions = [
        Deduction(company_id=invoice.company_id, invoice=invoice, deposit=deposit)
        for deposit in deposits.order_by("id")
        if deposit_room(deposit).remaining_minor
    ]
    if deductions:
        invoice.has_deductions = True
        invoice.save(update_fields=["has_deductions"])
        Deduction.objects.bulk_create(deductions)


def charged_on(company: Company, now: datetime) -> bool:
    """Whether the company charges VAT on this day."""
    return company.vat_on(now.astimezone(company.zone).date()).charges_vat


def write_with_lines(invoice: Invoice, company: Company, lines: Sequence[InvoiceLine], now: datetime) -> None:
    totals = totals_of(
        lines,
        prices_include_vat=invoice.prices_include_vat,
        currency=invoice.currency,
        charges_vat=charged_on(company, now),
        discount=invoice.discount,
    )
    invoice.subject = subject_of(lines)
    invoice.net_minor, invoice.vat_minor = totals.net_minor, totals.vat_minor
    invoice.gross_minor = totals.gross_minor
    invoice.save(force_insert=True)
    for line, amount in zip(lines, totals.line_minors, strict=True):
        line.invoice, line.amount_minor = invoice, amount if line.is_article else 0
    InvoiceLine.objects.bulk_create(lines)
