"""The series of a company as its page shows them: format, example, last number, where it began."""

from dataclasses import dataclass
from datetime import date

from reglo.companies.models import Company
from reglo.invoicing.models import NumberSequence, SeriesFormat, SeriesStart
from reglo.invoicing.numbering import spelling_on
from reglo.invoicing.states import SeriesKind

# In the addresses.
SLUGS = {
    "factures": SeriesKind.INVOICE,
    "acomptes": SeriesKind.DEPOSIT,
    "avoirs": SeriesKind.CREDIT_NOTE,
    "devis": SeriesKind.QUOTE,
}


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """`last` and `following` are whole numbers; `last` is empty where nothing was given yet."""

    slug: str
    kind: SeriesKind
    own: bool
    series: str
    last: str
    following: str
    start: SeriesStart | None
    may_start: bool
    later: SeriesFormat | None


def series_rows(company: Company, today: date) -> list[SeriesRow]:
    return [_row(slug, kind, company, today) for slug, kind in SLUGS.items()]


def series_row(slug: str, company: Company, today: date) -> SeriesRow:
    """Raises KeyError for a slug that is not ours."""
    return _row(slug, SLUGS[slug], company, today)


def _row(slug: str, kind: SeriesKind, company: Company, today: date) -> SeriesRow:
    spelling = spelling_on(kind, company_id=company.pk, day=today)
    series = spelling.series(today, practice=company.practice)
    counter = NumberSequence.objects.filter(company=company, series=series).first()
    start = SeriesStart.objects.filter(company=company, series=series).select_related("recorded_by").first()
    first = start.first_number if start else 1
    last = counter.last_number if counter else 0
    later = SeriesFormat.objects.filter(company=company, kind=kind, effective_date__gt=today)
    return SeriesRow(
        slug=slug,
        kind=kind,
        own=spelling.own,
        series=series,
        last=str(counter) if counter and last >= first else "",
        following=spelling.number(last + 1, today, practice=company.practice),
        start=start,
        may_start=counter is None,
        later=later.order_by("effective_date", "-id").first(),
    )
