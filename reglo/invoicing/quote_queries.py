"""Reads of quotes shared by several doors, all scoped by company."""

from datetime import date
from enum import StrEnum

from django.db.models import Q, QuerySet

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.issue_check import Problem
from reglo.invoicing.models import NumberSequence, Quote, QuoteVersion
from reglo.invoicing.queries import Cursor
from reglo.invoicing.quote_check import quote_problems
from reglo.invoicing.quote_content import quote_content
from reglo.invoicing.quoting import lines_of_version
from reglo.invoicing.search import MOST_CUSTOMERS, numbers_meant
from reglo.invoicing.states import QuoteStatus


class QuoteFilter(StrEnum):
    """The words over the list of quotes."""

    DRAFT = "brouillons"
    SENT = "envoyes"
    ACCEPTED = "acceptes"
    REFUSED = "refuses"
    EXPIRED = "expires"
    ALL = "tout"


def quotes_of(company: Company) -> QuerySet[Quote]:
    """Every quote of the company that is not thrown away, with customer and versions."""
    return Quote.objects.filter(company=company, discarded_at=None).select_related("customer", "latest", "offered")


def quote_list(
    company: Company,
    *,
    shown: QuoteFilter,
    search: str,
    today: date,
    customer: Customer | None = None,
    after: Cursor | None = None,
    before: Cursor | None = None,
    limit: int,
) -> list[Quote]:
    """At most `limit` quotes, latest first: those just after one cursor, or just before the other."""
    quotes = _filtered(quotes_of(company), shown, today)
    if customer:
        quotes = quotes.filter(customer=customer)
    if search.strip():
        quotes = quotes.filter(_searched(company, search.strip()))
    if before:
        newer = Q(edited_at__gt=before.edited_at) | Q(edited_at=before.edited_at, id__gt=before.id)
        near = quotes.filter(newer, edited_at__gte=before.edited_at).order_by("edited_at", "id")
        return list(near[:limit])[::-1]
    if after:
        older = Q(edited_at__lt=after.edited_at) | Q(edited_at=after.edited_at, id__lt=after.id)
        quotes = quotes.filter(older, edited_at__lte=after.edited_at)
    return list(quotes.order_by("-edited_at", "-id")[:limit])


def content_of_version(version: QuoteVersion, *, quote: Quote, company: Company, today: date) -> DocumentContent:
    """The version as printed: frozen once finalised, as it would be sent today before. Raises AmountTooLarge."""
    if not version.is_draft:
        return DocumentContent.from_json(version.frozen)
    lines = lines_of_version(version) if version.pk else []
    return quote_content(
        version,
        company=company,
        customer=quote.customer,
        lines=lines,
        number="",
        issue_date=today,
    )


def problems_before_sending(quote: Quote, *, company: Company, today: date) -> list[Problem]:
    """What *Contrôle avant émission* lists for the version being written."""
    version = quote.latest
    assert version is not None, "a quote has a version from the start"
    return quote_problems(version, company=company, customer=quote.customer, lines=lines_of_version(version), day=today)


def _filtered(quotes: QuerySet[Quote], shown: QuoteFilter, today: date) -> QuerySet[Quote]:
    match shown:
        case QuoteFilter.DRAFT:
            return quotes.filter(status=QuoteStatus.DRAFT)
        case QuoteFilter.SENT:
            return quotes.filter(status=QuoteStatus.SENT, valid_until__gte=today)
        case QuoteFilter.EXPIRED:
            return quotes.filter(status=QuoteStatus.SENT, valid_until__lt=today)
        case QuoteFilter.ACCEPTED:
            return quotes.filter(status=QuoteStatus.ACCEPTED)
        case QuoteFilter.REFUSED:
            return quotes.filter(status=QuoteStatus.REFUSED)
        case QuoteFilter.ALL:
            return quotes


def _searched(company: Company, search: str) -> Q:
    """A number, whole or from any place of it, the beginning of a series, or a customer's name."""
    known = list(NumberSequence.objects.filter(company=company).values_list("series", flat=True))
    begun = [series for series in known if series.startswith(search.upper())]
    named = Customer.objects.filter(company=company, name__icontains=search).values_list("id", flat=True)
    return (
        Q(number__in=numbers_meant(search, known)) | Q(series__in=begun) | Q(customer__in=list(named[:MOST_CUSTOMERS]))
    )
