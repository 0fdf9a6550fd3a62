"""allauth's forms with the words that the rest of the product uses, and no placeholder that repeats a label."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from django import forms
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("Adresse e-mail"),
    "email": _("Adresse e-mail"),
    "password": _("Mot de passe"),
    "oldpassword": _("Mot de passe actuel"),
    "password1": _("Nouveau mot de passe"),
    "password2": _("Nouveau mot de passe, une deuxième fois"),
    "code": _("Code"),
}
WANTED = {
    "login": _("Indiquez l’adresse e-mail de votre compte."),
    "email": _("Indiquez l’adresse e-mail de votre compte."),
    "code": _("Tapez le code à six chiffres de votre application, ou un code de secours."),
}


class InOurWords(forms.Form):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            field.error_messages["required"] = WANTED.get(name, _("Tapez votre mot de passe."))


class LoginForm(InOurWords, account.LoginForm):  # type: ignore[misc]  # allauth is untyped
    pass


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):  # type: ignore[misc]  # allauth is untyped
    pass


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):  # type: ignore[misc]  # allauth is untyped
    pass


class ResetPasswordKeyForm(InOurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]  # allauth is untyped
    pass


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):  # type: ignore[misc]  # allauth is untyped
    pass


class SetPasswordForm(InOurWords, account.SetPasswordForm):  # type: ignore[misc]  # allauth is untyped
    pass


class AuthenticateForm(InOurWords, second_factor.AuthenticateForm):  # type: ignore[misc]  # allauth is untyped
    pass


class ReauthenticateByCodeForm(InOurWords, second_factor.ReauthenticateForm):  # type: ignore[misc]  # allauth is untyped
    pass


class ActivateTotpForm(InOurWords, totp.ActivateTOTPForm):  # type: ignore[misc]  # allauth is untyped
    pass
