"""VAT of a document, computed once for the screen, the PDF, the payment request and the ledger.

Prices typed without VAT: the VAT is taken on the sum of nets per (category, rate), then rounded once (EN 16931).
Prices typed with VAT: the gross is the truth; per rate VAT = gross × r / (100 + r), and net = gross − VAT.
`docs/algorithms/vat-and-rounding.md` has the worked figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reglo.money.currencies import exponent
from reglo.money.money import LARGEST_MINOR, AmountTooLarge
from reglo.money.rounding import allocate, round_half_up

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class TaxableLine:
    """A line as typed. `unit_price` is in major units, without or with VAT according to the document."""

    quantity: Decimal
    unit_price: Decimal
    discount_rate: Decimal  # percent, 0 to 100
    vat_rate: Decimal  # percent
    vat_category: str  # EN 16931 code: S, E, …


@dataclass(frozen=True, slots=True)
class RateTotal:
    """What one (category, rate) adds up to, in minor units."""

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
    `line_net_minors` always net, adding up to `net_minor`."""

    line_minors: tuple[int, ...]
    line_net_minors: tuple[int, ...]
    rates: tuple[RateTotal, ...]
    net_minor: int
    vat_minor: int
    gross_minor: int


def line_minor(line: TaxableLine, currency: str) -> int:
    """Amount of a line as typed, discount taken, rounded half-up to the minor unit. Raises AmountTooLarge."""
    exact = line.quantity * line.unit_price * (HUNDRED - line.discount_rate) / HUNDRED
    if abs(exact) > LARGEST_MINOR:
        raise AmountTooLarge
    return round_half_up(exact.scaleb(exponent(currency)))


def compute_totals(lines: Sequence[TaxableLine], *, prices_include_vat: bool, currency: str) -> Totals:
    """Totals of a document whose prices are all typed the same way. Raises AmountTooLarge."""
    minors = [line_minor(line, currency) for line in lines]
    groups: dict[tuple[str, Decimal], list[int]] = {}
    for index, line in enumerate(lines):
        groups.setdefault((line.vat_category, line.vat_rate.normalize()), []).append(index)

    rates = []
    nets = list(minors)
    for (category, rate), indexes in sorted(groups.items(), key=lambda item: (-item[0][1], item[0][0])):
        typed = sum(minors[index] for index in indexes)
        if prices_include_vat:
            vat = round_half_up(Decimal(typed) * rate / (HUNDRED + rate))
            net = typed - vat
            for index, share in zip(indexes, _spread(net, [minors[index] for index in indexes]), strict=True):
                nets[index] = share
        else:
            net = typed
            vat = round_half_up(Decimal(net) * rate / HUNDRED)
        rates.append(RateTotal(category, rate, net, vat))

    net_minor = sum(total.net_minor for total in rates)
    vat_minor = sum(total.vat_minor for total in rates)
    if abs(net_minor + vat_minor) > LARGEST_MINOR:
        raise AmountTooLarge
    assert sum(nets) == net_minor, "the net of the lines is not the net of the document"
    return Totals(tuple(minors), tuple(nets), tuple(rates), net_minor, vat_minor, net_minor + vat_minor)


def _spread(net: int, grosses: list[int]) -> list[int]:
    """The net of one rate over its lines, in proportion to their gross; signs may be mixed."""
    if all(gross >= 0 for gross in grosses):
        return allocate(net, grosses)
    shares = [round_half_up(Decimal(net * gross) / Decimal(sum(grosses) or 1)) for gross in grosses]
    shares[0] += net - sum(shares)
    return shares
