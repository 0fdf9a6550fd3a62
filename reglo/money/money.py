"""An amount of money: integer minor units and an ISO 4217 currency."""

from dataclasses import dataclass
from decimal import Decimal
from functools import total_ordering

from reglo.errors import RegloError
from reglo.money.currencies import exponent
from reglo.money.rounding import round_half_up

# Ten billion euros in cents: far above any invoice, far below 2^52, so that no sum of ours can overflow a column.
LARGEST_MINOR = 10**12


class AmountTooLarge(RegloError):
    code = "amount_too_large"
    message = "Ce montant est trop grand : Réglo accepte jusqu’à 10 000 000 000,00. Vérifiez la quantité et le prix."


class CurrencyMismatch(TypeError):
    """Two currencies met in one sum: a bug of the caller, never shown to a person."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """`Money(124000, "EUR")` is 1 240,00 €. Immutable, hashable, ordered within one currency."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are an int, not {type(self.minor).__name__}")
        exponent(self.currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        return cls(0, currency)

    @classmethod
    def from_decimal(cls, value: Decimal, currency: str) -> "Money":
        """Exact conversion rounded half-up to the minor unit. Raises AmountTooLarge."""
        if abs(value) > LARGEST_MINOR:
            raise AmountTooLarge
        return cls(round_half_up(value.scaleb(exponent(currency))), currency).checked()

    def to_decimal(self) -> Decimal:
        """1 240.00 for Money(124000, "EUR"): exact."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def checked(self) -> "Money":
        """Itself, or AmountTooLarge."""
        if abs(self.minor) > LARGEST_MINOR:
            raise AmountTooLarge
        return self

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same_currency(other)
        return self.minor < other.minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
