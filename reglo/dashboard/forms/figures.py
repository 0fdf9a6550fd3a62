"""Numbers as a person types them in French: « 1 240,50 », « 1240.5 », « 1 240,50 € »."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import DecimalValidator, MaxValueValidator, MinValueValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reglo.money import Money

# Spaces of every width, and the signs that people add to a figure.
_ORNAMENTS = re.compile("[\\s\u00a0\u202f\u2009€%]")
_ENGLISH_THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII)
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)", re.ASCII)


def chosen_rate(text: str) -> Decimal:
    """A rate of a list of choices, posted back. Raises ValueError, as forms expect, and not an error of Decimal's."""
    try:
        rate = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if not rate.is_finite():  # « sNaN » raises wherever it is compared
        raise ValueError(text)
    return rate


class FigureField(forms.Field):
    """A `Decimal`, None when left empty. Neither exponents, nor NaN, nor the digits of other scripts are numbers here.

    At most `max_digits` digits, of which `decimal_places` after the mark; a value shows `shown_decimals` at least.
    """

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Écrivez un nombre, par exemple 1 240,50."),
        "max_digits": _("Ce nombre est trop grand."),
        "max_whole_digits": _("Ce nombre est trop grand."),
        "max_decimal_places": _("Ce nombre a trop de décimales."),
    }

    def __init__(
        self,
        *,
        max_digits: int,
        decimal_places: int,
        min_value: Decimal | None = None,
        max_value: Decimal | None = None,
        shown_decimals: int = 0,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.shown_decimals = shown_decimals
        self.validators.append(DecimalValidator(max_digits, decimal_places))
        if min_value is not None:
            self.validators.append(MinValueValidator(min_value))
        if max_value is not None:
            self.validators.append(MaxValueValidator(max_value))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> Any:
        text = _ORNAMENTS.sub("", str(value or "")).replace("\u2212", "-")
        if not text:
            return None
        number = _with_point(text)
        if not _NUMBER.fullmatch(number):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return Decimal(number)

    def prepare_value(self, value: Any) -> Any:
        return typed(value, self.shown_decimals) if isinstance(value, Decimal) else value


class AmountField(FigureField):
    """An amount of money, zero or more, typed in major units of `currency`. Its value is a `Money`."""

    default_error_messages = {
        "max_whole_digits": _("Ce montant est trop grand."),
        "max_digits": _("Ce montant est trop grand."),
        "max_decimal_places": _("Écrivez au plus deux décimales, par exemple 1 240,50."),
        "min_value": _("Indiquez un montant positif."),
    }

    def __init__(self, *, currency: str = "EUR", **options: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, min_value=Decimal(0), shown_decimals=2, **options)
        self.currency = currency

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return None if number is None else Money.from_decimal(number, self.currency)

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(value.to_decimal() if isinstance(value, Money) else value)


def typed(value: Decimal, decimals: int = 0) -> str:
    """`value` as it would be typed in the language of the page, exactly, with at least `decimals` decimals."""
    exact = max(decimals, -int(value.normalize().as_tuple().exponent))
    text = f"{value:,.{exact}f}".replace(",", "\u202f")
    return text if (get_language() or "fr").startswith("en") else text.replace(".", ",")


def _with_point(text: str) -> str:
    """`text` with its decimal mark as a point: of two different marks the last one, and the other parts thousands.

    "1,240" is 1.24 to a French reader and 1240 to an English one.
    """
    if (get_language() or "fr").startswith("en") and _ENGLISH_THOUSANDS.fullmatch(text):
        return text.replace(",", "")
    mark = max(text.rfind(","), text.rfind("."))
    if mark < 0 or text.count(text[mark]) > 1:
        return text.replace(",", "")
    return f"{text[:mark].replace(',', '').replace('.', '')}.{text[mark + 1 :]}"
