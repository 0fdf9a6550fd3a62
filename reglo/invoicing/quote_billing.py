"""How much of an accepted quote was invoiced, line by line and in all, and what remains."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.invoicing.models import Invoice, Quote, QuoteDecision, QuoteLine, QuoteShare
from reglo.invoicing.quote_answers import options_taken
from reglo.invoicing.quoting import chosen_lines, lines_of_version
from reglo.invoicing.states import DocumentKind, InvoiceStatus, QuoteOutcome
from reglo.invoicing.totals import articles
from reglo.money import Money, round_half_up
from reglo.ui import formats

HUNDRED = Decimal(100)


class InvoiceBeyondQuote(RegloError):
    code = "invoice_beyond_quote"
    status = 409
    message = _(
        "Cette facture dépasse ce qui reste à facturer du devis %(number)s : %(remaining)s. "
        "Facturez les suppléments à part, ou faites un nouveau devis."
    )


@dataclass(frozen=True, slots=True)
class LineBilling:
    """A line of what was accepted; amounts as it is printed, minor units. `invoiced_minor` counts drafts too; `begun`
    tells a line worth nothing that is on an invoice from one that is not."""

    line: QuoteLine
    invoiced_minor: int
    begun: bool
    currency: str

    @property
    def remaining_minor(self) -> int:
        return self.line.amount_minor - self.invoiced_minor

    @property
    def is_left(self) -> bool:
        return self.remaining_minor > 0 if self.line.amount_minor else not self.begun

    @property
    def remaining(self) -> Money:
        return Money(self.remaining_minor, self.currency)

    @property
    def amount(self) -> Money:
        return Money(self.line.amount_minor, self.currency)

    @property
    def invoiced(self) -> Money:
        return Money(self.invoiced_minor, self.currency)

    @property
    def invoiced_rate(self) -> Decimal:
        """In percent of the line."""
        if not self.line.amount_minor:
            return HUNDRED if self.begun else Decimal(0)
        return (Decimal(self.invoiced_minor) * HUNDRED / self.line.amount_minor).quantize(Decimal("0.01"))

    @property
    def remaining_rate(self) -> Decimal:
        """In percent of the line, at most."""
        if not self.line.amount_minor:
            return HUNDRED
        return (Decimal(self.remaining_minor) * HUNDRED / self.line.amount_minor).quantize(Decimal("0.01"))

    def share(self, rate: Decimal) -> int:
        """The amount of `rate` percent of the line; what remains of it where that is a cent less."""
        wanted = round_half_up(self.line.amount_minor * rate / HUNDRED)
        cent_beyond = 0 < wanted - self.remaining_minor <= 1
        # 33.33 % three times leave a cent that nobody would come back for.
        almost_all = rate >= self.remaining_rate
        return self.remaining_minor if cent_beyond or (almost_all and wanted <= self.remaining_minor) else wanted


@dataclass(frozen=True, slots=True)
class QuoteBilling:
    """Amounts as they were typed in the quote: with VAT where its prices are, without otherwise. `issued_minor` is what
    is invoiced for good, credit notes taken off; `drafted_minor` what drafts would add. `page`: every line of the
    version, titles and options too; `discounted_minor`: what the discounts of its invoices, drafts too, took off their
    lines."""

    decision: QuoteDecision
    lines: tuple[LineBilling, ...]
    accepted: Money
    issued: Money
    drafted: Money
    page: tuple[QuoteLine, ...]
    discounted_minor: int

    @property
    def remaining(self) -> Money:
        """What may still be issued, drafts or not."""
        return self.accepted - self.issued

    @property
    def left(self) -> Money:
        """What no invoice, not even a draft, asks for yet."""
        return self.remaining - self.drafted

    @property
    def includes_vat(self) -> bool:
        return self.decision.version.prices_include_vat

    @property
    def discount(self) -> Money:
        """What the discount of the quote takes off the lines that were accepted."""
        return Money(self._lines_minor, self.accepted.currency) - self.accepted

    @property
    def _lines_minor(self) -> int:
        return sum(line.line.amount_minor for line in self.lines)

    def discount_of(self, amount_minor: int) -> int:
        """What of the discount of the quote goes with `amount_minor` more of its lines: it brings what was taken so far
        to the rounded proportion, so that invoices of all the lines take all of it."""
        if not self._lines_minor:
            return 0
        so_far = sum(line.invoiced_minor for line in self.lines) + amount_minor
        due = round_half_up(Decimal(self.discount.minor * so_far) / self._lines_minor) - self.discounted_minor
        return min(max(due, 0), amount_minor)


def acceptance_of(quote: Quote) -> QuoteDecision | None:
    accepted = quote.decisions.filter(outcome=QuoteOutcome.ACCEPTED)
    return accepted.select_related("version", "recorded_by").first()


def invoices_of_quote(quote: Quote) -> QuerySet[Invoice]:
    """Drafts and issued, oldest first."""
    return quote.invoices.filter(discarded_at=None).select_related("settlement").order_by("id")


def billing_of(quote: Quote) -> QuoteBilling | None:
    """None of a quote that is not accepted."""
    decision = acceptance_of(quote)
    if decision is None:
        return None
    issued, drafted = issued_of_quote(quote.pk, decision), _drafted(quote, decision)
    page = lines_of_version(decision.version)
    return QuoteBilling(
        decision=decision,
        lines=tuple(_lines(quote, decision, page)),
        accepted=Money(typed_amount(decision, decision), decision.currency),
        issued=Money(issued, decision.currency),
        drafted=Money(drafted, decision.currency),
        page=tuple(page),
        discounted_minor=_discounted(quote) if decision.version.has_discount else 0,
    )


def typed_amount(amounts: QuoteDecision | Invoice, decision: QuoteDecision) -> int:
    """The total as the quote's prices were typed: VAT is computed for each invoice, and may differ by a cent."""
    return amounts.gross_minor if decision.version.prices_include_vat else amounts.net_minor


def issued_of_quote(quote_id: int, decision: QuoteDecision, *, but: int = 0) -> int:
    """What was issued for the quote, less its credit notes, `but` one invoice, minor units."""
    column = "gross_minor" if decision.version.prices_include_vat else "net_minor"
    issued = Invoice.objects.exclude(status=InvoiceStatus.DRAFT).exclude(pk=but)
    # A deposit is an advance on invoices to come, which have all the lines.
    issued = issued.exclude(kind=DocumentKind.DEPOSIT).exclude(corrects__kind=DocumentKind.DEPOSIT)
    invoiced = issued.filter(quote_id=quote_id).aggregate(total=Sum(column))["total"] or 0
    of_it = Q(kind=DocumentKind.CREDIT_NOTE, corrects__quote_id=quote_id)
    credited = issued.filter(of_it).aggregate(total=Sum(column))["total"] or 0
    return int(invoiced - credited)


def deposited_of_quote(quote_id: int, *, but: int) -> int:
    """The deposits issued for the quote, less their credit notes, `but` one, VAT included, minor units."""
    deposits = Invoice.objects.filter(kind=DocumentKind.DEPOSIT, quote_id=quote_id).exclude(pk=but)
    sums = deposits.exclude(status=InvoiceStatus.DRAFT).aggregate(
        gross=Sum("gross_minor", default=0), credited=Sum("settlement__credited_minor", default=0)
    )
    return int(sums["gross"]) - int(sums["credited"])


def check_within_quote(invoice: Invoice) -> None:
    """In the transaction that issues `invoice`, under the lock of its series. Raises InvoiceBeyondQuote.

    The guard of the database says the same; this says it in words.
    """
    if invoice.quote is None:
        return
    decision = acceptance_of(invoice.quote)
    assert decision is not None, "only what was accepted is invoiced"
    if invoice.is_deposit:
        remaining = decision.gross_minor - deposited_of_quote(invoice.quote.pk, but=invoice.pk)
        if invoice.gross_minor > remaining:
            shown = formats.amount(Money(remaining, decision.currency), language="fr")
            raise InvoiceBeyondQuote(number=invoice.quote.number, remaining=shown)
        return
    issued = issued_of_quote(invoice.quote.pk, decision, but=invoice.pk)
    remaining = typed_amount(decision, decision) - issued
    if typed_amount(invoice, decision) > remaining:
        shown = formats.amount(Money(remaining, decision.currency), language="fr")
        raise InvoiceBeyondQuote(number=invoice.quote.number, remaining=shown)


def _drafted(quote: Quote, decision: QuoteDecision) -> int:
    drafts = quote.invoices.filter(kind=DocumentKind.INVOICE, status=InvoiceStatus.DRAFT, discarded_at=None)
    return sum(typed_amount(draft, decision) for draft in drafts)


def _discounted(quote: Quote) -> int:
    """Of the invoices whose shares count, as their prices were typed."""
    standing = quote.invoices.filter(kind=DocumentKind.INVOICE, discarded_at=None).exclude(
        status=InvoiceStatus.CREDITED
    )
    return sum(
        invoice.lines_minor - (invoice.gross_minor if invoice.prices_include_vat else invoice.net_minor)
        for invoice in standing.annotate(lines_minor=Sum("lines__amount_minor", default=0))
    )


def _lines(quote: Quote, decision: QuoteDecision, page: Sequence[QuoteLine]) -> Sequence[LineBilling]:
    """A share counts as long as its invoice is neither thrown away nor wholly credited."""
    standing = (
        QuoteShare.objects.filter(invoice__quote=quote, invoice__discarded_at=None)
        .exclude(invoice__status=InvoiceStatus.CREDITED)
        .values_list("line_id", "amount_minor")
    )
    invoiced: dict[int, int] = {}
    for line_id, amount in standing:
        invoiced[line_id] = invoiced.get(line_id, 0) + amount
    lines = articles(chosen_lines(page, options_taken(decision)))
    return [LineBilling(line, invoiced.get(line.pk, 0), line.pk in invoiced, decision.currency) for line in lines]
