"""A document's lines → its totals: the one computation that screen, PDF, payment request and ledger share."""

from collections.abc import Sequence
from dataclasses import dataclass

from reglo.companies.states import Nature
from reglo.invoicing.models import InvoiceLine
from reglo.money import allocate
from reglo.money.taxes import TaxableLine, Totals, compute_totals


@dataclass(frozen=True, slots=True)
class NatureSplit:
    """Net and VAT of the goods and of the services, minor units."""

    goods_net: int
    goods_vat: int
    services_net: int
    services_vat: int


def totals_of(lines: Sequence[InvoiceLine], *, prices_include_vat: bool, currency: str, charges_vat: bool) -> Totals:
    """The totals of `lines`; without VAT under franchise, whatever the lines say. Raises AmountTooLarge."""
    return compute_totals(
        [
            TaxableLine(
                quantity=line.quantity,
                unit_price=line.unit_price,
                discount_rate=line.discount_rate,
                vat_rate=line.vat_rate if charges_vat else line.vat_rate * 0,
                vat_category="S" if charges_vat and line.vat_rate else "E",
            )
            for line in lines
        ],
        prices_include_vat=prices_include_vat,
        currency=currency,
    )


def split_by_nature(lines: Sequence[InvoiceLine], totals: Totals) -> NatureSplit:
    """Which part of each rate's VAT belongs to goods and which to services, losing no cent."""
    goods_vat = 0
    for rate in totals.rates:
        nets = {Nature.GOODS: 0, Nature.SERVICES: 0}
        for line, net in zip(lines, totals.line_net_minors, strict=True):
            if line.vat_rate == rate.vat_rate:
                nets[Nature(line.nature)] += net
        if min(nets.values()) >= 0:
            goods_vat += allocate(rate.vat_minor, [nets[Nature.GOODS], nets[Nature.SERVICES]])[0]
        elif not nets[Nature.SERVICES]:
            goods_vat += rate.vat_minor
    goods_net = sum(net for line, net in zip(lines, totals.line_net_minors, strict=True) if line.nature == Nature.GOODS)
    return NatureSplit(goods_net, goods_vat, totals.net_minor - goods_net, totals.vat_minor - goods_vat)
