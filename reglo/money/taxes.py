"""VAT of a document, computed once for the screen, the PDF, the payment request and the ledger.

Prices typed without VAT: the VAT is taken on the sum of nets per (category, rate), then rounded once (EN 16931).
Prices typed with VAT: the gross is the truth; per rate VAT = gross × r / (100 + r), and net = gross − VAT.
A discount of the whole document is taken off each (category, rate) before its VAT is.
`docs/algorithms/vat-and-rounding.md` has the worked figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reglo.errors import RegloError
from reglo.money.currencies import exponent
from reglo.money.money import LARGEST_MINOR, AmountTooLarge
from reglo.money.rounding import allocate, round_half_up

HUNDRED = Decimal(100)


class DiscountTooLarge(RegloError):
    code = "discount_too_large"
    message = "La remise dépasse le total des lignes : réduisez-la."


@dataclass(frozen=True, slots=True)
class TaxableLine:
    """A line as typed. `unit_price` is in major units, without or with VAT according to the document.

    `discount_minor` is taken off the rounded line, after the percentage, in the same mode as the price.
    """

    quantity: Decimal
    unit_price: Decimal
    discount_rate: Decimal  # percent, 0 to 100
    vat_rate: Decimal  # percent
    vat_category: str  # EN 16931 code: S, E, …
    discount_minor: int = 0


@dataclass(frozen=True, slots=True)
class Discount:
    """Of a whole document: percent of its lines, and an amount in minor units, in the mode of its prices."""

    rate: Decimal = Decimal(0)
    minor: int = 0

    def taken_of(self, typed_minor: int) -> int:
        """What it takes of lines that add up to `typed_minor`. Raises DiscountTooLarge."""
        taken = round_half_up(typed_minor * self.rate / HUNDRED) + self.minor
        if taken > max(0, typed_minor):
            raise DiscountTooLarge
        return taken


NO_DISCOUNT = Discount()


@dataclass(frozen=True, slots=True)
class RateDiscount:
    """What the discount of the document takes of one (category, rate): an allowance of EN 16931 (BG-20).

    `base_minor` is the net before it, `net_minor` its net, `amount_minor` the same as the prices are typed.
    """

    vat_category: str
    vat_rate: Decimal
    base_minor: int
    amount_minor: int
    net_minor: int


@dataclass(frozen=True, slots=True)
class RateTotal:
    """What one (category, rate) adds up to, in minor units, the discount of the document taken."""

    vat_category: str
    vat_rate: Decimal
    net_minor: int
    vat_minor: int

    @property
    def gross_minor(self) -> int:
        return self.net_minor + self.vat_minor


@dataclass(frozen=True, slots=True)
class Totals:
    """Totals of a document, minor units. `line_minors` are as printed on the lines (net or gross, as typed);
    `line_net_minors` always net, adding up to `net_minor` and what `discounts` take of it."""

    line_minors: tuple[int, ...]
    line_net_minors: tuple[int, ...]
    rates: tuple[RateTotal, ...]
    net_minor: int
    vat_minor: int
    gross_minor: int
    discounts: tuple[RateDiscount, ...] = ()

    @property
    def discount_minor(self) -> int:
        """What the discount of the document takes, in the mode of its prices."""
        return sum(part.amount_minor for part in self.discounts)

    @property
    def discount_net_minor(self) -> int:
        return sum(part.net_minor for part in self.discounts)


def line_minor(line: TaxableLine, currency: str) -> int:
    """Amount of a line as typed, discount taken, rounded half-up to the minor unit. Raises AmountTooLarge."""
    exact = line.quantity * line.unit_price * (HUNDRED - line.discount_rate) / HUNDRED
    if abs(exact) > LARGEST_MINOR:
        raise AmountTooLarge
    return round_half_up(exact.scaleb(exponent(currency))) - line.discount_minor


def compute_totals(
    lines: Sequence[TaxableLine], *, prices_include_vat: bool, currency: str, discount: Discount = NO_DISCOUNT
) -> Totals:
    """Totals of a document whose prices are all typed the same way. Raises AmountTooLarge, DiscountTooLarge."""
    minors = [line_minor(line, currency) for line in lines]
    groups: dict[tuple[str, Decimal], list[int]] = {}
    for index, line in enumerate(lines):
        groups.setdefault((line.vat_category, line.vat_rate.normalize()), []).append(index)
    highest_first = sorted(groups.items(), key=lambda item: (-item[0][1], item[0][0]))
    typed = [sum(minors[index] for index in indexes) for _key, indexes in highest_first]

    rates, discounts = [], []
    nets = list(minors)
    for ((category, rate), indexes), before, taken in zip(
        highest_first, typed, _spread_discount(discount, typed), strict=True
    ):
        total = _rate_total(category, rate, before - taken, prices_include_vat=prices_include_vat)
        taken_net = without_vat(taken, rate) if prices_include_vat else taken
        if prices_include_vat:
            shares = _spread(total.net_minor + taken_net, [minors[index] for index in indexes])
            for index, share in zip(indexes, shares, strict=True):
                nets[index] = share
        rates.append(total)
        if taken:
            discounts.append(RateDiscount(category, rate, total.net_minor + taken_net, taken, taken_net))

    net_minor = sum(total.net_minor for total in rates)
    vat_minor = sum(total.vat_minor for total in rates)
    if abs(net_minor + vat_minor) > LARGEST_MINOR:
        raise AmountTooLarge
    totals = Totals(
        tuple(minors), tuple(nets), tuple(rates), net_minor, vat_minor, net_minor + vat_minor, tuple(discounts)
    )
    assert sum(nets) == net_minor + totals.discount_net_minor, "the net of the lines is not the net of the document"
    return totals


def without_vat(gross_minor: int, rate: Decimal) -> int:
    """The net of an amount that includes VAT at `rate`, its VAT rounded half-up."""
    return gross_minor - round_half_up(Decimal(gross_minor) * rate / (HUNDRED + rate))


def _rate_total(category: str, rate: Decimal, typed: int, *, prices_include_vat: bool) -> RateTotal:
    if prices_include_vat:
        net = without_vat(typed, rate)
        return RateTotal(category, rate, net, typed - net)
    return RateTotal(category, rate, typed, round_half_up(Decimal(typed) * rate / HUNDRED))


def _spread_discount(discount: Discount, typed: Sequence[int]) -> list[int]:
    """What it takes of each group, by largest remainder: never more than the group has."""
    taken = discount.taken_of(sum(typed)) if discount != NO_DISCOUNT else 0
    if not taken:
        return [0] * len(typed)
    return allocate(taken, [max(0, minor) for minor in typed])


def _spread(net: int, grosses: list[int]) -> list[int]:
    """The net of one rate over its lines, in proportion to their gross; signs may be mixed."""
    if all(gross >= 0 for gross in grosses):
        return allocate(net, grosses)
    shares = [round_half_up(Decimal(net * gross) / Decimal(sum(grosses) or 1)) for gross in grosses]
    shares[0] += net - sum(shares)
    return shares
