"""What the company does that the law asks more of, and the insurance that goes with it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.companies.states import Trade
from reglo.dashboard.forms.company import CompanyForm


class TradesForm(CompanyForm):
    trades = forms.MultipleChoiceField(
        label=_("Vos métiers"),
        choices=Trade.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Ils décident des mentions que la loi demande sur vos devis et vos factures. Aucun : laissez vide."
        ),
    )

    class Meta:
        model = Company
        fields = ("trades", "insurance", "insurance_cover", "rge", "waste_handling", "waste_points")
        help_texts = {
            "insurance": _("Le nom et les coordonnées de l’assureur, et le numéro du contrat."),
            "insurance_cover": _("Où l’assurance vous couvre, par exemple « France métropolitaine »."),
            "rge": _("L’organisme et le numéro, si vous êtes reconnu garant de l’environnement."),
            "waste_handling": _("Proposé sur vos devis de travaux : comment les déchets sont triés et enlevés."),
            "waste_points": _("Proposé sur vos devis de travaux : le nom, l’adresse et le type du point de collecte."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["trades"] = [trade for trade in self.instance.trades.split(",") if trade]

    def clean_trades(self) -> str:
        """As the column keeps them."""
        return ",".join(self.cleaned_data["trades"])
