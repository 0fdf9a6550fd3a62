"""How much of an invoice a credit note takes back: at the grain of one rate of one nature, never beyond what is left.

Several credit notes of one invoice add up to it, whatever the cut: the VAT of each is the difference of two cumulated
roundings (docs/algorithms/credit-notes.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reglo.companies.states import Nature
from reglo.errors import RegloError
from reglo.invoicing.content import DocumentContent, category_of, shares_from
from reglo.invoicing.line_vat import vat_of
from reglo.invoicing.models import Invoice, InvoiceLine
from reglo.invoicing.states import DocumentKind, InvoiceStatus
from reglo.invoicing.totals import LineShare, Share, articles, at_their_lines, shares_of, taxable
from reglo.money import Money, allocate, round_half_up
from reglo.money.taxes import RateDiscount, RateTotal, Totals, line_minor, without_vat
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


class DepositDeducted(NothingToCredit):
    code = "deposit_deducted"
    status = 409
    message = _(
        "Cet acompte est déduit de la facture %(number)s : faites l’avoir sur celle-ci. Si elle est annulée en entier, "
        "l’acompte pourra de nouveau être déduit ou crédité."
    )


class CreditBeyondBalance(CreditBeyondInvoice):
    code = "credit_beyond_balance"
    status = 409
    message = _(
        "Une partie de cette facture est déjà facturée par acompte : un avoir partiel s’arrête à ce qui reste, "
        "%(remaining)s. Pour revenir aussi sur l’acompte, faites un avoir de toute la facture."
    )


class CreditedElsewhere(RegloError):
    code = "credited_elsewhere"
    status = 409
    message = _(
        "Cette facture a été émise par un autre logiciel : c’est lui qui en fait l’avoir. "
        "Dans Réglo, elle attend seulement son paiement."
    )


@dataclass(frozen=True, slots=True)
class CreditRoom:
    """An issued invoice as frozen, and what its credit notes already took back, by rate and nature; of a deposit, what
    invoices deducted of it too. `deducted`: what the invoice itself deducts, which only its cancelling gives back."""

    content: DocumentContent
    whole: Mapping[Key, Share]
    credited: Mapping[Key, Share]
    deducted: Mapping[Key, Share] = field(default_factory=dict)

    @property
    def remaining(self) -> list[Share]:
        """What can still be credited, rate by rate as the invoice prints them."""
        return [_left(share, self.credited.get(key, Share(*key, 0, 0))) for key, share in self.whole.items()]

    @property
    def remaining_minor(self) -> int:
        """VAT included."""
        return sum(share.gross_minor for share in self.remaining)

    @property
    def remaining_in_part(self) -> list[Share]:
        """What a credit note that does not cancel the invoice can take: what deposits invoiced is left out."""
        return [
            Share(*key, share.net_minor - less.net_minor, share.vat_minor - less.vat_minor)
            for share in self.remaining
            for key in [(share.vat_category, share.vat_rate, share.nature)]
            for less in [self.deducted.get(key, Share(*key, 0, 0))]
        ]

    @property
    def is_untouched(self) -> bool:
        return not self.credited


@dataclass(frozen=True, slots=True)
class CreditTotals:
    """`cancels`: nothing is left of the invoice, whose deposits can be deducted again."""

    totals: Totals
    shares: tuple[Share, ...]
    cancels: bool = False


def credit_room(invoice: Invoice) -> CreditRoom:
    """Under the invoice's lock where something is decided on it. Raises NothingToCredit, CreditedElsewhere."""
    if invoice.is_opening:
        raise CreditedElsewhere
    if invoice.is_credit_note or invoice.status != InvoiceStatus.ISSUED:
        raise NothingToCredit
    content = DocumentContent.from_json(invoice.frozen)
    frozen = invoice.credit_notes.exclude(status=InvoiceStatus.DRAFT).order_by("id").values_list("frozen", flat=True)
    taken = list(_shares_taken(map(DocumentContent.from_json, frozen)))
    given = shares_deducted(invoice) if invoice.is_deposit else []
    own = [share for deduction in content.deductions or () for share in shares_from(deduction.shares)]
    room = CreditRoom(content, by_key(shares_of_invoice(content)), by_key([*taken, *given]), by_key(own))
    if not room.remaining_minor:
        if given:
            raise DepositDeducted(number=_deducting(invoice).values_list("number", flat=True).first())
        raise NothingToCredit
    return room


def shares_deducted(deposit: Invoice) -> list[Share]:
    """What issued invoices deduct of it; one that was cancelled gave it back."""
    return [
        share
        for content in map(DocumentContent.from_json, _deducting(deposit).values_list("frozen", flat=True))
        for one in content.deductions or ()
        if one.number == deposit.number
        for share in shares_from(one.shares)
    ]


def _deducting(deposit: Invoice) -> QuerySet[Invoice]:
    return Invoice.objects.filter(deductions__deposit=deposit, status=InvoiceStatus.ISSUED).order_by("id")


def credit_totals(
    lines: Sequence[InvoiceLine], room: CreditRoom, *, prices_include_vat: bool, discounted: bool
) -> CreditTotals:
    """The totals of a credit note of these lines. `discounted`: they are lines of the invoice, off which its discount
    goes; otherwise amounts of what is left after it. Raises CreditBeyondInvoice, CreditBeyondBalance."""
    sold = articles(lines)
    minors = [line_minor(line, room.content.currency) for line in taxable(sold, charges_vat=room.content.charges_vat)]
    nets = list(minors)
    places: dict[Key, list[int]] = {}
    for index, line in enumerate(sold):
        places.setdefault(_key_of(line, room), []).append(index)
    shares, discounts = [], []
    for key, indexes in places.items():
        typed = [minors[index] for index in indexes]
        share = _share(key, sum(typed), room, prices_include_vat=prices_include_vat, discounted=discounted)
        shares.append(share)
        taken = share.discount_minor if discounted else 0
        taken_net = without_vat(taken, share.vat_rate) if prices_include_vat else taken
        if taken:
            base = share.net_minor + taken_net
            discounts.append(RateDiscount(share.vat_category, share.vat_rate, base, taken, taken_net))
        if prices_include_vat:
            for index, net in zip(indexes, allocate(share.net_minor + taken_net, typed), strict=True):
                nets[index] = net
    rates = _rates(shares)
    net, vat = (sum(getattr(rate, name) for rate in rates) for name in ("net_minor", "vat_minor"))
    totals = Totals(tuple(minors), tuple(nets), tuple(rates), net, vat, net + vat, tuple(_of_rates(discounts)))
    assert sum(nets) == net + totals.discount_net_minor, "the net of the lines is not the net of the credit note"
    cancels = net + vat == room.remaining_minor and not _kept(shares, room)
    if room.deducted and not cancels:
        _check_balance(shares, room)
    return CreditTotals(at_their_lines(totals, lines), tuple(shares), cancels)


def _kept(shares: Sequence[Share], room: CreditRoom) -> bool:
    """Whether something is left of the invoice at some rate."""
    taken = by_key(shares)
    return any(
        share.gross_minor != taken.get((share.vat_category, share.vat_rate, share.nature), share.zero()).gross_minor
        for share in room.remaining
    )


def _check_balance(shares: Sequence[Share], room: CreditRoom) -> None:
    left = by_key(room.remaining_in_part)
    for share in shares:
        most = left[(share.vat_category, share.vat_rate, share.nature)]
        if share.gross_minor > most.gross_minor:
            raise CreditBeyondBalance(remaining=_in_words(most, room, prices_include_vat=True))


def shares_of_invoice(content: DocumentContent) -> list[Share]:
    """As the invoice was posted."""
    return shares_of(
        [
            LineShare(Nature(line.nature), category_of(line), Decimal(line.vat_rate), line.amount_minor, line.net_minor)
            for line in content.lines
            if line.is_article
        ],
        [
            RateTotal(rate.vat_category, Decimal(rate.vat_rate), rate.net_minor, rate.vat_minor)
            for rate in content.rates
        ],
        prices_include_vat=content.prices_include_vat,
        discounts=[
            RateDiscount(part.vat_category, Decimal(part.vat_rate), part.base_minor, part.amount_minor, part.net_minor)
            for part in (content.discount.parts if content.discount else ())
        ],
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
        sums[key] = Share(
            *key,
            before.net_minor + share.net_minor,
            before.vat_minor + share.vat_minor,
            before.discount_minor + share.discount_minor,
        )
    return sums


def _shares_taken(contents: Iterable[DocumentContent]) -> Iterable[Share]:
    for content in contents:
        assert content.kind == DocumentKind.CREDIT_NOTE, "only a credit note corrects an invoice"
        assert content.correction is not None, "a credit note says what it takes back"
        yield from shares_from(content.correction.shares)


def _key_of(line: InvoiceLine, room: CreditRoom) -> Key:
    """Raises CreditBeyondInvoice where the invoice has nothing at this rate."""
    vat = vat_of(line, charges_vat=room.content.charges_vat)
    key = (vat.category, vat.rate.normalize(), Nature(line.nature))
    if key not in room.whole:
        raise _beyond(Share(*key, 0, 0), room, prices_include_vat=True)
    return key


def _share(key: Key, typed: int, room: CreditRoom, *, prices_include_vat: bool, discounted: bool) -> Share:
    """`typed` of the share, with or without VAT, before the discount of the invoice or after it: its VAT, and the
    discount that goes with it, bring those credited so far to the rounded proportion."""
    whole, taken = room.whole[key], room.credited.get(key, Share(*key, 0, 0))
    name = "gross_minor" if prices_include_vat else "net_minor"
    of, before = getattr(whole, name), getattr(taken, name)
    discount = 0
    if discounted:
        assert prices_include_vat == room.content.prices_include_vat, "lines are credited as they were typed"
        so_far, undiscounted = before + taken.discount_minor + typed, of + whole.discount_minor
        if so_far > undiscounted:
            raise _beyond(_left(whole, taken), room, prices_include_vat=prices_include_vat)
        discount = _part(whole.discount_minor, so_far, undiscounted) - taken.discount_minor
        typed -= discount
    if before + typed > of:
        raise _beyond(_left(whole, taken), room, prices_include_vat=prices_include_vat)
    vat = _part(whole.vat_minor, before + typed, of) - taken.vat_minor
    vat = min(max(vat, 0), whole.vat_minor - taken.vat_minor)  # a deduction given back may leave it off by a cent
    share = Share(*key, typed - vat if prices_include_vat else typed, vat)
    if not discounted:
        as_typed = "gross_minor" if room.content.prices_include_vat else "net_minor"
        so_far = getattr(taken, as_typed) + getattr(share, as_typed)
        discount = _part(whole.discount_minor, so_far, getattr(whole, as_typed)) - taken.discount_minor
    assert 0 <= vat <= whole.vat_minor - taken.vat_minor, "more VAT than the invoice has left"
    assert 0 <= share.net_minor <= whole.net_minor - taken.net_minor, "more net than the invoice has left"
    assert taken.discount_minor + discount <= whole.discount_minor, "more discount than the invoice has left"
    return replace(share, discount_minor=discount)


def _part(whole: int, so_far: int, of: int) -> int:
    """`whole` in the proportion of `so_far` to `of`."""
    return round_half_up(Decimal(whole * so_far) / of) if of else 0


def _left(whole: Share, taken: Share) -> Share:
    return replace(
        whole,
        net_minor=whole.net_minor - taken.net_minor,
        vat_minor=whole.vat_minor - taken.vat_minor,
        discount_minor=whole.discount_minor - taken.discount_minor,
    )


def _of_rates(discounts: Sequence[RateDiscount]) -> list[RateDiscount]:
    """Of both natures together, the highest rate first."""
    sums: dict[tuple[str, Decimal], RateDiscount] = {}
    for part in discounts:
        key = (part.vat_category, part.vat_rate)
        before = sums.get(key, RateDiscount(*key, 0, 0, 0))
        sums[key] = RateDiscount(
            *key,
            before.base_minor + part.base_minor,
            before.amount_minor + part.amount_minor,
            before.net_minor + part.net_minor,
        )
    return [sums[key] for key in sorted(sums, key=lambda key: (-key[1], key[0]))]


def _rates(shares: Sequence[Share]) -> list[RateTotal]:
    """Of both natures together, the highest first."""
    rates: dict[tuple[str, Decimal], RateTotal] = {}
    for share in shares:
        key = (share.vat_category, share.vat_rate)
        before = rates.get(key, RateTotal(*key, 0, 0))
        rates[key] = RateTotal(*key, before.net_minor + share.net_minor, before.vat_minor + share.vat_minor)
    return [rates[key] for key in sorted(rates, key=lambda key: (-key[1], key[0]))]


def _beyond(left: Share, room: CreditRoom, *, prices_include_vat: bool) -> CreditBeyondInvoice:
    return CreditBeyondInvoice(remaining=_in_words(left, room, prices_include_vat=prices_include_vat))


def _in_words(left: Share, room: CreditRoom, *, prices_include_vat: bool) -> str:
    language = get_language() or "fr"
    minor = left.gross_minor if prices_include_vat else left.net_minor
    remaining = formats.amount(Money(minor, room.content.currency), language=language)
    if room.content.charges_vat:
        words = _("%(amount)s TTC à %(rate)s") if prices_include_vat else _("%(amount)s HT à %(rate)s")
        remaining = words % {"amount": remaining, "rate": formats.rate(left.vat_rate, language=language)}
    return remaining
