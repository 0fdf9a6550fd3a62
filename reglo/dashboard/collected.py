"""A payment as the screens show it: what it settles, what was given back of it, and what may still be done."""

from dataclasses import dataclass

from django.db.models import QuerySet

from reglo.companies.models import Company
from reglo.invoicing.models import Invoice
from reglo.money import Money
from reglo.payments.models import Payment, Refund
from reglo.payments.queries import payments_of
from reglo.payments.refund_failures import failure_words
from reglo.payments.refund_offers import RefundOffer, refund_offer
from reglo.payments.states import RefundState

_PILLS = {
    RefundState.REQUESTED: "pending",
    RefundState.PENDING: "pending",
    RefundState.SUCCEEDED: "cancelled",
    RefundState.FAILED: "failed",
    RefundState.CANCELED: "failed",
}


@dataclass(frozen=True, slots=True)
class RefundRow:
    """`pill` is a kind of `<c-pill>`; `why`, for one that failed, what to do."""

    refund: Refund
    pill: str
    why: str


@dataclass(frozen=True, slots=True)
class Row:
    """One payment. `surplus` of it settles no document, `offer` says what may be given back on line."""

    payment: Payment
    invoices: list[Invoice]
    surplus: Money
    refunds: list[RefundRow]
    offer: RefundOffer
    is_undone: bool

    @property
    def customer(self) -> str:
        return self.invoices[0].customer_name if self.invoices else ""

    @property
    def is_on_line(self) -> bool:
        return not self.payment.is_by_hand


def with_all_of_it(payments: QuerySet[Payment]) -> QuerySet[Payment]:
    """The payments with what their rows read."""
    return payments.select_related("account", "company", "attempt", "reversed_by", "recorded_by").prefetch_related(
        "allocations__invoice__settlement", "attempt__lines__invoice", "refunds", "disputes"
    )


def payment_row(payment: Payment) -> Row:
    allocations = list(payment.allocations.all())
    paid_for = [line.invoice for line in payment.attempt.lines.all()] if payment.attempt else []
    settled = [allocation.invoice for allocation in allocations]
    refunds = sorted(payment.refunds.all(), key=lambda refund: refund.recorded_at)
    return Row(
        payment=payment,
        invoices=list({invoice.pk: invoice for invoice in (*paid_for, *settled)}.values()),
        surplus=Money(max(payment.surplus_minor, 0), payment.company.currency),
        refunds=[_refund_row(refund) for refund in refunds],
        offer=refund_offer(payment),
        is_undone=hasattr(payment, "reversed_by"),
    )


def collected_for(invoice: Invoice) -> list[Row]:
    """What was collected for the invoice, the latest first."""
    return [payment_row(payment) for payment in with_all_of_it(payments_of(invoice))][::-1]


def payments_shown(company: Company) -> QuerySet[Payment]:
    """Every payment of the company, ready for its row."""
    return with_all_of_it(Payment.objects.filter(company=company))


def _refund_row(refund: Refund) -> RefundRow:
    state = RefundState(refund.state)
    failed = state in {RefundState.FAILED, RefundState.CANCELED}
    return RefundRow(refund, _PILLS[state], failure_words(refund.failure) if failed else "")
