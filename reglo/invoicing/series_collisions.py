"""Which spellings a new one must stay clear of, and whether a series may still come to give a number."""

from collections.abc import Iterable, Iterator
from datetime import date

from reglo.companies.models import Company
from reglo.invoicing.models import NumberSequence, SeriesFormat
from reglo.invoicing.numbering import USUAL_PATTERNS, spelling_on
from reglo.invoicing.series_patterns import PRACTICE, number_of, rank_in, series_on
from reglo.invoicing.states import SeriesKind


def patterns_that_count(*, company: Company, today: date) -> list[tuple[SeriesKind, str]]:
    """Those in force, those chosen for later, and every former one that gave a number."""
    return sorted({*_in_force(company, today), *_once_used(company)})


def may_be_given(number: str, patterns: Iterable[str], *, company: Company, today: date) -> bool:
    """Whether a series of one of these spellings may still give `number`: its counter is not beyond it yet. A series of
    a past year or month is never opened again."""
    bare = number.upper().removeprefix(PRACTICE) if company.practice else number.upper()
    if company.practice and bare == number.upper():
        return False  # the series of a practice company begin with ESSAI-
    return any(_may_give(pattern, bare, company, today) for pattern in patterns)


def _may_give(pattern: str, number: str, company: Company, today: date) -> bool:
    rank = rank_in(pattern, number)
    if rank is None:
        return False
    current = series_on(pattern, today, practice=False)
    if not number.startswith(current):
        return any(number.startswith(series) for series in _later_series(pattern, today))
    series = series_on(pattern, today, practice=company.practice)
    last = NumberSequence.objects.filter(company=company, series=series).values_list("last_number", flat=True).first()
    return rank > (last or 0)


def _later_series(pattern: str, today: date) -> set[str]:
    """Of the months to come, until the last year of which e-invoices know."""
    months = ((year, month) for year in range(today.year, 2100) for month in range(1, 13))
    return {
        series_on(pattern, date(year, month, 1), practice=False)
        for year, month in months
        if (year, month) > (today.year, today.month)
    }


def _in_force(company: Company, today: date) -> Iterator[tuple[SeriesKind, str]]:
    for kind in SeriesKind:
        spelling = spelling_on(kind, company_id=company.id, day=today)
        if spelling.own or kind in USUAL_PATTERNS:
            yield kind, spelling.pattern
    later = SeriesFormat.objects.filter(company=company, effective_date__gt=today)
    for kind_value, pattern in later.values_list("kind", "pattern"):
        yield SeriesKind(kind_value), pattern


def _once_used(company: Company) -> Iterator[tuple[SeriesKind, str]]:
    chosen = SeriesFormat.objects.filter(company=company).values_list("kind", "pattern")
    every = {*USUAL_PATTERNS.items(), *((SeriesKind(kind), pattern) for kind, pattern in chosen)}
    begun = list(NumberSequence.objects.filter(company=company).values_list("series", flat=True))
    numbers = [number_of(series.removeprefix(PRACTICE), 1, 4) for series in begun]
    for kind, pattern in every:
        if any(rank_in(pattern, number) == 1 for number in numbers):
            yield kind, pattern
