"""How much of a deposit an invoice can deduct: at the grain of one rate of one nature, never beyond what either has.

The gross is what is deducted; its VAT is a cumulated share of the deposit's, so that parts add up to it to the cent
(docs/algorithms/deposits.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from reglo.invoicing.content import DeductionContent, DocumentContent, share_contents, shares_from
from reglo.invoicing.crediting import Key, by_key, shares_deducted, shares_of_invoice
from reglo.invoicing.issue_check import Problem
from reglo.invoicing.models import Deduction, Invoice
from reglo.invoicing.states import InvoiceStatus
from reglo.invoicing.totals import NOTHING, NatureSplit, Share, nature_split
from reglo.money import Money, allocate, round_half_up
from reglo.ui import formats


@dataclass(frozen=True, slots=True)
class DepositRoom:
    """An issued deposit as frozen, and what credit notes and invoices took of it."""

    content: DocumentContent
    whole: Mapping[Key, Share]
    taken: Mapping[Key, Share]

    def left(self, key: Key) -> int:
        """VAT included."""
        taken = self.taken.get(key)
        return self.whole[key].gross_minor - (taken.gross_minor if taken else 0)

    @property
    def remaining_minor(self) -> int:
        return sum(self.left(key) for key in self.whole)


@dataclass(frozen=True, slots=True)
class Planned:
    """What `deduction` would take, or takes, of its deposit; `possible_minor` is the most that it could."""

    deduction: Deduction
    content: DeductionContent
    split: NatureSplit
    possible_minor: int

    @property
    def gross(self) -> Money:
        return Money(self.content.gross_minor, self.deduction.deposit.currency)


def deposit_room(deposit: Invoice) -> DepositRoom:
    """Under the deposit's lock where something is decided on it."""
    content = DocumentContent.from_json(deposit.frozen)
    credited = deposit.credit_notes.exclude(status=InvoiceStatus.DRAFT).values_list("frozen", flat=True)
    taken = [
        share
        for note in map(DocumentContent.from_json, credited)
        if note.correction is not None
        for share in shares_from(note.correction.shares)
    ]
    return DepositRoom(content, by_key(shares_of_invoice(content)), by_key([*taken, *shares_deducted(deposit)]))


def planned_deductions(invoice: Invoice, shares: Sequence[Share], deductions: Sequence[Deduction]) -> list[Planned]:
    """Each in the order given, as far as the `shares` of the invoice and what is left of its deposit go."""
    room_left = {key: share.gross_minor for key, share in by_key(shares).items()}
    planned = []
    for deduction in deductions:
        deposit = deduction.deposit
        whose = deposit.customer_id == invoice.customer_id and deposit.currency == invoice.currency
        room = deposit_room(deposit) if deposit.status == InvoiceStatus.ISSUED and whose else None
        limits = {key: min(room.left(key), room_left.get(key, 0)) for key in room.whole} if room else {}
        taken = _taken(room, limits, deduction.asked_minor) if room else []
        for share in taken:
            room_left[(share.vat_category, share.vat_rate, share.nature)] -= share.gross_minor
        split = nature_split(taken)
        content = DeductionContent(
            number=deposit.number or "",
            issue_date=deposit.issue_date.isoformat() if deposit.issue_date else "",
            net_minor=split.net,
            vat_minor=split.vat,
            gross_minor=split.gross,
            shares=share_contents(taken),
        )
        planned.append(Planned(deduction, content, split, sum(limits.values())))
    return planned


def deducted_split(planned: Iterable[Planned]) -> NatureSplit:
    """Of all of them together."""
    splits = [one.split for one in planned]
    return NatureSplit(*(sum(getattr(split, name) for split in splits) for name in NOTHING.__slots__))


def deduction_problems(planned: Sequence[Planned]) -> list[Problem]:
    """What cannot be deducted as it is chosen, for *Contrôle avant émission*."""
    problems = []
    for one in planned:
        number = one.deduction.deposit.number
        if not one.possible_minor:
            words = _(
                "L’acompte %s ne peut pas être déduit ici : il l’est déjà, il est crédité, ou cette facture n’a rien à "
                "son taux de TVA et de sa nature. Retirez-le, ou faites un avoir de l’acompte."
            )
            problems.append(Problem("deductions", "", words % number))
        elif (one.deduction.asked_minor or 0) > one.possible_minor:
            most = formats.amount(Money(one.possible_minor, one.deduction.deposit.currency), language="fr")
            problems.append(
                Problem(
                    "deductions",
                    "",
                    _("De l’acompte %(number)s, au plus %(most)s peuvent être déduits.")
                    % {"number": number, "most": most},
                )
            )
    return problems


def _taken(room: DepositRoom, limits: Mapping[Key, int], asked_minor: int | None) -> list[Share]:
    """`asked_minor` spread over the limits, losing no cent; all of them where None, or where it is more."""
    parts = list(limits.values())
    if asked_minor is not None and asked_minor < sum(parts):
        parts = allocate(asked_minor, parts)
    return [_part(key, part, room) for key, part in zip(limits, parts, strict=True) if part]


def _part(key: Key, gross: int, room: DepositRoom) -> Share:
    whole, taken = room.whole[key], room.taken.get(key, Share(*key, 0, 0))
    vat_left, net_left = whole.vat_minor - taken.vat_minor, whole.net_minor - taken.net_minor
    cumulated = Decimal(whole.vat_minor * (taken.gross_minor + gross)) / whole.gross_minor
    # Where an invoice that was cancelled gave its part back, what was taken may be off its proportion by a cent.
    vat = min(max(round_half_up(cumulated) - taken.vat_minor, 0, gross - net_left), vat_left, gross)
    assert gross - vat <= net_left, "more net than the deposit has left"
    return Share(*key, gross - vat, vat)
