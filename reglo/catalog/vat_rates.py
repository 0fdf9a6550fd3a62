"""French VAT rates as dated data (mainland). A rate outside its dates is refused."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class VatRate:
    """`rate` in percent; usable from `since` included, until `until` excluded."""

    rate: Decimal
    since: date
    until: date | None
    source: str


VAT_RATES = (
    VatRate(Decimal(20), date(2014, 1, 1), None, "CGI art. 278"),
    VatRate(Decimal(10), date(2014, 1, 1), None, "CGI art. 278 bis à septies"),
    VatRate(Decimal("5.5"), date(2012, 1, 1), None, "CGI art. 278-0 bis"),
    VatRate(Decimal("2.1"), date(1986, 1, 1), None, "CGI art. 281 quater et suivants"),
    VatRate(Decimal(0), date(1968, 1, 1), None, "exonérations, motif à préciser"),
)


def rates_on(day: date) -> list[Decimal]:
    """The rates in force on `day`, highest first."""
    return [rate.rate for rate in VAT_RATES if rate.since <= day and (rate.until is None or day < rate.until)]
