"""The legal interest rate as dated data: between professionals, late penalties are at least three times it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

TIMES = 3  # Code de commerce art. L. 441-10, II


@dataclass(frozen=True)
class LegalInterest:
    """Percent a year, for creditors other than private persons, in the half-year that begins on `since`."""

    since: date
    rate: Decimal
    source: str


LEGAL_INTEREST = (
    LegalInterest(date(2024, 7, 1), Decimal("4.92"), "arrêté du 20 juin 2024"),
    LegalInterest(date(2025, 1, 1), Decimal("3.71"), "arrêté du 18 décembre 2024"),
    LegalInterest(date(2025, 7, 1), Decimal("2.76"), "arrêté du 19 juin 2025, JO du 24"),
    LegalInterest(date(2026, 1, 1), Decimal("2.62"), "arrêté du 15 décembre 2025, JO du 26"),
    # The second half of 2026 was not found when this was set down: its order is to be added here.
)


def legal_interest_on(day: date) -> LegalInterest:
    """The latest known on `day`, or the first: it may be that of a half-year before (`is_of_its_half_year`)."""
    begun = [one for one in LEGAL_INTEREST if one.since <= day]
    return begun[-1] if begun else LEGAL_INTEREST[0]


def is_of_its_half_year(interest: LegalInterest, day: date) -> bool:
    return interest.since == date(day.year, 1 if day.month <= 6 else 7, 1)


def least_penalty_on(day: date) -> Decimal:
    """Percent a year."""
    return legal_interest_on(day).rate * TIMES
