"""Any cut of an invoice into credit notes adds up to it: by rate, by nature, net and VAT, in any order and any mix."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reglo.companies.models import Company
from reglo.companies.states import Nature, VatRegime
from reglo.invoicing.accounting import credit_note_postings, invoice_postings, vat_due, vat_falling_due
from reglo.invoicing.crediting import (
    CreditBeyondInvoice,
    CreditRoom,
    CreditTotals,
    by_key,
    credit_totals,
    shares_of_invoice,
)
from reglo.invoicing.invoice_content import content_of
from reglo.invoicing.models import Invoice, InvoiceLine, Settlement
from reglo.invoicing.services.draft_credit_note import CreditInput, credited_lines
from reglo.invoicing.totals import Share, nature_split, split_by_nature, totals_of
from reglo.ledger.services import Posting
from reglo.ledger.states import AccountRole
from reglo.money.taxes import NO_DISCOUNT, Discount, Totals

TODAY = date(2026, 11, 22)


def item(amount: str, vat: str = "20", nature: Nature = Nature.SERVICES) -> InvoiceLine:
    return InvoiceLine(
        rank=1,
        description="Pose",
        nature=nature,
        quantity=Decimal(1),
        unit_price=Decimal(amount),
        discount_rate=Decimal(0),
        vat_rate=Decimal(vat),
    )


def room_of(
    lines: Sequence[InvoiceLine],
    *,
    inclusive: bool = False,
    franchise: bool = False,
    percent: str | None = None,
    off: int | None = None,
) -> CreditRoom:
    """An invoice of these lines, with a discount in percent or in cents, of which nothing is credited yet. No database."""
    company = Company(vat_regime=VatRegime.FRANCHISE if franchise else VatRegime.MONTHLY, name="Atelier Lumen")
    rate = None if percent is None else Decimal(percent)
    invoice = Invoice(currency="EUR", prices_include_vat=inclusive, discount_rate=rate, discount_minor=off)
    totals = totals_of(
        lines,
        prices_include_vat=inclusive,
        currency="EUR",
        charges_vat=not franchise,
        discount=invoice.discount,
    )
    content = content_of(
        invoice,
        company=company,
        customer=None,
        lines=lines,
        totals=totals,
        number="F2026-0001",
        issue_date=TODAY,
        due_date=TODAY,
    )
    return CreditRoom(content, by_key(shares_of_invoice(content)), {})


def after(room: CreditRoom, credit: CreditTotals) -> CreditRoom:
    return replace(room, credited=by_key([*room.credited.values(), *credit.shares]))


def by_amount(room: CreditRoom, minor: int | None) -> CreditTotals:
    """As `draft_credit_note` spreads it."""
    asked = CreditInput("Remise", amount_minor=room.remaining_minor if minor is None else minor)
    lines, inclusive, discounted = credited_lines(Invoice(number="F2026-0001", currency="EUR"), asked, room)
    return credit_totals(lines, room, prices_include_vat=inclusive, discounted=discounted)


def figures(shares: Sequence[Share]) -> list[tuple[str, str, int, int]]:
    return [(f"{share.vat_rate:f}", share.nature.value, share.net_minor, share.vat_minor) for share in shares]


def test_an_amount_is_spread_over_three_rates_and_loses_no_cent():
    room = room_of([item("10.01"), item("10.01", "10"), item("10.01", "5.5")])  # 12,01 + 11,01 + 10,56 = 33,58

    first = by_amount(room, 10_00)

    # 10,00 × 12,01 / 33,58 = 3,5765…; × 11,01 = 3,2787…; × 10,56 = 3,1447…: 3,57 + 3,27 + 3,14, and two cents to the
    # two largest remainders.
    assert figures(first.shares) == [
        ("20", "services", 2_98, 60),  # 3,58: VAT 2,00 × 3,58 / 12,01 = 0,596
        ("10", "services", 2_98, 30),  # 3,28: 1,00 × 3,28 / 11,01 = 0,2979
        ("5.5", "services", 2_98, 16),  # 3,14: 0,55 × 3,14 / 10,56 = 0,1635
    ]
    assert (first.totals.net_minor, first.totals.vat_minor, first.totals.gross_minor) == (8_94, 1_06, 10_00)
    rest = by_amount(after(room, first), None)
    assert figures(rest.shares) == [
        ("20", "services", 7_03, 1_40),
        ("10", "services", 7_03, 70),
        ("5.5", "services", 7_03, 39),
    ]
    assert rest.totals.gross_minor == 23_58


def test_lines_of_one_rate_take_the_vat_that_is_left():
    room = room_of([item("33.33"), item("33.33"), item("33.33")])  # 99,99 net, 20,00 of VAT

    vats = []
    for _ in range(3):
        credit = credit_totals([item("33.33")], room, prices_include_vat=False, discounted=False)
        vats.append(credit.totals.vat_minor)
        room = after(room, credit)

    assert vats == [6_67, 6_66, 6_67]  # 20,00 × 33,33 / 99,99 = 6,6667, then 13,3333, then 20,00
    assert room.remaining_minor == 0


def test_goods_are_not_credited_from_services():
    room = room_of([item("100", nature=Nature.GOODS), item("100")])
    room = after(
        room, credit_totals([item("60", nature=Nature.GOODS)], room, prices_include_vat=False, discounted=False)
    )

    with pytest.raises(CreditBeyondInvoice) as refused:
        credit_totals([item("40.01", nature=Nature.GOODS)], room, prices_include_vat=False, discounted=False)

    assert "40,00 € HT à 20 %".replace(" ", "\u00a0") in str(refused.value).replace(" ", "\u00a0").replace(
        "\u202f", "\u00a0"
    )


def test_a_rate_that_the_invoice_has_not_is_refused():
    with pytest.raises(CreditBeyondInvoice):
        credit_totals([item("1", "10")], room_of([item("100")]), prices_include_vat=False, discounted=False)


def test_under_franchise_no_word_of_vat_is_said():
    room = room_of([item("100", "0")], franchise=True)

    with pytest.raises(CreditBeyondInvoice) as refused:
        credit_totals([item("100.01", "0")], room, prices_include_vat=False, discounted=False)

    assert "HT" not in str(refused.value)
    assert by_amount(room, 33_33).totals.gross_minor == 33_33


RATES = st.sampled_from(["20", "10", "5.5", "2.1", "0"])
ITEMS = st.lists(
    st.builds(
        lambda cents, vat, nature: item(str(Decimal(cents) / 100), vat, nature),
        st.integers(1, 50_000),
        RATES,
        st.sampled_from(list(Nature)),
    ),
    min_size=1,
    max_size=6,
)
# How a step credits: a share of what is left, by amount or by one line, typed with VAT or without.
STEPS = st.lists(st.tuples(st.sampled_from(["amount", "line"]), st.integers(1, 99), st.integers(0, 5)), max_size=8)


# None, or a discount in percent; an amount is that percent of what the lines cost.
DISCOUNTS = st.one_of(st.none(), st.tuples(st.sampled_from(["percent", "amount"]), st.integers(1, 99)))
Asked = tuple[str, int] | None


def discounted_room(lines: list[InvoiceLine], discount: Asked, *, inclusive: bool) -> CreditRoom:
    if discount is None:
        return room_of(lines, inclusive=inclusive)
    how, percent = discount
    if how == "percent":
        return room_of(lines, inclusive=inclusive, percent=str(percent))
    typed = sum(int(line.unit_price * 100) for line in lines)
    return room_of(lines, inclusive=inclusive, off=typed * percent // 100)


@given(lines=ITEMS, inclusive=st.booleans(), discount=DISCOUNTS, steps=STEPS)
def test_any_cut_adds_up_to_the_whole(
    lines: list[InvoiceLine], inclusive: bool, discount: Asked, steps: list[tuple[str, int, int]]
):
    untouched = room = discounted_room(lines, discount, inclusive=inclusive)
    parts: list[CreditTotals] = []
    for how, percent, which in steps:
        if how == "amount":
            minor = room.remaining_minor * percent // 100
            if not minor:
                continue
            credit = by_amount(room, minor)
            assert credit.totals.gross_minor == minor
        else:
            share = room.remaining[which % len(room.remaining)]
            typed = ((share.gross_minor if inclusive else share.net_minor) + share.discount_minor) * percent // 100
            if not typed:
                continue
            line = item(str(Decimal(typed) / 100), f"{share.vat_rate:f}", share.nature)
            credit = credit_totals([line], room, prices_include_vat=inclusive, discounted=discount is not None)
            net = sum(credit.totals.line_net_minors) - credit.totals.discount_net_minor
            assert net == credit.totals.net_minor
        parts.append(credit)
        room = after(room, credit)
    if room.remaining_minor:
        parts.append(by_amount(room, None))
        room = after(room, parts[-1])

    whole, credited = (
        {key: (share.net_minor, share.vat_minor) for key, share in shares.items() if share.gross_minor}
        for shares in (untouched.whole, room.credited)
    )
    assert credited == whole
    # Where a discount leaves next to nothing, the last cent may be credited before the last line is.
    assert all(0 <= share.discount_minor <= untouched.whole[key].discount_minor for key, share in room.credited.items())
    for part in parts:
        assert min(min(share.net_minor, share.vat_minor) for share in part.shares) >= 0
        for rate in part.totals.rates:
            assert abs(rate.vat_minor - rate.net_minor * rate.vat_rate / 100) < Decimal("3.5")


<<<<<<< ours
@given(lines=ITEMS, inclusive=st.booleans(), discount=DISCOUNTS)
def test_line_by_line_the_whole_is_credited(lines: list[InvoiceLine], inclusive: bool, discount: Asked):
    untouched = room = discounted_room(lines, discount, inclusive=inclusive)

    for line in reversed(lines):
        credit = credit_totals([line], room, prices_include_vat=inclusive, discounted=discount is not None)
        room = after(room, credit)

    assert dict(room.credited) == dict(untouched.whole)
    assert room.remaining_minor == 0


def test_the_discount_of_a_line_comes_back_with_it():
    room = room_of([item("33.33"), item("33.33"), item("33.33", "10")], percent="10")  # 10,00 off: 6,67 and 3,33

    taken = []
    for line in (item("33.33"), item("33.33"), item("33.33", "10")):
        credit = credit_totals([line], room, prices_include_vat=False, discounted=True)
        taken.append((credit.totals.discount_minor, credit.totals.net_minor, credit.totals.vat_minor))
        room = after(room, credit)

    # 6,67 × 33,33 / 66,66 = 3,335 → 3,34, then 3,33; VAT 12,00 × 29,99 / 59,99 = 5,999, then 6,00.
    assert taken == [(3_34, 29_99, 6_00), (3_33, 30_00, 6_00), (3_33, 30_00, 3_00)]
    assert room.remaining_minor == 0


@given(lines=ITEMS, inclusive=st.booleans(), discount=DISCOUNTS)
def test_a_document_is_its_shares(lines: list[InvoiceLine], inclusive: bool, discount: Asked):
    room = discounted_room(lines, discount, inclusive=inclusive)
    totals = totals_of(
        lines, prices_include_vat=inclusive, currency="EUR", charges_vat=True, discount=discount_of(room)
    )
    split = split_by_nature(lines, totals, prices_include_vat=inclusive)
||||||| base
@given(lines=ITEMS, inclusive=st.booleans())
def test_a_document_is_its_shares(lines: list[InvoiceLine], inclusive: bool):
    room = room_of(lines, inclusive=inclusive)
    totals = totals_of(lines, prices_include_vat=inclusive, currency="EUR", charges_vat=True)
    split = split_by_nature(lines, totals, prices_include_vat=inclusive)
=======
@given(lines=ITEMS, inclusive=st.booleans())
def test_a_document_is_its_shares(lines: list[InvoiceLine], inclusive: bool):
    room = room_of(lines, inclusive=inclusive)
    totals = totals_of(lines, prices_include_vat=inclusive, currency="EUR", charges_vat=True)
    split = split_by_nature(lines, totals, prices_include_vat=inclusive, charges_vat=True)
>>>>>>> theirs

    goods = [share for share in room.whole.values() if share.nature == Nature.GOODS]

    assert room.remaining_minor == totals.gross_minor
    assert (split.goods_net, split.goods_vat) == (
        sum(share.net_minor for share in goods),
        sum(share.vat_minor for share in goods),
    )
    assert split.goods_net + split.services_net == totals.net_minor
    assert split.goods_vat + split.services_vat == totals.vat_minor


MOVES = st.lists(st.tuples(st.sampled_from(["pay", "credit"]), st.integers(1, 100)), max_size=6)


@given(lines=ITEMS, inclusive=st.booleans(), discount=DISCOUNTS, on_receipts=st.booleans(), moves=MOVES)
def test_wholly_credited_no_account_of_the_invoice_is_left_uneven(
    lines: list[InvoiceLine], inclusive: bool, discount: Asked, on_receipts: bool, moves: list[tuple[str, int]]
):
    books = Books(lines, discounted_room(lines, discount, inclusive=inclusive), on_receipts=on_receipts)

    for how, percent in moves:
        if how == "pay":
            books.pay(books.settlement.remaining_minor * percent // 100)
        elif minor := books.room.remaining_minor * percent // 100:
            books.credit(minor)
    if books.room.remaining_minor:
        books.credit(None)

    assert {role: minor for role, minor in books.accounts.items() if minor} == {}
    assert (books.settlement.owed_minor, books.settlement.settled_minor) == (0, 0)


class Books:
    """The accounts of one invoice, moved by the product's own pure functions. No database."""

<<<<<<< ours
    def __init__(self, lines: list[InvoiceLine], room: CreditRoom, *, on_receipts: bool) -> None:
        self.room, inclusive = room, room.content.prices_include_vat
        totals = totals_of(
            lines, prices_include_vat=inclusive, currency="EUR", charges_vat=True, discount=discount_of(room)
        )
        split = split_by_nature(lines, totals, prices_include_vat=inclusive)
||||||| base
    def __init__(self, lines: list[InvoiceLine], *, inclusive: bool, on_receipts: bool) -> None:
        self.room = room_of(lines, inclusive=inclusive)
        totals = totals_of(lines, prices_include_vat=inclusive, currency="EUR", charges_vat=True)
        split = split_by_nature(lines, totals, prices_include_vat=inclusive)
=======
    def __init__(self, lines: list[InvoiceLine], *, inclusive: bool, on_receipts: bool) -> None:
        self.room = room_of(lines, inclusive=inclusive)
        totals = totals_of(lines, prices_include_vat=inclusive, currency="EUR", charges_vat=True)
        split = split_by_nature(lines, totals, prices_include_vat=inclusive, charges_vat=True)
>>>>>>> theirs
        self.invoice = document(totals, split.services_vat if on_receipts else 0)
        self.settlement = self.invoice.settlement = Settlement(invoice=self.invoice, gross_minor=totals.gross_minor)
        self.accounts: dict[AccountRole, int] = dict.fromkeys(AccountRole, 0)
        self.post(invoice_postings(self.invoice, split))

    def post(self, postings: list[Posting]) -> None:
        assert sum(posting.minor for posting in postings) == 0
        for posting in postings:
            self.accounts[posting.role] += posting.minor

    def pay(self, minor: int) -> None:
        before, after = self.settlement.settled_minor, self.settlement.settled_minor + minor
        due = vat_falling_due(self.invoice, settled_before=before, settled_after=after)
        self.settlement.settled_minor = after
        self.accounts[AccountRole.RECEIVABLE] -= minor
        self.post([Posting(AccountRole.VAT_AWAITING, due), Posting(AccountRole.VAT_COLLECTED, -due)])

    def credit(self, minor: int | None) -> None:
        credit = by_amount(self.room, minor)
        split = nature_split(credit.shares)
        note = document(credit.totals, split.services_vat if self.invoice.vat_on_receipts_minor else 0)
        settled, due = self.settlement.settled_minor, vat_due(self.invoice, self.settlement.settled_minor)
        self.settlement.credited_minor += note.gross_minor
        self.settlement.credited_vat_on_receipts_minor += note.vat_on_receipts_minor
        kept = self.settlement.settled_minor = min(settled, self.settlement.owed_minor)
        self.post(credit_note_postings(note, split, vat_given_back=due - vat_due(self.invoice, kept)))
        self.accounts[AccountRole.RECEIVABLE] += settled - kept  # to trop-perçu
        self.room = after(self.room, credit)


def discount_of(room: CreditRoom) -> Discount:
    """As it is frozen."""
    frozen = room.content.discount
    if frozen is None:
        return NO_DISCOUNT
    return Discount(rate=Decimal(frozen.rate)) if frozen.rate else Discount(minor=frozen.amount_minor)


def document(totals: Totals, vat_on_receipts: int) -> Invoice:
    return Invoice(
        gross_minor=totals.gross_minor,
        net_minor=totals.net_minor,
        vat_minor=totals.vat_minor,
        vat_on_receipts_minor=vat_on_receipts,
    )
