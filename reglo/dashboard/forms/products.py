"""An article of the catalogue."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reglo.catalog.models import Product
from reglo.companies.models import Company
from reglo.dashboard.drafting import today_of
from reglo.dashboard.forms.figures import FigureField
from reglo.dashboard.forms.printable import printable
from reglo.dashboard.forms.vat_choice import VatField, token_of_line, vat_choices
from reglo.ports import clock


class ProductForm(forms.ModelForm[Product]):
    unit_price = FigureField(
        label=_("Prix unitaire"),
        max_digits=17,
        decimal_places=4,
        shown_decimals=2,
        min_value=Decimal(0),
        error_messages={"min_value": _("Le prix ne peut pas être négatif.")},
    )
    vat_rate = VatField()

    class Meta:
        model = Product
        fields = ("description", "nature", "unit", "unit_price", "price_includes_vat", "vat_rate")
        widgets = {"nature": forms.RadioSelect, "description": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, company: Company, **options: Any) -> None:
        super().__init__(*args, **options)
        if company.charges_vat:
            field = self.fields["vat_rate"]
            assert isinstance(field, VatField)
            stored = token_of_line(self.instance) if self.instance.pk else ""
            field.offer(vat_choices(company, day=today_of(company, clock.now())), kept=stored)
            self.initial["vat_rate"] = stored or None
        else:
            del self.fields["vat_rate"], self.fields["price_includes_vat"]
            self.instance.vat_rate = Decimal(0)
        for name in ("description", "unit"):
            self.fields[name].validators.append(printable)

    def clean(self) -> dict[str, Any]:
        """The choice is three columns; the rate of another country is that of each customer."""
        cleaned = super().clean() or {}
        if vat := cleaned.get("vat_rate"):
            cleaned["vat_rate"] = vat.rate
            self.instance.vat_category, self.instance.exemption = vat.category, vat.exemption
        return cleaned
