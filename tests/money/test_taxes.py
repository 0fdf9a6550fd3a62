from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reglo.money import AmountTooLarge
from reglo.money.taxes import RateTotal, TaxableLine, Totals, compute_totals


def taxable(price: str, *, quantity: str = "1", discount: str = "0", rate: str = "20") -> TaxableLine:
    return TaxableLine(Decimal(quantity), Decimal(price), Decimal(discount), Decimal(rate), "S")


def net(*lines: TaxableLine) -> Totals:
    return compute_totals(lines, prices_include_vat=False, currency="EUR")


def gross(*lines: TaxableLine) -> Totals:
    return compute_totals(lines, prices_include_vat=True, currency="EUR")


def test_vat_is_taken_on_the_sum_of_nets():
    totals = net(*[taxable("84.03", rate="19")] * 5)

    assert (totals.net_minor, totals.vat_minor, totals.gross_minor) == (42015, 7983, 49998)


# 9.99 × 20 / 120 = 1.665, 39.99 → 6.665, 99.99 → 16.665, 5.00 × 10 / 110 = 0.4545…
@pytest.mark.parametrize(
    ("price", "rate", "expected_net", "expected_vat"),
    [("9.99", "20", 832, 167), ("39.99", "20", 3332, 667), ("99.99", "20", 8332, 1667), ("5.00", "10", 455, 45)],
)
def test_the_gross_is_the_truth_when_prices_include_vat(price: str, rate: str, expected_net: int, expected_vat: int):
    totals = gross(taxable(price, rate=rate))

    assert (totals.net_minor, totals.vat_minor) == (expected_net, expected_vat)
    assert totals.gross_minor == int(Decimal(price) * 100)


def test_one_total_per_rate_highest_first():
    totals = net(taxable("100", rate="5.5"), taxable("200", rate="20"), taxable("50", rate="5.50"))

    assert totals.rates == (
        RateTotal("S", Decimal(20), 20000, 4000),
        RateTotal("S", Decimal("5.5"), 15000, 825),
    )
    assert totals.gross_minor == 39825


def test_a_discount_is_taken_before_rounding_the_line():
    totals = net(taxable("33.33", quantity="3", discount="10"))

    assert totals.line_minors == (8999,)  # 99.99 × 0.9 = 89.991
    assert totals.vat_minor == 1800


def test_a_line_too_large_is_refused():
    with pytest.raises(AmountTooLarge):
        net(taxable("1000000000000000"))


def test_many_large_lines_are_refused_together():
    with pytest.raises(AmountTooLarge):
        net(*[taxable("9999999999")] * 2)


def test_no_line_is_zero():
    assert net() == Totals((), (), (), 0, 0, 0)


lines = st.builds(
    TaxableLine,
    quantity=st.decimals(0, 1000, places=4),
    unit_price=st.decimals(0, 10000, places=4),
    discount_rate=st.decimals(0, 100, places=2),
    vat_rate=st.sampled_from([Decimal(20), Decimal(10), Decimal("5.5"), Decimal("2.1"), Decimal(0)]),
    vat_category=st.just("S"),
)


@given(st.lists(lines, max_size=30), st.booleans())
def test_every_sum_agrees(typed: list[TaxableLine], prices_include_vat: bool):
    totals = compute_totals(typed, prices_include_vat=prices_include_vat, currency="EUR")

    assert totals.net_minor == sum(totals.line_net_minors) == sum(rate.net_minor for rate in totals.rates)
    assert totals.vat_minor == sum(rate.vat_minor for rate in totals.rates)
    assert totals.gross_minor == totals.net_minor + totals.vat_minor
    assert sum(totals.line_minors) == (totals.gross_minor if prices_include_vat else totals.net_minor)
    for rate in totals.rates:
        # One cent at most between the VAT and the rate of the net, and in gross mode only.
        exact = rate.net_minor * rate.vat_rate / 100
        assert abs(rate.vat_minor - exact) <= (1 if prices_include_vat else Decimal("0.5"))
