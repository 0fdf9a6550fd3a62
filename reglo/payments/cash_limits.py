"""How much of a debt may be paid in cash to a professional in France: dated data."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class CashLimit:
    """`minor` cents of euro at most, from `since` included until `until` excluded."""

    minor: int
    since: date
    until: date | None
    source: str


_FRENCH_LAW = "Code monétaire et financier, art. L. 112-6 et D. 112-3"
RESIDENTS_AND_PROFESSIONALS = (CashLimit(100_000, date(2015, 9, 1), None, _FRENCH_LAW),)
VISITING_CONSUMERS = (
    CashLimit(1_500_000, date(2015, 9, 1), date(2027, 7, 10), _FRENCH_LAW),
    CashLimit(1_000_000, date(2027, 7, 10), None, "Règlement (UE) 2024/1624, art. 80"),
)


def cash_limit_on(day: date, *, country: str, professional: bool) -> CashLimit | None:
    """The limit for a customer of this kind on `day`; None before the law."""
    limits = VISITING_CONSUMERS if country != "FR" and not professional else RESIDENTS_AND_PROFESSIONALS
    return next((one for one in limits if one.since <= day and (one.until is None or day < one.until)), None)
