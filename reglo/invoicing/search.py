"""Search among the invoices: by number and by customer, each part read by its own index, however many there are."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db.models import Max, Q, QuerySet

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.invoicing.models import Invoice, NumberSequence
from reglo.invoicing.series_patterns import FEWEST_DIGITS, number_of
from reglo.invoicing.states import DocumentKind

MOST_CUSTOMERS = 200
EACH_ALONE = 20  # so many customers are read one by one, latest invoices first; more are looked for in the list
CLOCKS_DIFFER = timedelta(days=2)  # the dates of a series never go back; within one, the clock of a machine may
_LAST_DIGITS = re.compile(r"[0-9]{1,15}$")


def searched(invoices: QuerySet[Invoice], company: Company, search: str) -> list[QuerySet[Invoice]]:
    """Parts whose union is what was looked for: a number, the beginning of a series, a customer's name.

    A number is written whole, or from any place of it: « 143 » is « F2026-0143 », and « F2025-0143 ».
    """
    counters = list(NumberSequence.objects.filter(company=company))
    meant = numbers_meant(search, {counter.series: counter.digits for counter in counters})
    # By their ids: asked for the latest of these numbers, SQLite would walk the whole list.
    numbered = list(Invoice.objects.filter(company=company, number__in=meant).values_list("id", flat=True))
    # First those of a former tool, numbered as it did: few, and in an index of their own.
    parts = [invoices.filter(kind=DocumentKind.OPENING, number__icontains=search)]
    parts += [invoices.filter(id__in=numbered)] if numbered else []
    begun = [counter for counter in counters if counter.series.startswith(search.upper())]
    if begun:
        parts.append(invoices.filter(_in_series(company, begun)))
    return [*parts, *_of_customers(invoices, company, search)]


def numbers_meant(search: str, known: Mapping[str, int]) -> set[str]:
    """The whole numbers that `search` may stand for in the series `known`, each with its least number of digits."""
    text = search.upper()
    digits = _LAST_DIGITS.search(text)
    if digits is None:
        return {text}
    before, rank = text[: digits.start()], int(digits[0])
    return {text} | {
        number_of(series, rank, digits)
        for series, least in known.items()
        if series.endswith(before)
        for digits in {FEWEST_DIGITS, least}  # its format may have been given digits since
    }


def _in_series(company: Company, begun: Sequence[NumberSequence]) -> Q:
    """Those of these series; the list is read from their last one on, not from today's."""
    last_ones = [str(counter) for counter in begun]
    latest = Invoice.objects.filter(company=company, number__in=last_ones).aggregate(latest=Max("edited_at"))["latest"]
    return Q(series__in=[counter.series for counter in begun]) & (
        Q(edited_at__lte=latest + CLOCKS_DIFFER) if latest else Q()
    )


def _of_customers(invoices: QuerySet[Invoice], company: Company, search: str) -> list[QuerySet[Invoice]]:
    """Names are looked for among the customers, far fewer than the invoices."""
    named = Customer.objects.filter(company=company, name__icontains=search).values_list("id", flat=True)
    found = list(named[:MOST_CUSTOMERS])
    if len(found) > EACH_ALONE:
        return [invoices.filter(customer__in=found)]
    return [invoices.filter(customer=customer_id) for customer_id in found]
