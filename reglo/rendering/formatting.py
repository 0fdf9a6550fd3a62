"""Numbers and dates of a document as its reader's language writes them. No other file of the page formats."""

from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent, get_decimal_symbol

from reglo.money import Money

LOCALES = {"fr": "fr", "en": "en_GB"}  # Both readers are in Europe: 3 December 2026.


def format_amount(minor: int, currency: str, language: str) -> str:
    """« 1 240,00 € » for 124000 EUR: always the decimals of the currency, spaces that do not break."""
    return format_currency(Money(minor, currency).to_decimal(), currency, locale=LOCALES[language])


def format_unit_price(price: Decimal, currency: str, language: str) -> str:
    """« 12,50 € », « 0,0835 € »: the decimals of the currency, more where the price has more."""
    return format_currency(price.normalize(), currency, locale=LOCALES[language], decimal_quantization=False)


def format_quantity(quantity: Decimal, language: str) -> str:
    """« 1 200 », « 2,5 »: no useless zero."""
    return format_decimal(quantity.normalize(), locale=LOCALES[language], decimal_quantization=False)


def format_rate(percent: Decimal, language: str) -> str:
    """« 20 % », « 5,5 % » for Decimal("5.50")."""
    return format_percent(percent.normalize() / 100, locale=LOCALES[language], decimal_quantization=False)


def format_day(day: date, language: str) -> str:
    """« 3 décembre 2026 », « 1er décembre 2026 »."""
    text = format_date(day, "long", locale=LOCALES[language])
    return text.replace("1 ", "1er ", 1) if language == "fr" and day.day == 1 else text


def format_period(start: date, end: date, language: str) -> str:
    """« du 1er au 31 octobre 2026 »: month and year are said once where they are the same."""
    kept = 1 if (start.year, start.month) == (end.year, end.month) else 2 if start.year == end.year else 3
    first = " ".join(format_day(start, language).split(" ")[:kept])
    last = format_day(end, language)
    return f"du {first} au {last}" if language == "fr" else f"{first} to {last}"


def split_at_comma(figure: str, language: str) -> tuple[str, str]:
    """("12", ",345 €"): what stands before the decimal mark and the rest, for figures aligned on it."""
    mark = get_decimal_symbol(LOCALES[language])
    whole, comma, rest = figure.partition(mark)
    if comma:
        return whole, comma + rest
    digits = len(figure) - next((i for i, c in enumerate(reversed(figure)) if c.isdigit()), 0)
    return figure[:digits], figure[digits:]


def group_siren(digits: str) -> str:
    """« 812 345 678 », « 812 345 678 00012 »: SIREN and SIRET in groups, on one line."""
    head = "\u00a0".join(digits[i : i + 3] for i in range(0, 9, 3))
    return f"{head}\u00a0{digits[9:]}" if digits[9:] else head


def group_iban(iban: str) -> str:
    """« FR76 3000 6000 0112 3456 7890 189 »: groups of four, as banks print it."""
    return "\u00a0".join(iban[i : i + 4] for i in range(0, len(iban), 4))
