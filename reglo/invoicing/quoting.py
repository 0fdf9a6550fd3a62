"""The sums of a version of a quote: without its options, and with those that the customer takes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reglo.invoicing.models import QuoteLine, QuoteVersion
from reglo.invoicing.totals import totals_of
from reglo.money import round_half_up
from reglo.money.taxes import Totals

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Deposit:
    """What is asked at the order: nothing where `amount_minor` is 0; `rate` in percent, None for an amount."""

    amount_minor: int
    rate: Decimal | None


def lines_of_version(version: QuoteVersion) -> list[QuoteLine]:
    """As they are printed, by rank."""
    return list(version.lines.order_by("rank"))


def chosen_lines(lines: Sequence[QuoteLine], taken: Collection[int] = ()) -> list[QuoteLine]:
    """Those that are not optional, titles, subtotals and comments too, and the options whose rank is among `taken`."""
    return [line for line in lines if not line.optional or line.rank in taken]


def quote_totals(
    version: QuoteVersion, lines: Sequence[QuoteLine], *, charges_vat: bool, taken: Collection[int] = ()
) -> Totals:
    """The totals of the lines that are chosen. Raises AmountTooLarge, DiscountTooLarge."""
    return totals_of(
        chosen_lines(lines, taken),
        prices_include_vat=version.prices_include_vat,
        currency=version.currency,
        charges_vat=charges_vat,
        discount=version.discount,
    )


def deposit_of(version: QuoteVersion, gross_minor: int) -> Deposit:
    """What the version asks at the order of a total of `gross_minor`; never more than it."""
    if version.deposit_rate is not None:
        return Deposit(round_half_up(gross_minor * version.deposit_rate / HUNDRED), version.deposit_rate)
    return Deposit(min(version.deposit_minor or 0, gross_minor), None)
