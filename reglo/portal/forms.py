"""What a visitor types from the paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reglo.money import Money
from reglo.portal.found_invoices import printed_number
from reglo.portal.typed_amounts import typed_amount


class PrintedInvoiceForm(forms.Form):
    """`total` becomes a Money, `number` as we print it. `siren` is asked only where it is needed."""

    number = forms.CharField(
        label=_("Numéro de la facture"),
        max_length=60,
        help_text=_("En haut à droite, par exemple F2026-0143."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    total = forms.CharField(
        label=_("Montant total"),
        max_length=30,
        help_text=_("Tel qu’il est imprimé, par exemple 1 240,00."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal"}),
    )
    siren = forms.CharField(
        label=_("SIREN du vendeur"),
        required=False,
        max_length=20,
        help_text=_("9 chiffres, en bas de la facture."),
        widget=forms.HiddenInput(),
    )

    def ask_siren(self) -> None:
        """Several sellers number alike: the visitor says which."""
        field = self.fields["siren"]
        field.widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"})
        self.add_error("siren", _("Indiquez aussi le SIREN du vendeur : deux vendeurs ont une facture de ce numéro."))

    def clean_number(self) -> str:
        return printed_number(self.cleaned_data["number"])

    def clean_total(self) -> Money:
        total = typed_amount(self.cleaned_data["total"])
        if total is None:
            raise forms.ValidationError(_("Tapez un montant, par exemple 1 240,00."))
        return total

    def clean_siren(self) -> str:
        return "".join(self.cleaned_data["siren"].split())


class VerificationForm(PrintedInvoiceForm):
    """By number and amount, or by the file itself: the browser must not insist on the first two."""

    use_required_attribute = False
    file = forms.FileField(
        label=_("Le fichier PDF de la facture"), required=False, widget=forms.FileInput(attrs={"accept": ".pdf"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.files:
            self.fields["number"].required = self.fields["total"].required = False

    def clean_total(self) -> Any:
        return super().clean_total() if self.cleaned_data["total"] else None
