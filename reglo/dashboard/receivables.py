"""What customers owe and what they paid, for the lists and the home page of the dashboard."""

from collections.abc import Sequence
from datetime import date

from django.db.models import F, Sum

from reglo.companies.models import Company
from reglo.invoicing.models import Settlement, owed
from reglo.invoicing.states import InvoiceStatus
from reglo.money import Money
from reglo.payments.models import Payment, Refund
from reglo.payments.states import RefundState


def owed_by_customer(company: Company, customer_ids: Sequence[int]) -> dict[int, Money]:
    """What remains to be paid on the issued invoices of these customers; those who owe nothing are left out."""
    unsettled = Settlement.objects.filter(
        company=company,
        settled_minor__lt=owed(),
        invoice__status=InvoiceStatus.ISSUED,
        invoice__customer__in=customer_ids,
    )
    remaining = Sum(owed() - F("settled_minor"))
    sums = unsettled.values_list("invoice__customer").annotate(owed=remaining)
    return {customer: Money(int(owed), company.currency) for customer, owed in sums}


def collected_since(company: Company, day: date) -> Money:
    """What was collected from `day` on, undone collections and refunds taken off."""
    payments = Payment.objects.filter(company=company, paid_on__gte=day, currency=company.currency)
    refunds = Refund.objects.filter(
        company=company, refunded_on__gte=day, state=RefundState.SUCCEEDED, payment__currency=company.currency
    )
    collected, refunded = (
        rows.aggregate(total=Sum("amount_minor", default=0))["total"] for rows in (payments, refunds)
    )
    return Money(int(collected) - int(refunded), company.currency)


def latest_payments(company: Company, *, limit: int = 5) -> list[Payment]:
    """The latest collections that stand, each with the documents that it settles."""
    standing = Payment.objects.filter(company=company, reverses=None, reversed_by=None)
    return list(standing.prefetch_related("allocations__invoice").order_by("-paid_at", "-id")[:limit])
