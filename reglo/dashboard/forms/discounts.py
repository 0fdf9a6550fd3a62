"""A discount as it is typed: a number, and whether it is a percentage or an amount."""

from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_symbol
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reglo.dashboard.forms.figures import FigureField
from reglo.money import Money

PERCENT, AMOUNT = "percent", "amount"


class DiscountFields(forms.Form):
    """Two fields for a form whose line or document may have a discount."""

    discount = FigureField(
        label=_("Remise"),
        required=False,
        max_digits=12,
        decimal_places=2,
        min_value=Decimal(0),
        error_messages={
            "min_value": _("Indiquez un montant positif."),
            "max_decimal_places": _("Écrivez au plus deux décimales, par exemple 1 240,50."),
        },
    )
    discount_unit = forms.ChoiceField(
        label=_("Remise en pourcentage ou en montant"),
        required=False,
        choices=[(PERCENT, "%"), (AMOUNT, "€")],
        initial=PERCENT,
    )

    def name_discount_units(self, currency: str) -> None:
        field = self.fields.get("discount_unit")
        if isinstance(field, forms.ChoiceField):
            field.widget.attrs["aria-label"] = str(field.label)
            field.choices = [(PERCENT, "%"), (AMOUNT, get_currency_symbol(currency, locale="fr"))]

    def clean_discount(self) -> Decimal | None:
        """A percentage is at most 100; which of the two it is stands in a field that comes later."""
        typed: Decimal | None = self.cleaned_data["discount"]
        unit: Any = self.data.get(self.add_prefix("discount_unit"))
        if typed is not None and unit != AMOUNT and typed > 100:
            raise ValidationError(_("Indiquez une remise entre 0 et 100 %."))
        return typed

    def discount_typed(self) -> tuple[Decimal | None, int | None]:
        """Percent and minor units, one at most."""
        typed: Decimal | None = self.cleaned_data.get("discount")
        if not typed:
            return None, None
        if self.cleaned_data.get("discount_unit") == AMOUNT:
            return None, Money.from_decimal(typed, self.currency).minor
        return typed, None

    currency = "EUR"
