"""`{% load reglo_ui %}`: the formats of `reglo.ui.formats` in the language of the page."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from heroicons.templatetags.heroicons import heroicon_outline

from reglo.money import Money
from reglo.ports import clock
from reglo.ui import formats, sheets
from reglo.ui.error_links import ErrorLink, links_to_errors

register = template.Library()
NUMBER = re.compile(r"\b[A-Z0-9]+(?:-[A-Z0-9]+)*-\d+\b")


@register.filter
def amount(money: Money | None) -> str:
    """`{{ invoice.total|amount }}` → « 1 240,00 € »; nothing for None."""
    return "" if money is None else formats.amount(money, language=_language())


@register.filter
def signed_amount(money: Money | None) -> str:
    """`{{ line.balance|signed_amount }}` → « +1 240,00 € »."""
    return "" if money is None else formats.amount(money, language=_language(), sign=True)


@register.filter
def bare_amount(money: Money | None) -> str:
    """`{{ line.total|bare_amount }}` → « 1 240,00 »."""
    return "" if money is None else formats.bare_amount(money, language=_language())


@register.filter
def machine_amount(money: Money) -> str:
    """`<data value="{{ total|machine_amount }}">` → « 1240.00 »."""
    return str(money.to_decimal())


@register.filter
def quantity(value: Decimal | int | None) -> str:
    """`{{ line.quantity|quantity }}` → « 2,5 »."""
    return "" if value is None else formats.quantity(Decimal(value), language=_language())


@register.filter
def rate(percent: Decimal | int | None) -> str:
    """`{{ line.vat_rate|rate }}` → « 5,5 % »."""
    return "" if percent is None else formats.rate(Decimal(percent), language=_language())


@register.filter
def day(value: date | None) -> str:
    """`{{ invoice.issued_on|day }}` → « 3 décembre 2026 »."""
    return "" if value is None else formats.day(_date(value), language=_language())


@register.filter
def nth(rank: int) -> str:
    """`{{ instalment.rank|nth }}` → « 1re », « 2e »: of something feminine; in English « 1st », « 2nd »."""
    return formats.nth(rank, language=_language())


@register.filter
def unlocalized(number: int) -> str:
    """A number for a machine: no space between its digits."""
    return str(number)


@register.filter
def day_near(value: date | None) -> str:
    """`{{ invoice.due_on|day_near }}` → « 15 décembre », with its year when it is not this one."""
    if value is None:
        return ""
    today = clock.now().astimezone(timezone.get_current_timezone()).date()
    return formats.day_near(_date(value), today=today, language=_language())


@register.filter
def day_short(value: date | None) -> str:
    """`{{ invoice.due_on|day_short }}` → « 15/12/2026 »."""
    return "" if value is None else formats.day_short(_date(value), language=_language())


@register.filter
def month(value: date | None) -> str:
    """`{{ page.month|month }}` → « décembre 2026 »."""
    return "" if value is None else formats.month(_date(value), language=_language())


@register.filter
def clock_time(value: datetime | None) -> str:
    """`Enregistré à {{ draft.saved_at|clock_time }}` → « Enregistré à 14:32 »."""
    return "" if value is None else formats.clock_time(value, zone=timezone.get_current_timezone())


@register.filter
def moment(value: datetime | None) -> str:
    """`Lien consulté {{ event.at|moment }}` → « Lien consulté mardi 9:12 »."""
    if value is None:
        return ""
    zone = timezone.get_current_timezone()
    return formats.moment(value, now=clock.now(), zone=zone, language=_language())


@register.filter
def byte_size(size: int) -> str:
    """`{{ file.size|byte_size }}` → « 1,2 Mo »."""
    return formats.byte_size(size, language=_language())


@register.filter
def unbroken(words: str) -> SafeString:
    """`{{ title|unbroken }}`: the words, whose document numbers (ESSAI-F2026-0143) are not cut at their hyphens."""
    return SafeString(NUMBER.sub(r'<span class="unbroken">\g<0></span>', conditional_escape(words)))


@register.filter
def phone(number: str) -> str:
    """`{{ customer.phone|phone }}` → « 06 12 34 56 78 »."""
    return formats.phone(number)


@register.filter
def iban(value: str) -> str:
    """`{{ company.iban|iban }}` → « FR76 3000 6000 … »."""
    return formats.iban(value)


@register.filter
def siren(value: str) -> str:
    """`{{ company.siren|siren }}` → « 732 829 320 »."""
    return formats.siren(value)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """A field that is one box (or one switch): its label stands beside it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_switch(field: BoundField) -> bool:
    """A box whose widget says `role="switch"`: it turns something on."""
    return is_checkbox(field) and field.field.widget.attrs.get("role") == "switch"


@register.simple_tag
def icon(name: str) -> SafeString:
    """`{% icon "wrench" %}`, what `<c-icon>` draws: an outline heroicon, silent for screen readers."""
    return _icon(name)


@register.simple_tag
def error_links(form: BaseForm | str, forms: Iterable[BaseForm]) -> list[ErrorLink]:
    """Every error of a page with the field it belongs to, for `<c-error-summary>`."""
    every = [*([form] if isinstance(form, BaseForm) else []), *forms]
    return [link for one in every for link in links_to_errors(one)]


@register.simple_tag
def stylesheets(kind: str) -> SafeString:
    """`{% stylesheets "portal" %}`: the links of `reglo.ui.sheets`."""
    paths = sheets.style_paths(kind)
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(path),) for path in paths))


@register.simple_tag
def scripts(kind: str) -> SafeString:
    """`{% scripts "portal" %}`: the deferred scripts of `reglo.ui.sheets`."""
    paths = sheets.script_paths(kind)
    return format_html_join("\n", '<script src="{}" defer></script>', ((static(path),) for path in paths))


@lru_cache(maxsize=256)
def _icon(name: str) -> SafeString:
    """A list repeats the same icons on every line: each is drawn once per process."""
    return SafeString(heroicon_outline(name, size=20, **{"class": "icon", "aria_hidden": "true"}).replace("\n", ""))


def _language() -> str:
    return get_language() or "fr"


def _date(value: date) -> date:
    """The day of an instant is the day in the company's time zone."""
    if isinstance(value, datetime):
        return value.astimezone(timezone.get_current_timezone()).date()
    return value
