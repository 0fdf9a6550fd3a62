"""The prepared e-mail, as it may be changed before it leaves."""

from django import forms
from django.utils.translation import gettext_lazy as _


class MessageForm(forms.Form):
    to = forms.CharField(
        label=_("À"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}), required=False
    )
    subject = forms.CharField(label=_("Objet"), required=False)
    body = forms.CharField(label=_("Message"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 12}))
    attach_pdf = forms.BooleanField(label=_("Joindre le PDF de la facture"), required=False)
