"""The prepared e-mail, as it may be changed before it leaves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reglo.delivery.services import RecipientRefused


class MessageForm(forms.Form):
    to = forms.CharField(
        label=_("À"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": RecipientRefused.message},
    )
    subject = forms.CharField(label=_("Objet"), error_messages={"required": _("Écrivez un objet.")})
    body = forms.CharField(
        label=_("Message"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": _("Écrivez un message.")},
    )
    attach_pdf = forms.BooleanField(label=_("Joindre le PDF de la facture"), required=False)
