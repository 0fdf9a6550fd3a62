"""Numbers without a hole: taken inside the issuing transaction, one counter per company and series.

A kind of document has a dated format, the spelling of its series. A new kind adds itself to `SeriesKind`, its usual
spelling to `USUAL_PATTERNS`, and, where it shares the series of another until told otherwise, that one to `FOLLOWS`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.db import connection
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.invoicing.models import NumberSequence, SeriesFormat
from reglo.invoicing.series_patterns import FEWEST_DIGITS, MONTH, PRACTICE, SHORT_YEAR, YEAR, number_of, series_on
from reglo.invoicing.states import SeriesKind


class IssueDateBeforeSeries(RegloError):
    code = "issue_date_before_series"
    status = 409
    message = _(
        "Un document de cette série porte déjà une date postérieure au %(issue_date)s. "
        "L’horloge du serveur semble avoir reculé : vérifiez-la, puis finalisez à nouveau."
    )


USUAL_PATTERNS: Mapping[SeriesKind, str] = MappingProxyType(
    {
        SeriesKind.INVOICE: "F{AAAA}-",
        SeriesKind.CREDIT_NOTE: "A{AAAA}-",
        SeriesKind.QUOTE: "D{AAAA}-",
    }
)
# Deposit invoices are numbered among the invoices, unless the company chose a series for them.
FOLLOWS: Mapping[SeriesKind, SeriesKind] = MappingProxyType({SeriesKind.DEPOSIT: SeriesKind.INVOICE})


@dataclass(frozen=True, slots=True)
class Spelling:
    """The format in force: `own` unless it is that of the kind it follows, or the usual one."""

    pattern: str
    digits: int
    own: bool

    def series(self, day: date, *, practice: bool) -> str:
        return series_on(self.pattern, day, practice=practice)

    def number(self, rank: int, day: date, *, practice: bool) -> str:
        return number_of(self.series(day, practice=practice), rank, self.digits)


@dataclass(frozen=True, slots=True)
class TakenNumber:
    series: str
    number: str


def spelling_on(kind: SeriesKind, *, company_id: int, day: date) -> Spelling:
    """How this kind is numbered on `day`."""
    found = (
        SeriesFormat.objects.filter(company_id=company_id, kind=kind, effective_date__lte=day)
        .order_by("-effective_date", "-id")
        .first()
    )
    if found:
        return Spelling(found.pattern, found.digits, own=True)
    if kind in FOLLOWS:
        followed = spelling_on(FOLLOWS[kind], company_id=company_id, day=day)
        return Spelling(followed.pattern, followed.digits, own=False)
    return Spelling(USUAL_PATTERNS[kind], FEWEST_DIGITS, own=False)


def series_for(kind: SeriesKind, *, company_id: int, issue_date: date, practice: bool) -> str:
    """The series of a kind of document: usually "F2026-" or "A2026-", and "ESSAI-F2026-" in a practice company."""
    return spelling_on(kind, company_id=company_id, day=issue_date).series(issue_date, practice=practice)


def take_number(*, company_id: int, kind: SeriesKind, issue_date: date, practice: bool) -> TakenNumber:
    """The next number of the series in force, under its row's lock until the transaction ends.

    One statement finds the format, creates the counter or moves it, and refuses a date before the last one
    (IssueDateBeforeSeries).
    """
    day = connection.ops.adapt_datefield_value(issue_date)
    followed = FOLLOWS.get(kind, kind)
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE,
            [
                *(company_id, PRACTICE if practice else ""),
                *(f"{issue_date.year:04d}", f"{issue_date.year % 100:02d}", f"{issue_date.month:02d}"),
                *(day, kind.value, company_id, kind.value, followed.value, day),
                *(USUAL_PATTERNS[followed], FEWEST_DIGITS, connection.ops.adapt_datefield_value(date.min)),
            ],
        )
        row = cursor.fetchone()
    if row is None:
        raise IssueDateBeforeSeries(issue_date=issue_date.strftime("%d/%m/%Y"))
    series, digits, rank = row
    return TakenNumber(series, number_of(series, rank, digits))


_COUNTER, _FORMAT = NumberSequence._meta.db_table, SeriesFormat._meta.db_table
# The latest format dated no later than the day, of the kind itself before the one it follows; else the usual one.
_TAKE = (
    f"INSERT INTO {_COUNTER} (company_id, series, digits, last_number, last_date)"  # noqa: S608 (our own tables' names)
    f" SELECT %s, %s || REPLACE(REPLACE(REPLACE(f.pattern, '{YEAR}', %s), '{SHORT_YEAR}', %s), '{MONTH}', %s),"
    " f.digits, 1, %s"
    " FROM (SELECT pattern, digits, CASE WHEN kind = %s THEN 1 ELSE 0 END AS own, effective_date, id"
    f" FROM {_FORMAT} WHERE company_id = %s AND kind IN (%s, %s) AND effective_date <= %s"
    " UNION ALL SELECT %s, %s, -1, %s, 0"
    " ORDER BY own DESC, effective_date DESC, id DESC LIMIT 1) f WHERE TRUE"
    " ON CONFLICT (company_id, series) DO UPDATE"
    f" SET last_number = {_COUNTER}.last_number + 1, last_date = excluded.last_date, digits = excluded.digits"
    f" WHERE {_COUNTER}.last_date <= excluded.last_date RETURNING series, digits, last_number"
)
