"""How numbers are spelled, and where a series begins. Shape only; the verbs refuse."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reglo.invoicing.numbering import Spelling
from reglo.invoicing.services.start_series import LARGEST_FIRST, LONGEST_REASON


class SeriesFormatForm(forms.Form):
    """`spelling` is the format in force; `effective_date` defaults to `today`."""

    pattern = forms.CharField(
        label=_("Préfixe"),
        max_length=40,
        required=False,
        help_text=_(
            "{AAAA} ou {AA} devient l’année, {MM} le mois. Sans année, une seule suite continue. "
            "Lettres, chiffres et + - _ / seulement."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    digits = forms.IntegerField(
        label=_("Nombre de chiffres"), help_text=_("De 4 à 10 ; il en vient d’autres au besoin.")
    )
    effective_date = forms.DateField(
        label=_("À partir du"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Aujourd’hui ou plus tard : ce qui est émis garde son numéro."),
    )
    shared = forms.BooleanField(label=_("Partager la même suite"), required=False)

    def __init__(self, *args: Any, spelling: Spelling, today: date, **options: Any) -> None:
        initial = {"pattern": spelling.pattern, "digits": spelling.digits, "effective_date": today}
        super().__init__(*args, **{**options, "initial": initial})


class SeriesStartForm(forms.Form):
    """`confirmed` is set by the second page, which repeats what is going to be for ever."""

    first_number = forms.IntegerField(
        label=_("Premier numéro"), min_value=1, max_value=LARGEST_FIRST, help_text=_("Par exemple 143.")
    )
    reason = forms.CharField(
        label=_("Pourquoi"),
        max_length=LONGEST_REASON,
        help_text=_("Par exemple : suite d’Axonaut F2026-0142. Ce motif est gardé."),
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)
