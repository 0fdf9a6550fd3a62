"""The day on which a payout stood on the bank statement."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReceivedForm(forms.Form):
    received_on = forms.DateField(
        label=_("Date sur le relevé"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Écrivez une date, par exemple 03/12/2026.")},
    )
