"""A document's lines → its totals: the one computation that screen, PDF, payment request and ledger share."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reglo.companies.states import Nature
from reglo.invoicing.line_vat import vat_of
from reglo.invoicing.models import InvoiceLine
from reglo.money import allocate
from reglo.money.taxes import RateTotal, TaxableLine, Totals, compute_totals


@dataclass(frozen=True, slots=True)
class NatureSplit:
    """Net and VAT of the goods and of the services, minor units."""

    goods_net: int
    goods_vat: int
    services_net: int
    services_vat: int


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
    """What one rate of one nature adds up to in a document, minor units: the grain at which it can be credited."""

    vat_category: str
    vat_rate: Decimal
    nature: Nature
    net_minor: int
    vat_minor: int

    @property
    def gross_minor(self) -> int:
        return self.net_minor + self.vat_minor


def totals_of(lines: Sequence[InvoiceLine], *, prices_include_vat: bool, currency: str, charges_vat: bool) -> Totals:
    """The totals of `lines`; without VAT under franchise, whatever the lines say. Raises AmountTooLarge."""
    return compute_totals(
        taxable(lines, charges_vat=charges_vat), prices_include_vat=prices_include_vat, currency=currency
    )


def taxable(lines: Sequence[InvoiceLine], *, charges_vat: bool) -> list[TaxableLine]:
    return [
        TaxableLine(
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount_rate=line.discount_rate,
            vat_rate=vat.rate,
            vat_category=vat.category,
        )
        for line in lines
        for vat in [vat_of(line, charges_vat=charges_vat)]
    ]


def shares_of(lines: Sequence[LineShare], rates: Sequence[RateTotal], *, prices_include_vat: bool) -> list[Share]:
    """Which part of each rate is goods and which is services, losing no cent; those without a line are left out.

    Prices typed with VAT: the VAT of a nature is what its prices hold beyond its net. Without: a share of the rate's
    VAT in proportion to the nets.
    """
    shares = []
    for rate in rates:
        of_rate = [line for line in lines if line.vat_category == rate.vat_category and line.vat_rate == rate.vat_rate]
        nets, grosses = (
            [sum(getattr(line, name) for line in of_rate if line.nature == nature) for nature in Nature]
            for name in ("net_minor", "amount_minor")
        )
        vats = (
            [gross - net for gross, net in zip(grosses, nets, strict=True)]
            if prices_include_vat
            else allocate(rate.vat_minor, nets)
        )
        assert sum(vats) == rate.vat_minor, "the VAT of the natures is not the VAT of the rate"
        shares += [
            Share(rate.vat_category, rate.vat_rate, nature, net, vat)
            for nature, net, vat in zip(Nature, nets, vats, strict=True)
            if net or vat or any(line.nature == nature for line in of_rate)
        ]
    return shares


def split_by_nature(
    lines: Sequence[InvoiceLine], totals: Totals, *, prices_include_vat: bool, charges_vat: bool
) -> NatureSplit:
    """What of the totals is goods and what is services, for the ledger."""
    parts = [
        LineShare(Nature(line.nature), vat.category, vat.rate, amount, net)
        for line, amount, net in zip(lines, totals.line_minors, totals.line_net_minors, strict=True)
        for vat in [vat_of(line, charges_vat=charges_vat)]
    ]
    return nature_split(shares_of(parts, totals.rates, prices_include_vat=prices_include_vat))


def nature_split(shares: Sequence[Share]) -> NatureSplit:
    goods = [share for share in shares if share.nature == Nature.GOODS]
    services = [share for share in shares if share.nature == Nature.SERVICES]
    return NatureSplit(
        sum(share.net_minor for share in goods),
        sum(share.vat_minor for share in goods),
        sum(share.net_minor for share in services),
        sum(share.vat_minor for share in services),
    )
