from decimal import Decimal

import pytest

from reglo.money import AmountTooLarge, CurrencyMismatch, Money, UnknownCurrency


def test_minor_units_of_each_currency():
    assert Money.from_decimal(Decimal("1240.00"), "EUR") == Money(124000, "EUR")
    assert Money.from_decimal(Decimal(1240), "JPY") == Money(1240, "JPY")
    assert Money.from_decimal(Decimal("1.234"), "TND") == Money(1234, "TND")


def test_halves_go_away_from_zero():
    assert Money.from_decimal(Decimal("0.125"), "EUR").minor == 13
    assert Money.from_decimal(Decimal("-0.125"), "EUR").minor == -13


def test_to_decimal_is_exact():
    assert Money(5, "EUR").to_decimal() == Decimal("0.05")
    assert Money(1234, "TND").to_decimal() == Decimal("1.234")


def test_a_float_is_refused():
    with pytest.raises(TypeError):
        Money(12.0, "EUR")


def test_a_boolean_is_refused():
    with pytest.raises(TypeError):
        Money(True, "EUR")


def test_two_currencies_never_add_up():
    with pytest.raises(CurrencyMismatch):
        Money(1, "EUR") + Money(1, "USD")


def test_an_unknown_currency_is_refused():
    with pytest.raises(UnknownCurrency) as refusal:
        Money(1, "XXX")

    assert str(refusal.value) == "La devise « XXX » n’est pas prise en charge."


def test_a_million_billion_euros_is_refused():
    with pytest.raises(AmountTooLarge):
        Money.from_decimal(Decimal(10) ** 15, "EUR")


def test_order_within_a_currency():
    assert Money(1, "EUR") < Money(2, "EUR")
    assert max(Money(1, "EUR"), Money(3, "EUR"), Money(2, "EUR")) == Money(3, "EUR")
