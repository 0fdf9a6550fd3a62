"""What customers owe, for the lists and the home page of the dashboard."""

from collections.abc import Sequence

from django.db.models import F, Sum

from reglo.companies.models import Company
from reglo.invoicing.models import Settlement
from reglo.invoicing.states import InvoiceStatus
from reglo.money import Money


def owed_by_customer(company: Company, customer_ids: Sequence[int]) -> dict[int, Money]:
    """What remains to be paid on the issued invoices of these customers; those who owe nothing are left out."""
    unsettled = Settlement.objects.filter(
        company=company,
        settled_minor__lt=F("gross_minor"),
        invoice__status=InvoiceStatus.ISSUED,
        invoice__customer__in=customer_ids,
    )
    sums = unsettled.values_list("invoice__customer").annotate(owed=Sum(F("gross_minor") - F("settled_minor")))
    return {customer: Money(int(owed), company.currency) for customer, owed in sums}
