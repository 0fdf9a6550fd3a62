from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from reglo.money import Money
from reglo.ui import formats

PARIS = ZoneInfo("Europe/Paris")
THURSDAY = datetime(2026, 12, 3, 13, 32, tzinfo=UTC)  # 14:32 in Paris


@pytest.mark.parametrize(
    ("minor", "currency", "language", "expected"),
    [
        (124000, "EUR", "fr", "1\u202f240,00\u00a0€"),
        (0, "EUR", "fr", "0,00\u00a0€"),
        (5, "EUR", "fr", "0,05\u00a0€"),
        (-4590, "EUR", "fr", "\u221245,90\u00a0€"),
        (100000000, "EUR", "fr", "1\u202f000\u202f000,00\u00a0€"),
        (124000, "EUR", "en", "€1,240.00"),
        (-4590, "EUR", "en", "\u2212€45.90"),
        (1240, "JPY", "fr", "1\u202f240\u00a0JPY"),
        (1240500, "TND", "fr", "1\u202f240,500\u00a0TND"),
    ],
)
def test_an_amount_reads_in_its_language(minor: int, currency: str, language: str, expected: str) -> None:
    assert formats.amount(Money(minor, currency), language=language) == expected


def test_a_signed_amount_says_plus_and_zero_says_nothing() -> None:
    assert formats.amount(Money(1200, "EUR"), language="fr", sign=True) == "+12,00\u00a0€"
    assert formats.amount(Money(0, "EUR"), language="fr", sign=True) == "0,00\u00a0€"


def test_a_bare_amount_has_no_currency() -> None:
    assert formats.bare_amount(Money(20667, "EUR"), language="fr") == "206,67"
    assert formats.bare_amount(Money(-100000, "EUR"), language="fr") == "\u22121\u202f000,00"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("6.000", "6"),
        ("2.50", "2,5"),
        ("1250.125", "1\u202f250,125"),
        ("0.000", "0"),
        ("100", "100"),
        ("1E+3", "1\u202f000"),
    ],
)
def test_a_quantity_loses_its_trailing_zeros_only(value: str, expected: str) -> None:
    assert formats.quantity(Decimal(value), language="fr") == expected


@pytest.mark.parametrize(
    ("percent", "language", "expected"),
    [
        ("20.00", "fr", "20\u00a0%"),
        ("5.5", "fr", "5,5\u00a0%"),
        ("2.10", "fr", "2,1\u00a0%"),
        ("0", "fr", "0\u00a0%"),
        ("5.5", "en", "5.5%"),
    ],
)
def test_a_rate(percent: str, language: str, expected: str) -> None:
    assert formats.rate(Decimal(percent), language=language) == expected


def test_days() -> None:
    assert formats.day(date(2026, 12, 3), language="fr") == "3 décembre 2026"
    assert formats.day(date(2026, 12, 3), language="en") == "3 December 2026"
    assert formats.day_short(date(2026, 12, 3), language="fr") == "03/12/2026"
    assert formats.month(date(2026, 12, 3), language="fr") == "décembre 2026"


def test_only_the_first_of_the_month_is_an_ordinal() -> None:
    assert formats.day(date(2026, 12, 1), language="fr") == "1er décembre 2026"
    assert formats.day(date(2026, 12, 11), language="fr") == "11 décembre 2026"
    assert formats.day(date(2026, 12, 21), language="fr") == "21 décembre 2026"
    assert formats.day(date(2026, 12, 1), language="en") == "1 December 2026"


def test_a_near_day_names_its_year_only_when_it_is_another() -> None:
    assert formats.day_near(date(2026, 12, 15), today=date(2026, 12, 3), language="fr") == "15 décembre"
    assert formats.day_near(date(2027, 1, 1), today=date(2026, 12, 3), language="fr") == "1er janvier 2027"


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), "14:32"),
        (timedelta(hours=14), "0:32"),
        (timedelta(hours=15), "hier 23:32"),
        (timedelta(days=2, hours=5, minutes=20), "mardi 9:12"),
        (timedelta(days=6), "vendredi 14:32"),
        (timedelta(days=7), "26 novembre 14:32"),
        (timedelta(days=365), "3 décembre 2025 14:32"),
    ],
)
def test_a_moment_is_named_by_its_distance(age: timedelta, expected: str) -> None:
    assert formats.moment(THURSDAY - age, now=THURSDAY, zone=PARIS, language="fr") == expected


def test_a_moment_to_come_is_dated() -> None:
    tomorrow = THURSDAY + timedelta(days=1)
    assert formats.moment(tomorrow, now=THURSDAY, zone=PARIS, language="fr") == "4 décembre 14:32"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+33612345678", "06\u00a012\u00a034\u00a056\u00a078"),
        ("06.12.34.56.78", "06\u00a012\u00a034\u00a056\u00a078"),
        ("+33 (0)1 23 45 67 89", "+33 (0)1 23 45 67 89".replace("+33 (0)1", "01").replace(" ", "\u00a0")),
        ("+32 2 555 12 12", "+32 2 555 12 12"),
        ("3631", "3631"),
        ("", ""),
    ],
)
def test_a_phone_number(number: str, expected: str) -> None:
    assert formats.phone(number) == expected


def test_identifiers_are_grouped() -> None:
    assert formats.iban("fr7630006000011234567890189").replace("\u00a0", " ") == "FR76 3000 6000 0112 3456 7890 189"
    assert formats.siren("732829320").replace("\u00a0", " ") == "732 829 320"
    assert formats.siren("73282932000074").replace("\u00a0", " ") == "732 829 320 00074"
    assert formats.siren("FR 12") == "FR 12"


@pytest.mark.parametrize(
    ("size", "expected"),
    [(0, "0\u00a0o"), (999, "999\u00a0o"), (1001, "2\u00a0ko"), (1_240_000, "1,2\u00a0Mo"), (10_000_000, "10\u00a0Mo")],
)
def test_a_file_size(size: int, expected: str) -> None:
    assert formats.byte_size(size, language="fr") == expected
