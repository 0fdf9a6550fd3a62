"""What a card payment is expected to cost, for the seller's eyes: dated data, never posted."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reglo.money import Money, round_half_up


@dataclass(frozen=True)
class Tariff:
    """A percentage of the amount plus a fixed part, in cents of euro."""

    percent: Decimal
    fixed_minor: int
    since: date
    source: str


# Standard cards of the European Economic Area; other cards cost more, and the true fee is told after each payment.
_TARIFFS = {"FR": (Tariff(Decimal("1.5"), 25, date(2023, 1, 1), "stripe.com/fr/pricing"),)}


def expected_fee(*, amount: Money, country: str, day: date) -> Money | None:
    """The fee expected on `amount` for an account of `country`; None where we know no tariff."""
    known = [tariff for tariff in _TARIFFS.get(country, ()) if tariff.since <= day]
    if amount.currency != "EUR" or not known:
        return None
    tariff = known[-1]
    return Money(round_half_up(Decimal(amount.minor) * tariff.percent / 100) + tariff.fixed_minor, "EUR")
