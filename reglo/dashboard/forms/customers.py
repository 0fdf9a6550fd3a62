"""A customer's file."""

from functools import cache
from typing import Any

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from stdnum.eu import vat
from stdnum.exceptions import ValidationError as NumberWrong

from reglo.companies.states import USUAL_TERMS
from reglo.customers.models import Customer, CustomerKind, Language
from reglo.dashboard.forms.printable import printable
from reglo.invoicing.issue_check import is_siren
from reglo.invoicing.terms import COUNTED_IN_DAYS, MOST_DAYS

PRINTED = (
    "name",
    "contact_name",
    "service",
    "order_reference",
    "email",
    "phone",
    "address",
    "address_more",
    "postal_code",
    "city",
)


class CustomerForm(forms.ModelForm[Customer]):
    class Meta:
        model = Customer
        fields = (
            "kind",
            "name",
            "siren",
            "vat_number",
            "contact_name",
            "service",
            "email",
            "phone",
            "address",
            "address_more",
            "postal_code",
            "city",
            "country",
            "language",
            "order_reference",
            "terms_kind",
            "due_days",
            "notes",
        )
        widgets = {
            "kind": forms.RadioSelect,
            "notes": forms.Textarea(attrs={"rows": 3}),
            "siren": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["siren"].max_length = None  # type: ignore[attr-defined] # a field of text has one
        self.fields["siren"] = forms.CharField(
            label="SIREN",
            required=False,
            help_text=_("9 chiffres. Il figure sur la facture d’un professionnel."),
            widget=self.fields["siren"].widget,
        )
        self.fields["siren"].widget.attrs.pop("maxlength", None)
        self.fields["email"].help_text = _("Les factures et les liens de paiement y sont envoyés.")
        self.fields["country"] = forms.ChoiceField(label=_("Pays"), choices=countries(get_language() or "fr"))
        self.fields["language"].required = False  # untold: as it was
        usual = [("", _("Comme l’entreprise")), *((kind.value, kind.label) for kind in USUAL_TERMS)]
        self.fields["terms_kind"] = forms.ChoiceField(label=_("Échéance"), choices=usual, required=False)
        self.fields["due_days"].help_text = _("Proposé sur chaque nouvelle facture de ce client.")
        self.fields["order_reference"].help_text = _(
            "Reprise sur chaque nouveau document : numéro de marché, imputation."
        )
        for name in PRINTED:
            self.fields[name].validators.append(printable)

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or self.instance.language or Language.FRENCH

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("terms_kind")
        if not kind:
            cleaned["due_days"] = None
        elif kind in COUNTED_IN_DAYS and cleaned.get("due_days") is None and "due_days" not in self.errors:
            self.add_error("due_days", _("Indiquez un nombre de jours, par exemple 30."))
        elif (cleaned.get("due_days") or 0) > MOST_DAYS:
            self.add_error("due_days", _("Indiquez un délai entre 0 et 365 jours."))
        return cleaned

    def clean_siren(self) -> str:
        digits = "".join(self.cleaned_data["siren"].split())
        if self.data.get(self.add_prefix("kind")) == CustomerKind.CONSUMER or not digits:
            return ""
        if len(digits) != 9 or not digits.isdecimal():
            raise ValidationError(_("Un SIREN compte 9 chiffres, par exemple 732 829 320."))
        if not is_siren(digits):
            raise ValidationError(_("Ce SIREN n’existe pas : un de ses chiffres est faux. Vérifiez-le."))
        return digits

    def clean_vat_number(self) -> str:
        number = self.cleaned_data["vat_number"].replace(" ", "").upper()
        if not number:
            return ""
        try:
            return str(vat.validate(number))
        except NumberWrong:
            raise ValidationError(_("Ce numéro de TVA est incorrect. Exemple : FR44732829320.")) from None


@cache
def countries(language: str) -> list[tuple[str, str]]:
    """ISO codes and names, France first."""
    names = Locale.parse(language.replace("-", "_")).territories
    countries = {code: name for code, name in names.items() if len(code) == 2 and code not in _NOT_COUNTRIES}
    return sorted(countries.items(), key=lambda pair: (pair[0] != "FR", pair[1]))


_NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
