"""Legal limits and tariffs, by date."""

from datetime import date

import pytest

from reglo.money import Money
from reglo.payments.cash_limits import cash_limit_on
from reglo.payments.fee_estimates import expected_fee


@pytest.mark.parametrize(
    ("day", "country", "professional", "minor"),
    [
        (date(2026, 11, 22), "FR", True, 1_000_00),
        (date(2026, 11, 22), "FR", False, 1_000_00),
        (date(2026, 11, 22), "BE", True, 1_000_00),
        (date(2026, 11, 22), "BE", False, 15_000_00),
        (date(2027, 7, 10), "BE", False, 10_000_00),
    ],
)
def test_cash_limits(day: date, country: str, professional: bool, minor: int):
    limit = cash_limit_on(day, country=country, professional=professional)

    assert limit is not None
    assert limit.minor == minor
    assert limit.source


def test_before_the_law_there_is_no_limit():
    assert cash_limit_on(date(2015, 8, 31), country="FR", professional=True) is None


@pytest.mark.parametrize(("minor", "fee"), [(1_240_00, 18_85), (120_00, 2_05), (50, 26), (33, 25)])
def test_the_fee_expected_in_france(minor: int, fee: int):
    assert expected_fee(amount=Money(minor, "EUR"), country="FR", day=date(2026, 11, 22)) == Money(fee, "EUR")


def test_no_fee_is_guessed_where_no_tariff_is_known():
    assert expected_fee(amount=Money(1, "USD"), country="FR", day=date(2026, 11, 22)) is None
    assert expected_fee(amount=Money(1, "EUR"), country="DE", day=date(2026, 11, 22)) is None
    assert expected_fee(amount=Money(1, "EUR"), country="FR", day=date(2022, 12, 31)) is None
