"""Invoices of a former tool: a file, or one typed by hand. What they say is read and checked by `invoicing`."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reglo.catalog.vat_rates import rates_on
from reglo.companies.models import Company
from reglo.dashboard.forms.figures import AmountField
from reglo.invoicing.opening_rows import OpeningRow, vat_within
from reglo.money import Money

LARGEST_FILE = 2_000_000


class PaperForm(forms.Form):
    paper = forms.FileField(label=_("Fichier PDF"), widget=forms.FileInput(attrs={"accept": "application/pdf"}))


class OpeningFileForm(forms.Form):
    """The file, or its text: the second page sends back what the first one read."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("Fichier CSV"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=_("Exporté de votre ancien logiciel ou de votre tableur, une facture par ligne."),
    )
    text = forms.CharField(
        label=_("Ou collez les lignes ici"),
        required=False,
        strip=False,
        max_length=LARGEST_FILE,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("Avec la ligne de titres."),
    )
    name = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file:
            if file.size > LARGEST_FILE:
                raise ValidationError({"file": _("Ce fichier est trop grand : 2 Mo au plus.")})
            cleaned["text"], cleaned["name"] = decoded(file.read()), file.name[:200]
        if not (cleaned.get("text") or "").strip() and not self.errors:
            raise ValidationError({"file": _("Choisissez un fichier, ou collez ses lignes.")})
        return cleaned


class OpeningForm(forms.Form):
    """One invoice, typed."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    number = forms.CharField(label=_("Numéro"), max_length=35, help_text=_("Tel qu’il est sur la facture."))
    customer_name = forms.CharField(
        label=_("Client"), max_length=200, help_text=_("Reconnu par son SIREN, son e-mail ou son nom ; sinon créé.")
    )
    siren = forms.CharField(label="SIREN", max_length=20, required=False)
    email = forms.CharField(label=_("Adresse e-mail"), max_length=254, required=False, widget=forms.EmailInput)
    issue_date = forms.DateField(
        label=_("Date de la facture"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    due_date = forms.DateField(label=_("Échéance"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    total = AmountField(label=_("Total"))
    remaining = AmountField(label=_("Reste à payer"))
    vat = AmountField(
        label=_("TVA à l’encaissement dans ce reste"),
        required=False,
        help_text=_("La TVA sur les services que vous ne devez qu’une fois payé ; rien si elle est déjà déclarée."),
    )
    vat_rate = forms.ChoiceField(label=_("Taux de cette TVA"), required=False)

    def __init__(self, *args: Any, company: Company, today: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.rates = [rate for rate in rates_on(today) if rate]
        rates = self.fields["vat_rate"]
        assert isinstance(rates, forms.ChoiceField), "declared so"
        rates.choices = [("", "—"), *((str(rate), f"{rate} %".replace(".", ",")) for rate in self.rates)]

    def row(self) -> OpeningRow:
        typed = self.cleaned_data
        vat: Money | None = typed["vat"]
        rate = next((rate for rate in self.rates if str(rate) == typed["vat_rate"]), None)
        remaining: int = typed["remaining"].minor
        if vat and rate is None:
            rate = next((one for one in self.rates if abs(vat_within(remaining, one) - vat.minor) <= 1), None)
        return OpeningRow(
            line=1,
            number=typed["number"].strip(),
            issue_date=typed["issue_date"],
            due_date=typed["due_date"],
            customer_name=" ".join(typed["customer_name"].split()),
            total_minor=typed["total"].minor,
            remaining_minor=remaining,
            siren="".join(typed["siren"].split()),
            email=typed["email"].strip(),
            vat_minor=vat.minor if vat and rate else 0,
            vat_rate=rate if vat and rate else self.rates[0] * 0,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        vat, remaining = cleaned.get("vat"), cleaned.get("remaining")
        whole = remaining.minor if remaining else 0
        of_the_whole = vat and any(abs(vat_within(whole, rate) - vat.minor) <= 1 for rate in self.rates)
        if vat and remaining and not cleaned.get("vat_rate") and not of_the_whole:
            self.add_error("vat_rate", _("Indiquez le taux de cette TVA : elle n’est pas celle de tout le reste."))
        return cleaned


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8, or what spreadsheets on Windows still write."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
