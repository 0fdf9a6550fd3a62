"""An article of the catalogue."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reglo.catalog.models import Product
from reglo.catalog.vat_rates import rates_on
from reglo.companies.models import Company
from reglo.dashboard.drafting import today_of
from reglo.dashboard.forms.figures import FigureField, chosen_rate
from reglo.dashboard.forms.printable import printable
from reglo.invoicing.content import plain
from reglo.ports import clock
from reglo.ui import formats


class ProductForm(forms.ModelForm[Product]):
    unit_price = FigureField(
        label=_("Prix unitaire"),
        max_digits=17,
        decimal_places=4,
        shown_decimals=2,
        min_value=Decimal(0),
        error_messages={"min_value": _("Le prix ne peut pas être négatif.")},
    )
    vat_rate = forms.TypedChoiceField(label=_("TVA"), coerce=chosen_rate)

    class Meta:
        model = Product
        fields = ("description", "nature", "unit", "unit_price", "price_includes_vat", "vat_rate")
        widgets = {"nature": forms.RadioSelect, "description": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, company: Company, **options: Any) -> None:
        super().__init__(*args, **options)
        if company.charges_vat:
            rate = self.fields["vat_rate"]
            assert isinstance(rate, forms.ChoiceField)
            language, rates = get_language() or "fr", rates_on(today_of(company, clock.now()))
            rate.choices = [(plain(one), formats.rate(one, language=language)) for one in rates]
            if self.instance.pk:
                self.initial["vat_rate"] = plain(self.instance.vat_rate)
        else:
            del self.fields["vat_rate"], self.fields["price_includes_vat"]
            self.instance.vat_rate = Decimal(0)
        for name in ("description", "unit"):
            self.fields[name].validators.append(printable)
