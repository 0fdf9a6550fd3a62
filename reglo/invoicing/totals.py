"""A document's lines → its totals: the one computation that screen, PDF, payment request and ledger share."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from reglo.companies.states import Nature
from reglo.invoicing.line_vat import vat_of
from reglo.invoicing.models import DocumentLine
from reglo.invoicing.states import LineKind
from reglo.money import allocate
from reglo.money.taxes import Discount, RateDiscount, RateTotal, TaxableLine, Totals, compute_totals

L = TypeVar("L", bound=DocumentLine)


@dataclass(frozen=True, slots=True)
class NatureSplit:
    """Net and VAT of the goods and of the services, minor units."""

    goods_net: int
    goods_vat: int
    services_net: int
    services_vat: int

    @property
    def net(self) -> int:
        return self.goods_net + self.services_net

    @property
    def vat(self) -> int:
        return self.goods_vat + self.services_vat

    @property
    def gross(self) -> int:
        return self.net + self.vat


NOTHING = NatureSplit(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class LineShare:
    """What of a line its share needs: `amount_minor` as printed (net or gross), `net_minor` always net."""

    nature: Nature
    vat_category: str
    vat_rate: Decimal
    amount_minor: int
    net_minor: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one rate of one nature adds up to in a document, minor units: the grain at which it can be credited.

    `discount_minor` is what the discount of the document took of it, in the mode of its prices: net and VAT are after.
    """

    vat_category: str
    vat_rate: Decimal
    nature: Nature
    net_minor: int
    vat_minor: int
    discount_minor: int = 0

    @property
    def gross_minor(self) -> int:
        return self.net_minor + self.vat_minor

    def zero(self) -> "Share":
        return Share(self.vat_category, self.vat_rate, self.nature, 0, 0)


def articles(lines: Sequence[L]) -> list[L]:
    """The lines that sell something: what counts in totals, mentions, credit notes and the ledger."""
    return [line for line in lines if line.is_article]


def totals_of(
    lines: Sequence[DocumentLine], *, prices_include_vat: bool, currency: str, charges_vat: bool, discount: Discount
) -> Totals:
    """The totals of `lines`; without VAT under franchise, whatever the lines say. Raises AmountTooLarge,
    DiscountTooLarge."""
    totals = compute_totals(
        taxable(articles(lines), charges_vat=charges_vat),
        prices_include_vat=prices_include_vat,
        currency=currency,
        discount=discount,
    )
    return at_their_lines(totals, lines)


def at_their_lines(totals: Totals, lines: Sequence[DocumentLine]) -> Totals:
    """The totals of the articles with an amount for each line: a subtotal has the sum of the articles since the last
    section or subtotal, and no net; titles and comments have nothing."""
    minors, nets = iter(totals.line_minors), iter(totals.line_net_minors)
    placed, since = [], 0
    for line in lines:
        if line.is_article:
            amount = next(minors)
            since += amount
            placed.append((amount, next(nets)))
        else:
            placed.append((since if line.kind == LineKind.SUBTOTAL else 0, 0))
            since = since if line.kind == LineKind.COMMENT else 0
    return replace(
        totals,
        line_minors=tuple(amount for amount, _net in placed),
        line_net_minors=tuple(net for _amount, net in placed),
    )


def taxable(lines: Sequence[DocumentLine], *, charges_vat: bool) -> list[TaxableLine]:
    """Of articles alone."""
    return [
        TaxableLine(
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount_rate=line.discount_rate,
            discount_minor=line.discount_minor,
            vat_rate=vat.rate,
            vat_category=vat.category,
        )
        for line in lines
        for vat in [vat_of(line, charges_vat=charges_vat)]
    ]


def shares_of(
    lines: Sequence[LineShare],
    rates: Sequence[RateTotal],
    *,
    prices_include_vat: bool,
    discounts: Sequence[RateDiscount] = (),
) -> list[Share]:
    """Which part of each rate is goods and which is services, losing no cent; those without a line are left out.

    Prices typed with VAT: the VAT of a nature is what its prices hold beyond its net. Without: a share of the rate's
    VAT in proportion to the nets. A discount of the document is shared by the prices of the natures.
    """
    taken = {(part.vat_category, part.vat_rate): part.amount_minor for part in discounts}
    shares = []
    for rate in rates:
        of_rate = [line for line in lines if line.vat_category == rate.vat_category and line.vat_rate == rate.vat_rate]
        nets, amounts = (
            [sum(getattr(line, name) for line in of_rate if line.nature == nature) for nature in Nature]
            for name in ("net_minor", "amount_minor")
        )
        less = [0] * len(nets)
        if discount := taken.get((rate.vat_category, rate.vat_rate)):
            less = allocate(discount, amounts)
            amounts = [amount - part for amount, part in zip(amounts, less, strict=True)]
            nets = allocate(rate.net_minor, amounts) if prices_include_vat else amounts
        vats = (
            [gross - net for gross, net in zip(amounts, nets, strict=True)]
            if prices_include_vat
            else allocate(rate.vat_minor, nets)
        )
        assert sum(nets) == rate.net_minor, "the net of the natures is not the net of the rate"
        assert sum(vats) == rate.vat_minor, "the VAT of the natures is not the VAT of the rate"
        shares += [
            Share(rate.vat_category, rate.vat_rate, nature, net, vat, part)
            for nature, net, vat, part in zip(Nature, nets, vats, less, strict=True)
            if net or vat or any(line.nature == nature for line in of_rate)
        ]
    return shares


def shares_of_document(
    lines: Sequence[DocumentLine], totals: Totals, *, prices_include_vat: bool, charges_vat: bool
) -> list[Share]:
    """The shares of a document that is being written or issued."""
    parts = [
        LineShare(Nature(line.nature), vat.category, vat.rate, amount, net)
        for line, amount, net in zip(lines, totals.line_minors, totals.line_net_minors, strict=True)
        if line.is_article
        for vat in [vat_of(line, charges_vat=charges_vat)]
    ]
    return shares_of(parts, totals.rates, prices_include_vat=prices_include_vat, discounts=totals.discounts)


def nature_split(shares: Sequence[Share]) -> NatureSplit:
    """What of the shares is goods and what is services, for the ledger."""
    goods = [share for share in shares if share.nature == Nature.GOODS]
    services = [share for share in shares if share.nature == Nature.SERVICES]
    return NatureSplit(
        sum(share.net_minor for share in goods),
        sum(share.vat_minor for share in goods),
        sum(share.net_minor for share in services),
        sum(share.vat_minor for share in services),
    )
