"""A month of collections by date, method and VAT rate: a micro-entrepreneur's *livre des recettes*.

What counts is the day the money moved. Refunds and undone collections are negative lines of their own day. A payment
cut in parts is cut over the invoice's rates by cumulated rounding, so that a wholly paid invoice shows exactly its VAT.
A credit note moves no money: what it frees of a payment leaves its rates and enters the *trop-perçus* on its own day,
and what is collected after it is cut over the rates that it leaves.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
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
    moved = _moved(company, first, after)
    lines = [*_allocated(company, moved), *_freed(company, moved), *_surpluses(company, first, after)]
    lines.sort(key=lambda line: (line.day, line.payment.recorded_at, line.gross_minor < 0))
    return MonthlyCollections(tuple(lines), company.currency)


# What a credit note freed: the payment stays where it is, and neither a refund nor a dispute took it.
_FREED = Q(refund=None, dispute=None, amount_minor__lt=0, payment__amount_minor__gt=0)


def _moved(company: Company, first: date, after: date) -> list[Allocation]:
    start, end = (datetime.combine(day, time(), tzinfo=company.zone) for day in (first, after))
    collected = (
        Q(refund=None, dispute=None, from_surplus=False, payment__paid_on__gte=first, payment__paid_on__lt=after)
        & ~_FREED
    )
    given_later = Q(from_surplus=True, allocated_at__gte=start, allocated_at__lt=end)
    freed = _FREED & Q(allocated_at__gte=start, allocated_at__lt=end)
    refunded = Q(amount_minor__lt=0, refund__refunded_on__gte=first, refund__refunded_on__lt=after)
    brought_back = Q(refund__isnull=False, amount_minor__gt=0, allocated_at__gte=start, allocated_at__lt=end)
    disputed = Q(dispute__isnull=False, allocated_at__gte=start, allocated_at__lt=end)
    return list(
        Allocation.objects.filter(collected | given_later | freed | refunded | brought_back | disputed, company=company)
        .select_related("payment", "refund", "invoice")
        .order_by("id")
    )


def _allocated(company: Company, moved: list[Allocation]) -> Iterator[CollectionLine]:
    settled_before = _settled_before(moved)
    rates = OwedRates({allocation.invoice for allocation in moved})
    for allocation in moved:
        owed = rates.at(allocation.invoice, allocation.allocated_at)
        gross_minor = sum(rate.net_minor + rate.vat_minor for rate in owed)
        before = settled_before[allocation.id]
        for rate, gross, vat in split_by_rate(owed, gross_minor, before, allocation.amount_minor):
            yield _line(allocation.payment, allocation.invoice, _day_of(allocation, company), rate, gross, vat)


def _freed(company: Company, moved: list[Allocation]) -> Iterator[CollectionLine]:
    """What credit notes made of payments: *trop-perçu*, on the day they did."""
    for allocation in moved:
        if _is_freed(allocation):
            day, minor = _day_of(allocation, company), -allocation.amount_minor
            yield _line(allocation.payment, allocation.invoice, day, None, minor, 0)


def _is_freed(allocation: Allocation) -> bool:
    taken = allocation.refund is not None or allocation.dispute_id is not None
    return not taken and allocation.amount_minor < 0 < allocation.payment.amount_minor


class OwedRates:
    """What each rate of an invoice asks for: as issued, less what its deposits asked for, and the credit notes issued
    before the instant looked at."""

    def __init__(self, invoices: Iterable[Invoice]) -> None:
        self._issued = {invoice.id: _own_rates(DocumentContent.from_json(invoice.frozen)) for invoice in invoices}
        self._credits: dict[int, list[tuple[datetime, tuple[RateContent, ...]]]] = defaultdict(list)
        credit_notes = Invoice.objects.filter(corrects__in=list(self._issued), issued_at__isnull=False)
        for invoice_id, at, frozen in credit_notes.values_list("corrects_id", "issued_at", "frozen"):
            assert invoice_id is not None, "filtered by the invoices that they correct"
            assert at is not None, "filtered too"
            self._credits[invoice_id].append((at, _own_rates(DocumentContent.from_json(frozen))))

    def at(self, invoice: Invoice, instant: datetime) -> tuple[RateContent, ...]:
        taken: dict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
        for at, rates in self._credits[invoice.id]:
            if at < instant:
                for rate in rates:
                    key = rate.vat_category, rate.vat_rate
                    net, vat = taken[key]
                    taken[key] = (net + rate.net_minor, vat + rate.vat_minor)
        return tuple(
            replace(rate, net_minor=rate.net_minor - net, vat_minor=rate.vat_minor - vat)
            for rate in self._issued[invoice.id]
            for net, vat in [taken[rate.vat_category, rate.vat_rate]]
        )


def _own_rates(content: DocumentContent) -> tuple[RateContent, ...]:
    """Without the deposits that the document deducts, or gives back."""
    less: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for share in (share for deduction in content.deductions or () for share in deduction.shares):
        net, vat = less[share.vat_rate]
        less[share.vat_rate] = (net + share.net_minor, vat + share.vat_minor)
    return tuple(
        replace(rate, net_minor=rate.net_minor - net, vat_minor=rate.vat_minor - vat)
        for rate in content.rates
        for net, vat in [less[rate.vat_rate]]
    )


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
    came = allocation.refund is None and allocation.dispute_id is None and not allocation.from_surplus
    if came and not _is_freed(allocation):
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


# What a payment settled when it came, or unsettled when it was undone.
_AT_FIRST = Q(allocations__refund=None, allocations__dispute=None, allocations__from_surplus=False) & (
    Q(allocations__amount_minor__gt=0) | Q(amount_minor__lt=0)
)


def _surpluses(company: Company, first: date, after: date) -> Iterator[CollectionLine]:
    """What payments brought beyond what was owed, what a person gave of it to an invoice, and what refunds and lost
    disputes took back."""
    payments = (
        Payment.objects.filter(company=company, paid_on__gte=first, paid_on__lt=after)
        .annotate(allocated=Sum("allocations__amount_minor", filter=_AT_FIRST, default=0))
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
