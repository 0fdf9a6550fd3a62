"""How figures and dates are written, to the character."""

from datetime import date
from decimal import Decimal

import pytest

from reglo.rendering import formatting


@pytest.mark.parametrize(
    ("minor", "currency", "language", "written"),
    [
        (124000, "EUR", "fr", "1\u202f240,00\u00a0€"),
        (100000000, "EUR", "fr", "1\u202f000\u202f000,00\u00a0€"),
        (-50000, "EUR", "fr", "-500,00\u00a0€"),
        (0, "EUR", "fr", "0,00\u00a0€"),
        (124000, "JPY", "fr", "124\u202f000\u00a0JPY"),
        (1240, "TND", "fr", "1,240\u00a0TND"),
        (124000, "EUR", "en", "€1,240.00"),
    ],
)
def test_amount(minor: int, currency: str, language: str, written: str) -> None:
    assert formatting.format_amount(minor, currency, language) == written


@pytest.mark.parametrize(
    ("price", "written"),
    [
        ("150", "150,00\u00a0€"),
        ("12.5000", "12,50\u00a0€"),
        ("0.0835", "0,0835\u00a0€"),
        ("1E+3", "1\u202f000,00\u00a0€"),
    ],
)
def test_unit_price_keeps_its_decimals_and_at_least_those_of_the_currency(price: str, written: str) -> None:
    assert formatting.format_unit_price(Decimal(price), "EUR", "fr") == written


@pytest.mark.parametrize(
    ("quantity", "written"), [("2.000", "2"), ("7.5", "7,5"), ("1200", "1\u202f200"), ("2E+1", "20")]
)
def test_quantity_has_no_useless_zero(quantity: str, written: str) -> None:
    assert formatting.format_quantity(Decimal(quantity), "fr") == written


@pytest.mark.parametrize(("rate", "written"), [("20.00", "20"), ("5.50", "5,5"), ("2.1", "2,1"), ("0", "0")])
def test_rate(rate: str, written: str) -> None:
    assert formatting.format_rate(Decimal(rate), "fr") == f"{written}\u00a0%"


def test_the_first_of_the_month_is_premier_in_french_alone() -> None:
    assert formatting.format_day(date(2026, 12, 1), "fr") == "1er décembre 2026"
    assert formatting.format_day(date(2026, 12, 21), "fr") == "21 décembre 2026"
    assert formatting.format_day(date(2026, 12, 1), "en") == "1 December 2026"


@pytest.mark.parametrize(
    ("start", "end", "written"),
    [
        (date(2026, 10, 1), date(2026, 10, 31), "du 1er au 31 octobre 2026"),
        (date(2026, 10, 15), date(2026, 11, 14), "du 15 octobre au 14 novembre 2026"),
        (date(2025, 12, 15), date(2026, 1, 14), "du 15 décembre 2025 au 14 janvier 2026"),
    ],
)
def test_period_says_month_and_year_once(start: date, end: date, written: str) -> None:
    assert formatting.format_period(start, end, "fr") == written


@pytest.mark.parametrize(
    ("figure", "language", "parts"),
    [
        ("12,345\u00a0€", "fr", ("12", ",345\u00a0€")),
        ("1\u202f200", "fr", ("1\u202f200", "")),
        ("124\u00a0JPY", "fr", ("124", "\u00a0JPY")),
        ("€1,240.00", "en", ("€1,240", ".00")),
    ],
)
def test_a_figure_is_split_where_its_column_is_aligned(figure: str, language: str, parts: tuple[str, str]) -> None:
    assert formatting.split_at_comma(figure, language) == parts


def test_identifiers_are_grouped_as_people_read_them() -> None:
    assert formatting.group_siren("812345678") == "812\u00a0345\u00a0678"
    assert formatting.group_siren("81234567800012") == "812\u00a0345\u00a0678\u00a000012"
    assert formatting.group_iban("FR7630006000011234567890189") == "FR76 3000 6000 0112 3456 7890 189".replace(
        " ", "\u00a0"
    )
