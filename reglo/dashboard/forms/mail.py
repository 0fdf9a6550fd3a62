"""The server that takes the company's e-mails, as typed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reglo.delivery.services import MailSettingsInput
from reglo.delivery.states import Security


class MailForm(forms.Form):
    """The password is never shown again; left empty, the one known is kept."""

    host = forms.CharField(
        label=_("Serveur SMTP"), max_length=200, help_text=_("Votre hébergeur l’indique, par exemple smtp.exemple.fr.")
    )
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    security = forms.ChoiceField(label=_("Chiffrement"), choices=Security.choices)
    username = forms.CharField(label=_("Identifiant"), max_length=200, required=False)
    password = forms.CharField(
        label=_("Mot de passe"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    from_address = forms.CharField(label=_("Adresse d’expédition"), widget=forms.EmailInput)
    from_name = forms.CharField(label=_("Nom de l’expéditeur"), max_length=100, required=False)

    def typed(self) -> MailSettingsInput:
        typed = self.cleaned_data
        return MailSettingsInput(
            host=typed["host"],
            port=typed["port"],
            security=Security(typed["security"]),
            username=typed["username"],
            password=typed["password"] or None,
            from_address=typed["from_address"],
            from_name=typed["from_name"],
        )
