"""A discount of the whole document: spread over the rates by largest remainder, it loses no cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reglo.money.taxes import (
    Discount,
    DiscountTooLarge,
    RateDiscount,
    TaxableLine,
    compute_totals,
    line_minor,
    without_vat,
)


def taxable(price: str, rate: str = "20", *, off: int = 0, percent: str = "0") -> TaxableLine:
    return TaxableLine(Decimal(1), Decimal(price), Decimal(percent), Decimal(rate), "S", off)


def test_ten_percent_of_three_rates():
    lines = [taxable("33.35"), taxable("33.35", "10"), taxable("33.35", "5.5")]

    totals = compute_totals(lines, prices_include_vat=False, currency="EUR", discount=Discount(rate=Decimal(10)))

    # 100,05 × 10 % = 10,005 → 10,01: three times 3,3366…, 3,33 each, and the two cents left to the first two.
    assert [part.amount_minor for part in totals.discounts] == [3_34, 3_34, 3_33]
    assert [(rate.net_minor, rate.vat_minor) for rate in totals.rates] == [(30_01, 6_00), (30_01, 3_00), (30_02, 1_65)]
    assert (totals.discount_minor, totals.net_minor, totals.vat_minor) == (10_01, 90_04, 10_65)
    assert totals.line_minors == (33_35, 33_35, 33_35)


def test_an_amount_off_prices_with_vat():
    lines = [taxable("120"), taxable("110", "10")]

    totals = compute_totals(lines, prices_include_vat=True, currency="EUR", discount=Discount(minor=23_00))

    assert totals.discounts == (
        RateDiscount("S", Decimal(20), 100_00, 12_00, 10_00),
        RateDiscount("S", Decimal(10), 100_00, 11_00, 10_00),
    )
    assert [(rate.net_minor, rate.vat_minor) for rate in totals.rates] == [(90_00, 18_00), (90_00, 9_00)]
    assert totals.gross_minor == 207_00
    assert totals.line_net_minors == (100_00, 100_00)


def test_an_amount_off_a_line_is_taken_after_its_percentage():
    assert line_minor(taxable("33.33", percent="10", off=5_00), "EUR") == 25_00  # 33,33 × 0,9 = 29,997


def test_the_whole_may_be_given_away():
    totals = compute_totals(
        [taxable("10"), taxable("0.01", "10")],
        prices_include_vat=True,
        currency="EUR",
        discount=Discount(rate=Decimal(100)),
    )

    assert (totals.net_minor, totals.vat_minor, totals.discount_minor) == (0, 0, 10_01)


@pytest.mark.parametrize("lines", [[], [taxable("9.99")]])
def test_more_than_the_lines_is_refused(lines: list[TaxableLine]):
    with pytest.raises(DiscountTooLarge):
        compute_totals(lines, prices_include_vat=False, currency="EUR", discount=Discount(minor=10_00))


sold = st.lists(
    st.builds(
        TaxableLine,
        quantity=st.decimals(0, 100, places=4),
        unit_price=st.decimals(0, 1000, places=4),
        discount_rate=st.sampled_from([Decimal(0), Decimal("12.5")]),
        vat_rate=st.sampled_from([Decimal(20), Decimal(10), Decimal("5.5"), Decimal("2.1"), Decimal(0)]),
        vat_category=st.just("S"),
    ),
    max_size=12,
)


@given(sold, st.booleans(), st.decimals(0, 100, places=2), st.data())
def test_every_sum_agrees_and_the_split_loses_nothing(
    lines: list[TaxableLine], prices_include_vat: bool, percent: Decimal, data: st.DataObject
):
    typed = sum(line_minor(line, "EUR") for line in lines)
    discount = data.draw(
        st.one_of(st.just(Discount(rate=percent)), st.integers(0, typed).map(lambda minor: Discount(minor=minor)))
    )
    whole = compute_totals(lines, prices_include_vat=prices_include_vat, currency="EUR")

    totals = compute_totals(lines, prices_include_vat=prices_include_vat, currency="EUR", discount=discount)

    assert totals.discount_minor == discount.taken_of(typed)
    assert totals.line_minors == whole.line_minors
    assert totals.net_minor == sum(rate.net_minor for rate in totals.rates)
    assert totals.vat_minor == sum(rate.vat_minor for rate in totals.rates)
    assert sum(totals.line_net_minors) - totals.discount_net_minor == totals.net_minor
    final = totals.gross_minor if prices_include_vat else totals.net_minor
    assert sum(totals.line_minors) - totals.discount_minor == final
    parts = {part.vat_rate: part for part in totals.discounts}
    for rate, before in zip(totals.rates, whole.rates, strict=True):
        taken = parts[rate.vat_rate].amount_minor if rate.vat_rate in parts else 0
        full = before.gross_minor if prices_include_vat else before.net_minor
        assert 0 <= taken <= full
        assert (rate.gross_minor if prices_include_vat else rate.net_minor) == full - taken
        assert 0 <= rate.net_minor <= before.net_minor
        assert abs(taken * typed - totals.discount_minor * full) < max(1, typed)  # within a cent of its proportion
    for part in totals.discounts:
        assert part.net_minor == (
            without_vat(part.amount_minor, part.vat_rate) if prices_include_vat else part.amount_minor
        )
    assert all(0 <= net <= amount for net, amount in zip(totals.line_net_minors, totals.line_minors, strict=True))
