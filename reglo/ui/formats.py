"""How a figure reads in a language: « 1 240,00 € », « 3 décembre 2026 », « 5,5 % ».

Pure functions over Babel. `language` is a Django language code ("fr" or "en"); French is the fallback. Spaces are
those of French typography: U+202F between thousands, U+00A0 before a sign, so that no figure is cut at a line's end.
"""

from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

from reglo.money import Money, exponent

NBSP = "\u00a0"
MINUS = "\u2212"
_LOCALES = {"fr": "fr_FR", "en": "en_GB"}


def amount(money: Money, *, language: str, sign: bool = False) -> str:
    """« 1 240,00 € » ; `sign` writes + before a positive amount. The minus is U+2212, as wide as a figure."""
    pattern = _pattern(language, exponent(money.currency), currency="¤")
    text = format_currency(money.to_decimal(), money.currency, pattern, locale=_locale(language), currency_digits=False)
    return _signed(text, plus=sign and money.minor > 0)


def bare_amount(money: Money, *, language: str) -> str:
    """« 1 240,00 », for a column whose heading names the currency."""
    pattern = _pattern(language, exponent(money.currency))
    return _signed(format_decimal(money.to_decimal(), pattern, locale=_locale(language)))


def quantity(value: Decimal, *, language: str) -> str:
    """« 1 250,5 »: exact, without the zeros that the column adds."""
    decimals = max(0, -int(value.normalize().as_tuple().exponent))
    return _signed(format_decimal(value, _pattern(language, decimals), locale=_locale(language)))


def rate(percent: Decimal, *, language: str) -> str:
    """« 20 % », « 5,5 % ». `percent` is 20 for twenty percent."""
    text = quantity(percent, language=language)
    return f"{text}%" if language == "en" else f"{text}{NBSP}%"


def day(value: date, *, language: str) -> str:
    """« 3 décembre 2026 », « 1er décembre 2026 »."""
    return _first(format_date(value, "d MMMM y", locale=_locale(language)), value, language)


def day_near(value: date, *, today: date, language: str) -> str:
    """« 15 décembre »; the year only when it is not this one."""
    if value.year != today.year:
        return day(value, language=language)
    return _first(format_date(value, "d MMMM", locale=_locale(language)), value, language)


def day_short(value: date, *, language: str) -> str:
    """« 03/12/2026 »: for columns."""
    return format_date(value, "dd/MM/y", locale=_locale(language))


def month(value: date, *, language: str) -> str:
    """« décembre 2026 »."""
    return format_date(value, "MMMM y", locale=_locale(language))


def clock_time(value: datetime, *, zone: tzinfo) -> str:
    """« 14:32 », in the company's time zone. `value` is aware."""
    local = value.astimezone(zone)
    return f"{local.hour}:{local.minute:02}"


def moment(value: datetime, *, now: datetime, zone: tzinfo, language: str) -> str:
    """« 9:12 » today, « hier 9:12 », « mardi 9:12 » within six days, else « 3 décembre 9:12 ». Both are aware."""
    local, today = value.astimezone(zone), now.astimezone(zone).date()
    time = clock_time(value, zone=zone)
    age = today - local.date()
    if age == timedelta(0):
        return time
    if age == timedelta(1):
        return f"{'yesterday' if language == 'en' else 'hier'} {time}"
    if timedelta(0) < age < timedelta(7):
        return f"{format_datetime(local, 'EEEE', tzinfo=zone, locale=_locale(language))} {time}"
    return f"{day_near(local.date(), today=today, language=language)} {time}"


def byte_size(size: int, *, language: str) -> str:
    """« 1,2 Mo »: decimal units, as mailboxes count."""
    unit = "B" if language == "en" else "o"
    if size < 1000:
        return f"{size}{NBSP}{unit}"
    if size < 1_000_000:
        return f"{quantity(Decimal(-(-size // 1000)), language=language)}{NBSP}k{unit}"
    millions = (Decimal(size) / 1_000_000).quantize(Decimal("0.1"))
    return f"{quantity(millions, language=language)}{NBSP}M{unit}"


def phone(number: str) -> str:
    """« 06 12 34 56 78 » for a French number, typed or E.164; any other is returned as it is."""
    compact = number.translate(str.maketrans("", "", " .-()\u00a0\u202f"))
    if compact.startswith("+330"):
        compact = compact[3:]
    elif compact.startswith("+33"):
        compact = "0" + compact[3:]
    if len(compact) == 10 and compact.startswith("0") and compact.isdecimal():
        return _grouped(compact, 2)
    return number


def iban(value: str) -> str:
    """« FR76 3000 6000 0112 3456 7890 189 »."""
    return _grouped(_compact(value).upper(), 4)


def siren(value: str) -> str:
    """« 732 829 320 », and « 732 829 320 00074 » for a SIRET; anything else is returned as it is."""
    compact = _compact(value)
    if len(compact) not in (9, 14) or not compact.isdecimal():
        return value
    return NBSP.join(filter(None, (compact[:3], compact[3:6], compact[6:9], compact[9:])))


def _locale(language: str) -> str:
    return _LOCALES.get(language[:2], "fr_FR")


def _pattern(language: str, decimals: int, *, currency: str = "") -> str:
    """A CLDR number pattern with exactly `decimals` decimals."""
    number = "#,##0" + ("." + "0" * decimals if decimals else "")
    if not currency:
        return number
    return f"{currency}{number}" if _locale(language) == "en_GB" else f"{number}{NBSP}{currency}"


def _signed(text: str, *, plus: bool = False) -> str:
    return "+" + text if plus else text.replace("-", MINUS)


def _first(text: str, value: date, language: str) -> str:
    """French says « 1er décembre » and « 2 décembre »."""
    if value.day == 1 and _locale(language) == "fr_FR":
        return text.replace("1 ", "1er ", 1)
    return text


def _compact(value: str) -> str:
    return "".join(value.split())


def _grouped(text: str, size: int) -> str:
    return NBSP.join(text[start : start + size] for start in range(0, len(text), size))


def nth(rank: int, *, language: str) -> str:
    """« 1re », « 2e »; « 1st », « 22nd ». Feminine in French: it is said of an *échéance*."""
    if not language.startswith("en"):
        return "1re" if rank == 1 else f"{rank}e"
    if rank % 100 in {11, 12, 13}:
        return f"{rank}th"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank}{ending}"
