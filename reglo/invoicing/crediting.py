"""How much of an invoice a credit note takes back: at the grain of one rate of one nature, never beyond what is left.

Several credit notes of one invoice add up to it, whatever the cut: the VAT of each is the difference of two cumulated
roundings (docs/algorithms/credit-notes.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reglo.companies.states import Nature
from reglo.errors import RegloError
from reglo.invoicing.content import DocumentContent, category_of
from reglo.invoicing.line_vat import vat_of
from reglo.invoicing.models import Invoice, InvoiceLine
from reglo.invoicing.states import DocumentKind, InvoiceStatus
from reglo.invoicing.totals import LineShare, Share, shares_of, taxable
from reglo.money import Money, allocate, round_half_up
from reglo.money.taxes import RateTotal, Totals, line_minor
from reglo.ui import formats

Key = tuple[str, Decimal, Nature]


class CreditBeyondInvoice(RegloError):
    """`remaining` is an amount in words, with its rate."""

    code = "credit_beyond_invoice"
    status = 409
    message = _("Cet avoir dépasse ce que la facture laisse à créditer : %(remaining)s. Réduisez-le.")


class NothingToCredit(RegloError):
    code = "nothing_to_credit"
    status = 409
    message = _("Il n’y a rien à créditer : cette facture n’est pas finalisée, ou elle est déjà annulée par avoir.")


class CreditedElsewhere(RegloError):
    code = "credited_elsewhere"
    status = 409
    message = _(
        "Cette facture a été émise par un autre logiciel : c’est lui qui en fait l’avoir. "
        "Dans Réglo, elle attend seulement son paiement."
    )


@dataclass(frozen=True, slots=True)
class CreditRoom:
    """An issued invoice as frozen, and what its credit notes already took back, by rate and nature."""

    content: DocumentContent
    whole: Mapping[Key, Share]
    credited: Mapping[Key, Share]

    @property
    def remaining(self) -> list[Share]:
        """What can still be credited, rate by rate as the invoice prints them."""
        return [
            Share(*key, share.net_minor - taken.net_minor, share.vat_minor - taken.vat_minor)
            for key, share in self.whole.items()
            for taken in [self.credited.get(key, Share(*key, 0, 0))]
        ]

    @property
    def remaining_minor(self) -> int:
        """VAT included."""
        return sum(share.gross_minor for share in self.remaining)

    @property
    def is_untouched(self) -> bool:
        return not self.credited


@dataclass(frozen=True, slots=True)
class CreditTotals:
    totals: Totals
    shares: tuple[Share, ...]


def credit_room(invoice: Invoice) -> CreditRoom:
    """Under the invoice's lock where something is decided on it. Raises NothingToCredit, CreditedElsewhere."""
    if invoice.is_opening:
        raise CreditedElsewhere
    if invoice.is_credit_note or invoice.status != InvoiceStatus.ISSUED:
        raise NothingToCredit
    content = DocumentContent.from_json(invoice.frozen)
    frozen = invoice.credit_notes.exclude(status=InvoiceStatus.DRAFT).order_by("id").values_list("frozen", flat=True)
    room = CreditRoom(
        content, by_key(shares_of_invoice(content)), by_key(_shares_taken(map(DocumentContent.from_json, frozen)))
    )
    if not room.remaining_minor:
        raise NothingToCredit
    return room


def credit_totals(lines: Sequence[InvoiceLine], room: CreditRoom, *, prices_include_vat: bool) -> CreditTotals:
    """The totals of a credit note of these lines. Raises CreditBeyondInvoice."""
    minors = [line_minor(line, room.content.currency) for line in taxable(lines, charges_vat=room.content.charges_vat)]
    nets = list(minors)
    places: dict[Key, list[int]] = {}
    for index, line in enumerate(lines):
        places.setdefault(_key_of(line, room), []).append(index)
    shares = []
    for key, indexes in places.items():
        typed = [minors[index] for index in indexes]
        share = _share(key, sum(typed), room, prices_include_vat=prices_include_vat)
        shares.append(share)
        if prices_include_vat:
            for index, net in zip(indexes, allocate(share.net_minor, typed), strict=True):
                nets[index] = net
    rates = _rates(shares)
    net, vat = (sum(getattr(rate, name) for rate in rates) for name in ("net_minor", "vat_minor"))
    assert sum(nets) == net, "the net of the lines is not the net of the credit note"
    return CreditTotals(Totals(tuple(minors), tuple(nets), tuple(rates), net, vat, net + vat), tuple(shares))


def shares_of_invoice(content: DocumentContent) -> list[Share]:
    """As the invoice was posted."""
    return shares_of(
        [
            LineShare(Nature(line.nature), category_of(line), Decimal(line.vat_rate), line.amount_minor, line.net_minor)
            for line in content.lines
        ],
        [
            RateTotal(rate.vat_category, Decimal(rate.vat_rate), rate.net_minor, rate.vat_minor)
            for rate in content.rates
        ],
        prices_include_vat=content.prices_include_vat,
    )


def exemption_of(share: Share, content: DocumentContent) -> str:
    """Why the invoice did not tax this share: the first reason of its lines, empty where it did."""
    return next(
        (
            line.exemption
            for line in content.lines
            if line.exemption
            and (category_of(line), Decimal(line.vat_rate), line.nature)
            == (share.vat_category, share.vat_rate, share.nature)
        ),
        "",
    )


def by_key(shares: Iterable[Share]) -> dict[Key, Share]:
    """Summed."""
    sums: dict[Key, Share] = {}
    for share in shares:
        key = (share.vat_category, share.vat_rate, share.nature)
        before = sums.get(key, Share(*key, 0, 0))
        sums[key] = Share(*key, before.net_minor + share.net_minor, before.vat_minor + share.vat_minor)
    return sums


def _shares_taken(contents: Iterable[DocumentContent]) -> Iterable[Share]:
    for content in contents:
        assert content.kind == DocumentKind.CREDIT_NOTE, "only a credit note corrects an invoice"
        assert content.correction is not None, "a credit note says what it takes back"
        for share in content.correction.shares:
            yield Share(
                share.vat_category, Decimal(share.vat_rate), Nature(share.nature), share.net_minor, share.vat_minor
            )


def _key_of(line: InvoiceLine, room: CreditRoom) -> Key:
    """Raises CreditBeyondInvoice where the invoice has nothing at this rate."""
    vat = vat_of(line, charges_vat=room.content.charges_vat)
    key = (vat.category, vat.rate.normalize(), Nature(line.nature))
    if key not in room.whole:
        raise _beyond(Share(*key, 0, 0), room, prices_include_vat=True)
    return key


def _share(key: Key, typed: int, room: CreditRoom, *, prices_include_vat: bool) -> Share:
    """`typed` of the share, with or without VAT: its VAT brings the VAT credited so far to the rounded proportion."""
    whole, taken = room.whole[key], room.credited.get(key, Share(*key, 0, 0))
    name = "gross_minor" if prices_include_vat else "net_minor"
    of, before = getattr(whole, name), getattr(taken, name)
    if before + typed > of:
        raise _beyond(
            Share(*key, whole.net_minor - taken.net_minor, whole.vat_minor - taken.vat_minor),
            room,
            prices_include_vat=prices_include_vat,
        )
    vat = (round_half_up(Decimal(whole.vat_minor * (before + typed)) / of) if of else 0) - taken.vat_minor
    share = Share(*key, typed - vat if prices_include_vat else typed, vat)
    assert 0 <= vat <= whole.vat_minor - taken.vat_minor, "more VAT than the invoice has left"
    assert 0 <= share.net_minor <= whole.net_minor - taken.net_minor, "more net than the invoice has left"
    return share


def _rates(shares: Sequence[Share]) -> list[RateTotal]:
    """Of both natures together, the highest first."""
    rates: dict[tuple[str, Decimal], RateTotal] = {}
    for share in shares:
        key = (share.vat_category, share.vat_rate)
        before = rates.get(key, RateTotal(*key, 0, 0))
        rates[key] = RateTotal(*key, before.net_minor + share.net_minor, before.vat_minor + share.vat_minor)
    return [rates[key] for key in sorted(rates, key=lambda key: (-key[1], key[0]))]


def _beyond(left: Share, room: CreditRoom, *, prices_include_vat: bool) -> CreditBeyondInvoice:
    language = get_language() or "fr"
    minor = left.gross_minor if prices_include_vat else left.net_minor
    remaining = formats.amount(Money(minor, room.content.currency), language=language)
    if room.content.charges_vat:
        words = _("%(amount)s TTC à %(rate)s") if prices_include_vat else _("%(amount)s HT à %(rate)s")
        remaining = words % {"amount": remaining, "rate": formats.rate(left.vat_rate, language=language)}
    return CreditBeyondInvoice(remaining=remaining)
