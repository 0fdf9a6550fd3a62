"""What every new document proposes: prices, delay, penalties, mentions."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.companies.states import USUAL_TERMS
from reglo.dashboard.forms.company import CompanyForm
from reglo.dashboard.forms.figures import FigureField
from reglo.dashboard.forms.printable import printable


class BillingForm(CompanyForm):
    terms_kind = forms.ChoiceField(
        label=_("Échéance"),
        choices=[(kind.value, kind.label) for kind in USUAL_TERMS],
        required=False,  # untold: as it was
        help_text=_("« Fin de mois » se compte de deux façons, toutes deux admises : choisissez la vôtre."),
    )
    due_days = forms.IntegerField(
        label=_("Délai de paiement, en jours"),
        min_value=0,
        max_value=365,
        help_text=_("Entre professionnels, la loi permet 60 jours au plus, ou 45 jours fin de mois."),
    )
    late_penalty_rate = FigureField(
        label=_("Pénalités de retard, en % par an"),
        required=False,
        max_digits=5,
        decimal_places=2,
        min_value=Decimal(0),
        help_text=_("Vide : le taux légal par défaut, celui de la BCE majoré de 10 points."),
    )

    class Meta:
        model = Company
        fields = ("prices_include_vat", "terms_kind", "due_days", "late_penalty_rate", "early_discount", "mention")
        widgets = {
            "prices_include_vat": forms.CheckboxInput(attrs={"role": "switch"}),
            "mention": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "early_discount": _(
                "Par exemple « deux pour cent sous huit jours ». Vide : vos factures disent qu’il n’y en a pas."
            ),
            "mention": _("Imprimées en bas de chaque nouvelle facture, modifiables sur chacune."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.instance.charges_vat:
            del self.fields["prices_include_vat"]  # without VAT there is nothing to include in a price

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["terms_kind"] = cleaned.get("terms_kind") or self.instance.terms_kind
        if cleaned.get("mention"):
            self._refuse("mention", printable, cleaned["mention"])
        return cleaned
