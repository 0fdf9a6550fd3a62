"""Joining, inviting, and what a member may do: the shape of what is typed."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import User
from reglo.companies.states import Role

ROLES = (
    (Role.OWNER.value, _("Gérant : tout, y compris les réglages et les personnes")),
    (Role.MEMBER.value, _("Collaborateur : les devis, les brouillons de factures et les envois")),
    (Role.ACCOUNTANT.value, _("Comptable : lire et exporter, sans rien modifier")),
)


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Mot de passe"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("15 caractères au moins : une phrase est plus facile à retenir qu’un code."),
        error_messages={"required": _("Choisissez un mot de passe d’au moins 15 caractères.")},
    )

    def __init__(self, *args: Any, person: User | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password:
            password_validation.validate_password(password, self.person or self._newcomer())
        return password

    def _newcomer(self) -> User:
        return User(email=self.data.get("email", ""), name=self.data.get("name", ""))


class JoinForm(NewPasswordForm):
    """An account for somebody new: by password, or by passkey (`by_passkey`) and then without password."""

    name = forms.CharField(
        label=_("Votre nom"),
        max_length=150,
        error_messages={"required": _("Indiquez votre nom.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Votre adresse e-mail"),
        error_messages={"required": _("Indiquez votre adresse e-mail.")},
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    field_order = ("name", "email", "password")

    def __init__(self, *args: Any, invited_address: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["password"].required = not self.by_passkey
        if invited_address:
            self.fields["email"].disabled = True
            self.initial["email"] = invited_address

    @property
    def by_passkey(self) -> bool:
        return self.data.get("with") == "passkey"


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Rôle"), choices=ROLES, widget=forms.RadioSelect, initial=Role.MEMBER.value)
    may_finalise = forms.BooleanField(
        label=_("Ce collaborateur peut finaliser les factures"),
        required=False,
        help_text=_("Une facture finalisée reçoit son numéro et ne peut plus être modifiée."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "role" in cleaned:
            cleaned["role"] = Role(cleaned["role"])
        return cleaned


class InvitationForm(RoleForm):
    email = forms.EmailField(
        label=_("Adresse e-mail"),
        error_messages={"required": _("Indiquez l’adresse de la personne que vous invitez.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("email", "role", "may_finalise")

    def refuse(self, error: Exception) -> None:
        """Say beside the address why the verb refused it."""
        self.add_error("email", ValidationError(str(error)))


class AccountForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("name", "alerted")
        labels = {"name": _("Votre nom"), "alerted": _("Alertes par e-mail")}
        help_texts = {
            "alerted": _(
                "Paiement contesté, virement ou remboursement échoué, clé refusée, "
                "et l’empreinte du jour de vos documents : pour les entreprises dont vous êtes gérant."
            )
        }
        widgets = {"alerted": forms.CheckboxInput(attrs={"role": "switch"})}
