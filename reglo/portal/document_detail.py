"""The lines and totals of a document, as a phone reads them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from reglo.invoicing.content import DocumentContent, LineContent
from reglo.invoicing.states import LineKind
from reglo.money import Money
from reglo.rendering.formatting import format_unit_price
from reglo.ui import formats


@dataclass(frozen=True, slots=True)
class DetailLine:
    """`kind` is that of the line; a title and a comment have no amount."""

    name: str
    details: tuple[str, ...] = ()
    amount: Money | None = None
    kind: str = LineKind.ARTICLE.value


@dataclass(frozen=True, slots=True)
class DetailTotal:
    label: str
    amount: Money
    main: bool = False


def detail_lines(content: DocumentContent, *, language: str) -> list[DetailLine]:
    return [_line(line, content.currency, language) for line in content.lines]


def detail_totals(content: DocumentContent, *, paid: Money, credited: Money, language: str) -> list[DetailTotal]:
    """VAT by rate, the total, and what is left when a part was credited or paid. No word of VAT under franchise."""
    return [*_totals(content, language), *_rest(content, paid, credited)]


def _rest(content: DocumentContent, paid: Money, credited: Money) -> Iterator[DetailTotal]:
    gross = Money(content.gross_minor, content.currency)
    deposits = [] if content.correction or credited == gross else content.deductions or ()
    if (not paid and not credited and not deposits) or paid == gross:
        return
    for deposit in deposits:
        taken = Money(deposit.gross_minor, content.currency)
        yield DetailTotal(_("Acompte %s") % deposit.number, -taken)
        gross -= taken
    if credited:
        yield DetailTotal(_("Avoirs"), -credited)
    if paid:
        yield DetailTotal(_("Déjà payé"), -paid)
    yield DetailTotal(_("Reste à payer"), gross - credited - paid, main=True)


def _totals(content: DocumentContent, language: str) -> Iterator[DetailTotal]:
    gross = Money(content.gross_minor, content.currency)
    yield from _discount(content, language)
    if content.charges_vat:
        if not content.prices_include_vat and (content.discount or sum(line.is_article for line in content.lines) > 1):
            yield DetailTotal(_("Total HT"), Money(content.net_minor, content.currency))
        words = _("dont TVA %s") if content.prices_include_vat else _("TVA %s")
        for rate in content.rates:
            label = words % formats.rate(Decimal(rate.vat_rate), language=language)
            yield DetailTotal(label, Money(rate.vat_minor, content.currency))
    in_all = _("Total") if content.correction or content.quote else _("Total à payer")
    yield DetailTotal(_("Total TTC") if content.charges_vat else in_all, gross, main=True)


def _discount(content: DocumentContent, language: str) -> Iterator[DetailTotal]:
    discount = content.discount
    if discount is None:
        return
    net_prices = content.charges_vat and not content.prices_include_vat
    before = (content.net_minor if net_prices else content.gross_minor) + discount.amount_minor
    if not content.charges_vat:
        label = _("Total avant remise")
    else:
        label = _("Total HT avant remise") if net_prices else _("Total TTC avant remise")
    yield DetailTotal(label, Money(before, content.currency))
    label = _("Remise")
    if discount.rate:
        label = _("Remise %s") % formats.rate(Decimal(discount.rate), language=language)
    yield DetailTotal(label, Money(-discount.amount_minor, content.currency))


def _line(line: LineContent, currency: str, language: str) -> DetailLine:
    name, *more = line.description.splitlines() or [""]
    if line.kind == LineKind.SUBTOTAL:
        return DetailLine(name or _("Sous-total"), amount=Money(line.amount_minor, currency), kind=line.kind)
    if not line.is_article:
        return DetailLine(name, tuple(text for text in more if text.strip()), kind=line.kind)
    details = (*(text for text in more if text.strip()), *_reckoning(line, currency, language))
    return DetailLine(name, details, Money(line.amount_minor, currency))


def _reckoning(line: LineContent, currency: str, language: str) -> Iterator[str]:
    """« 6 × 150,00 € / pièce, remise 10 % »: how the amount comes about, where it is not plain."""
    quantity, discount, off = Decimal(line.quantity), Decimal(line.discount_rate), line.discount_minor
    if quantity != 1 or discount or off:
        price = format_unit_price(Decimal(line.unit_price), currency, language)
        words = f"{formats.quantity(quantity, language=language)} × {price}"
        if line.unit:
            words += f" / {line.unit}"
        if discount:
            words += _(", remise %s") % formats.rate(discount, language=language)
        if off:
            words += _(", remise %s") % formats.amount(Money(off, currency), language=language)
        yield words
