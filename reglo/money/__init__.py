"""Money: integer minor units, one currency at a time, one place that rounds. Pure Python."""

from reglo.money.currencies import UnknownCurrency, exponent
from reglo.money.money import AmountTooLarge, CurrencyMismatch, Money
from reglo.money.rounding import allocate, round_half_up

__all__ = [
    "AmountTooLarge",
    "CurrencyMismatch",
    "Money",
    "UnknownCurrency",
    "allocate",
    "exponent",
    "round_half_up",
]
