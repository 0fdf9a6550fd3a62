"""The company as people fill it in: its identity, its bank account, how it invoices. Shape only; verbs write."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reglo.companies.identifiers import read_siret, vat_number_of
from reglo.companies.models import Company
from reglo.dashboard.forms.identifiers import (
    LogoField,
    bic_field,
    iban_field,
    siren_field,
    vat_number_field,
)
from reglo.dashboard.forms.printable import printable
from reglo.errors import RegloError
from reglo.rendering.accent import check_accent
from reglo.ui import formats

# Where French companies are: each zone by its best known place.
TIME_ZONES = (
    ("Europe/Paris", _("Métropole (Paris)")),
    ("America/Guadeloupe", _("Guadeloupe, Saint-Martin, Saint-Barthélemy")),
    ("America/Martinique", _("Martinique")),
    ("America/Cayenne", _("Guyane")),
    ("Indian/Reunion", _("La Réunion")),
    ("Indian/Mayotte", _("Mayotte")),
    ("America/Miquelon", _("Saint-Pierre-et-Miquelon")),
    ("Pacific/Noumea", _("Nouvelle-Calédonie")),
    ("Pacific/Tahiti", _("Polynésie française (Tahiti)")),
    ("Pacific/Wallis", _("Wallis-et-Futuna")),
)
WANTED = {
    "practice_choice": _("Choisissez l’essai ou le réel."),
    "name": _("Indiquez le nom de votre entreprise."),
    "siren": _("Indiquez votre SIREN : 9 chiffres, sur votre avis de situation Insee."),
    "address": _("Indiquez votre adresse : le numéro et la rue."),
    "postal_code": _("Indiquez votre code postal."),
    "city": _("Indiquez votre ville."),
    "email": _("Indiquez l’adresse e-mail où vos clients vous répondent."),
    "due_days": _("Indiquez un nombre de jours, par exemple 30."),
}
PRINTED = (
    *("name", "share_capital", "rcs_city", "address", "address_more", "postal_code", "city"),
    *("email", "phone", "website", "mediator", "account_holder"),
    *("insurance", "insurance_cover", "rge", "waste_handling", "waste_points", "early_discount"),
)


class CompanyForm(forms.ModelForm[Company]):
    """What every page about the company has in common. `changes` is what the verb is given."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in PRINTED:
            if cleaned.get(name):
                self._refuse(name, printable, cleaned[name])
        return cleaned

    @property
    def changes(self) -> dict[str, Any]:
        """Columns of `Company` with their new values."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or () if name in self.cleaned_data}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.error_messages["required"] = WANTED.get(name, _("À compléter."))

    def _refuse(self, field: str, check: Any, *values: Any, **named: Any) -> Any:
        """What `check` returns; its refusal is put beside `field`, and None returned."""
        try:
            return check(*values, **named)
        except RegloError as error:
            self.add_error(field, ValidationError(str(error), code=error.code))
        except ValidationError as error:
            self.add_error(field, error)
        return None


class IdentityForm(CompanyForm):
    """Who the company is and where. A practice company may leave its numbers out: its documents are worth nothing."""

    siren = siren_field(
        label="SIREN", required=False, help_text=_("9 chiffres. Le numéro de TVA s’en déduit tout seul.")
    )
    vat_number = vat_number_field(label=_("Numéro de TVA"), required=False)
    time_zone = forms.ChoiceField(
        label=_("Fuseau horaire"), choices=TIME_ZONES, help_text=_("Il décide de la date de vos documents.")
    )

    class Meta:
        model = Company
        fields: tuple[str, ...] = (
            *("name", "legal_form", "share_capital", "rcs_city", "siren", "siret", "vat_number"),
            *("address", "address_more", "postal_code", "city", "email", "phone", "website"),
            *("mediator", "time_zone"),
        )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["siren"] = formats.siren(self.instance.siren)
        if not self.practice:
            for name in ("siren", "address", "postal_code", "city", "email"):
                self.fields[name].required = name in self.fields
        self._say_how_to_fill()

    @property
    def practice(self) -> bool:
        return self.instance.practice

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        siren = cleaned.get("siren", "")
        if cleaned.get("siret"):
            cleaned["siret"] = self._refuse("siret", read_siret, cleaned["siret"], siren=siren) or ""
        if siren and not cleaned.get("vat_number") and "vat_number" not in self.errors:
            cleaned["vat_number"] = vat_number_of(siren)
        return cleaned

    def _say_how_to_fill(self) -> None:
        hints = {
            "name": {"autocomplete": "organization"},
            "address": {"autocomplete": "address-line1"},
            "address_more": {"autocomplete": "address-line2"},
            "postal_code": {"autocomplete": "postal-code", "inputmode": "numeric"},
            "city": {"autocomplete": "address-level2"},
            "email": {"autocomplete": "email"},
            "phone": {"autocomplete": "tel"},
            "website": {"autocomplete": "url"},
        }
        for name, attributes in hints.items():
            if name in self.fields:
                self.fields[name].widget.attrs.update(attributes)


class FoundingForm(IdentityForm):
    """The first page of a company: what the others need. Whether it is real is asked here, once."""

    practice_choice = forms.ChoiceField(
        label=_("Cette entreprise est"),
        choices=(
            ("practice", _("Une entreprise d’essai, pour découvrir sans risque")),
            ("real", _("Mon entreprise réelle")),
        ),
        widget=forms.RadioSelect,
        help_text=_(
            "Ce choix est définitif. L’essai numérote ses documents ESSAI-, y imprime SPÉCIMEN et n’encaisse "
            "aucun argent réel ; seul son nom est nécessaire. Une entreprise réelle émet de vraies factures, qu’on ne "
            "peut plus effacer. Vous pourrez créer l’autre ensuite."
        ),
    )

    class Meta(IdentityForm.Meta):
        fields = (
            *("name", "legal_form", "siren", "address", "address_more", "postal_code", "city", "email"),
            *("vat_regime", "time_zone"),
        )

    field_order = ("practice_choice", *Meta.fields)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["vat_number"]  # it follows from the SIREN

    @property
    def practice(self) -> bool:
        return self.data.get("practice_choice") == "practice"

    @property
    def changes(self) -> dict[str, Any]:
        fields = super().changes
        if self.cleaned_data.get("siren"):
            fields["vat_number"] = vat_number_of(self.cleaned_data["siren"])
        return fields


class LookForm(CompanyForm):
    """What the company looks like on paper and on the customer's page."""

    logo_file = LogoField(
        label=_("Logo"),
        required=False,
        help_text=_("PNG, JPEG ou WebP, 5 Mo au plus. Imprimé en haut de vos documents."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    remove_logo = forms.BooleanField(label=_("Retirer le logo"), required=False)

    field_order = ("logo_file", "remove_logo", "accent_colour")

    class Meta:
        model = Company
        fields = ("accent_colour",)
        widgets = {"accent_colour": forms.TextInput(attrs={"type": "color"})}
        help_texts = {"accent_colour": _("Assez foncée pour être lue sur du papier blanc.")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.instance.logo_id:
            del self.fields["remove_logo"]

    def clean_accent_colour(self) -> str:
        colour: str = self.cleaned_data["accent_colour"].lower()
        self._refuse("accent_colour", check_accent, colour)
        return colour


class BankForm(CompanyForm):
    iban = iban_field(
        label="IBAN", required=False, help_text=_("Imprimé sur vos factures pour être payé par virement.")
    )
    bic = bic_field(label="BIC", required=False)

    class Meta:
        model = Company
        fields = ("iban", "bic", "account_holder")
        help_texts = {"account_holder": _("S’il n’est pas le nom de l’entreprise.")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["iban"] = formats.iban(self.instance.iban)


class ReceivingForm(CompanyForm):
    class Meta:
        model = Company
        fields = ("receiving_platform",)
        help_texts = {
            "receiving_platform": _("Le nom de votre plateforme agréée, ou celui de la solution qui s’en charge.")
        }
