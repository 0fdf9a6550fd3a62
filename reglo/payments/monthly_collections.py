"""A month of collections by date, method and VAT rate: a micro-entrepreneur's *livre des recettes*.

What counts is the day the money moved. Refunds and undone collections are negative lines of their own day. A payment
cut in parts is cut over the invoice's rates by cumulated rounding, so that a wholly paid invoice shows exactly its VAT.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import F, Q, Sum

from reglo.companies.models import Company
from reglo.invoicing.content import DocumentContent, RateContent
from reglo.invoicing.models import Invoice
from reglo.money import round_half_up
from reglo.payments.models import Allocation, Dispute, Payment, Refund
from reglo.payments.states import Method, RefundState


@dataclass(frozen=True, slots=True)
class CollectionLine:
    """Minor units, VAT included. Without `vat_rate`: *trop-perçu*, which pays for nothing yet."""

    day: date
    method: Method
    payment: Payment
    invoice_number: str
    customer_name: str
    subject: str
    vat_rate: Decimal | None
    gross_minor: int
    vat_minor: int

    @property
    def net_minor(self) -> int:
        return self.gross_minor - self.vat_minor


@dataclass(frozen=True, slots=True)
class MonthlyCollections:
    """The lines of a month in the order of their days."""

    lines: tuple[CollectionLine, ...]
    currency: str

    @property
    def total_minor(self) -> int:
        """What was collected for documents: the amount that a micro-entrepreneur declares."""
        return sum(line.gross_minor for line in self.lines if line.vat_rate is not None)

    @property
    def surplus_minor(self) -> int:
        return sum(line.gross_minor for line in self.lines if line.vat_rate is None)

    @property
    def by_method(self) -> dict[Method, int]:
        """*Trop-perçus* included: what each means brought."""
        sums: dict[Method, int] = defaultdict(int)
        for line in self.lines:
            sums[line.method] += line.gross_minor
        return dict(sums)

    @property
    def by_rate(self) -> dict[Decimal, tuple[int, int]]:
        """(gross, VAT) of each rate, the highest first."""
        sums: dict[Decimal, tuple[int, int]] = {}
        for line in self.lines:
            if line.vat_rate is not None:
                gross, vat = sums.get(line.vat_rate, (0, 0))
                sums[line.vat_rate] = (gross + line.gross_minor, vat + line.vat_minor)
        return dict(sorted(sums.items(), reverse=True))


def monthly_collections(*, company: Company, year: int, month: int) -> MonthlyCollections:
    """The collections whose money moved in that month, by the company's dates. Six statements, and one more for each
    *trop-perçu*."""
    first = date(year, month, 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    lines = [*_allocated(company, first, after), *_surpluses(company, first, after)]
    lines.sort(key=lambda line: (line.day, line.payment.recorded_at, line.gross_minor < 0))
    return MonthlyCollections(tuple(lines), company.currency)


def _allocated(company: Company, first: date, after: date) -> Iterator[CollectionLine]:
    start, end = (datetime.combine(day, time(), tzinfo=company.zone) for day in (first, after))
    collected = Q(
        refund=None, dispute=None, from_surplus=False, payment__paid_on__gte=first, payment__paid_on__lt=after
    )
    given_later = Q(from_surplus=True, allocated_at__gte=start, allocated_at__lt=end)
    refunded = Q(amount_minor__lt=0, refund__refunded_on__gte=first, refund__refunded_on__lt=after)
    brought_back = Q(refund__isnull=False, amount_minor__gt=0, allocated_at__gte=start, allocated_at__lt=end)
    disputed = Q(dispute__isnull=False, allocated_at__gte=start, allocated_at__lt=end)
    moved = (
        Allocation.objects.filter(collected | given_later | refunded | brought_back | disputed, company=company)
        .select_related("payment", "refund", "invoice")
        .order_by("id")
    )
    settled_before = _settled_before(moved)
    rates: dict[int, tuple[RateContent, ...]] = {}
    for allocation in moved:
        invoice = allocation.invoice
        if invoice.id not in rates:
            rates[invoice.id] = DocumentContent.from_json(invoice.frozen).rates
        before = settled_before[allocation.id]
        for rate, gross, vat in split_by_rate(rates[invoice.id], invoice.gross_minor, before, allocation.amount_minor):
            yield _line(allocation.payment, invoice, _day_of(allocation, company), rate, gross, vat)


def _settled_before(moved: Iterable[Allocation]) -> dict[int, int]:
    """What was settled of its invoice before each allocation, by its id."""
    settled: dict[int, int] = defaultdict(int)
    before = {}
    invoice_ids = {allocation.invoice_id for allocation in moved}
    rows = Allocation.objects.filter(invoice_id__in=invoice_ids).order_by("id")
    for row_id, invoice_id, amount in rows.values_list("id", "invoice_id", "amount_minor"):
        before[row_id] = settled[invoice_id]
        settled[invoice_id] += amount
    return before


def _day_of(allocation: Allocation, company: Company) -> date:
    if allocation.refund is None and allocation.dispute_id is None and not allocation.from_surplus:
        return allocation.payment.paid_on
    if allocation.refund is not None and allocation.amount_minor < 0:
        return allocation.refund.refunded_on
    return allocation.allocated_at.astimezone(company.zone).date()


def split_by_rate(
    rates: Iterable[RateContent], gross_minor: int, before: int, amount: int
) -> Iterator[tuple[Decimal, int, int]]:
    """(rate, gross, VAT) of the `amount` that moves the settlement of an invoice up (or down) from `before`."""
    rates = tuple(rates)
    then, now = _shares(rates, gross_minor, before), _shares(rates, gross_minor, before + amount)
    for rate, (gross_then, vat_then), (gross_now, vat_now) in zip(rates, then, now, strict=True):
        if gross_now != gross_then:
            yield Decimal(rate.vat_rate), gross_now - gross_then, vat_now - vat_then


def _shares(rates: tuple[RateContent, ...], gross_minor: int, settled: int) -> list[tuple[int, int]]:
    """(gross, VAT) of each rate when `settled` of the whole is settled; they add up to `settled`."""
    shares = []
    cumulated = reached = 0
    for rate in rates:
        of_rate = rate.net_minor + rate.vat_minor
        cumulated += of_rate
        upto = round_half_up(Decimal(settled * cumulated) / gross_minor)
        gross, reached = upto - reached, upto
        vat = round_half_up(Decimal(rate.vat_minor * gross) / of_rate) if of_rate else 0
        shares.append((gross, vat))
    return shares


def _surpluses(company: Company, first: date, after: date) -> Iterator[CollectionLine]:
    """What payments brought beyond what was owed, what a person gave of it to an invoice, and what refunds and lost
    disputes took back."""
    as_it_came = Q(allocations__refund=None, allocations__dispute=None, allocations__from_surplus=False)
    payments = (
        Payment.objects.filter(company=company, paid_on__gte=first, paid_on__lt=after, account__isnull=False)
        .annotate(allocated=Sum("allocations__amount_minor", filter=as_it_came, default=0))
        .select_related("attempt")
    )
    for payment in payments:
        surplus = payment.minor_in(company.currency) - payment.allocated
        if surplus:
            yield _surplus_line(payment, payment.paid_on, surplus)
    start, end = (datetime.combine(day, time(), tzinfo=company.zone) for day in (first, after))
    given = Allocation.objects.filter(company=company, from_surplus=True, allocated_at__gte=start, allocated_at__lt=end)
    for allocation in given.select_related("payment__attempt").order_by("id"):
        yield _surplus_line(allocation.payment, _day_of(allocation, company), -allocation.amount_minor)
    refunds = (
        Refund.objects.filter(
            company=company,
            refunded_on__gte=first,
            refunded_on__lt=after,
            state=RefundState.SUCCEEDED,
            currency=company.currency,
        )
        .annotate(released=Sum("allocations__amount_minor", default=0))
        .select_related("payment__attempt")
    )
    for refund in refunds:
        from_surplus = refund.amount_minor + refund.released
        if from_surplus:
            yield _surplus_line(refund.payment, refund.refunded_on, -from_surplus)
    start, end = (datetime.combine(day, time(), tzinfo=company.zone) for day in (first, after))
    decided = (
        Dispute.objects.filter(
            company=company, outcome_at__gte=start, outcome_at__lt=end, withdrawn_currency=company.currency
        )
        .annotate(gone=F("withdrawn_minor") - F("lost_minor") + Sum("allocations__amount_minor", default=0))
        .select_related("payment__attempt")
    )
    for dispute in decided:
        if dispute.gone and dispute.outcome_at:
            yield _surplus_line(dispute.payment, dispute.outcome_at.astimezone(company.zone).date(), -dispute.gone)


def _surplus_line(payment: Payment, day: date, surplus: int) -> CollectionLine:
    line = payment.attempt.lines.select_related("invoice").first() if payment.attempt else None
    return _line(payment, line.invoice if line else None, day, None, surplus, 0)


def _line(
    payment: Payment, invoice: Invoice | None, day: date, rate: Decimal | None, gross: int, vat: int
) -> CollectionLine:
    return CollectionLine(
        day=day,
        method=Method(payment.method),
        payment=payment,
        invoice_number=(invoice.number or "") if invoice else "",
        customer_name=invoice.customer_name if invoice else "",
        subject=invoice.subject if invoice else "",
        vat_rate=rate,
        gross_minor=gross,
        vat_minor=vat,
    )
