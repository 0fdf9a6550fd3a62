"""How the company stands towards VAT: a change of regime from a date on, and where it sells from."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.companies.states import VatRegime
from reglo.dashboard.forms.company import CompanyForm
from reglo.errors import RegloError


class VatRegimeForm(forms.Form):
    """A change; it begins with what is in force on `today`."""

    regime = forms.ChoiceField(
        label=_("Régime de TVA"),
        choices=VatRegime.choices,
        help_text=_("Votre fiscalité vous l’a indiqué. Dans le doute, demandez à votre comptable."),
    )
    on_debits = forms.BooleanField(
        label=_("Option pour le paiement de la taxe d’après les débits"),
        required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=_("La TVA est due à la facturation plutôt qu’au paiement. Le plus souvent : non."),
    )
    since = forms.DateField(
        label=_("À partir du"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Indiquez la date du changement."),
            "invalid": _("Écrivez une date, par exemple 03/12/2026."),
        },
        help_text=_(
            "Les documents émis avant ne changent pas ; vos brouillons suivent le régime du jour où ils partent."
        ),
    )

    def __init__(self, *args: Any, company: Company, today: date, **options: Any) -> None:
        now = company.vat_on(today)
        usual = {"regime": now.regime, "on_debits": now.on_debits, "since": today}
        options["initial"] = usual
        super().__init__(*args, **options)

    def refuse(self, error: RegloError) -> None:
        """Put the refusal of the verb at its field."""
        self.add_error(error.field or None, ValidationError(str(error), code=error.code))


class VatHabitsForm(CompanyForm):
    """Whose rates, and whether the one-stop shop is used."""

    class Meta:
        model = Company
        fields = ("vat_territory", "oss")
        widgets = {"oss": forms.CheckboxInput(attrs={"role": "switch"})}
        help_texts = {
            "vat_territory": _("Vide : celui de votre code postal."),
            "oss": _(
                "Pour vendre à des particuliers d’autres pays de l’Union européenne avec la TVA de leur pays. Vous "
                "devez y être inscrit auprès de l’administration."
            ),
        }
