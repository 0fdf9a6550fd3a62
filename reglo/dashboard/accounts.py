"""What we ask of django-allauth: no open registration, one fixed public address, second factors sealed."""

import logging
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import perform_login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reglo import secrets
from reglo.companies.models import Membership, User
from reglo.delivery.mail import sender
from reglo.delivery.models import MailSettings
from reglo.delivery.smtp import SENDING_ERRORS, connect
from reglo.ports import background

logger = logging.getLogger(__name__)

WAYS = {
    "reauthenticate": _("Mon mot de passe"),
    "mfa_reauthenticate": _("Un code de mon application"),
    "mfa_reauthenticate:webauthn": _("Ma clé d’accès"),
}
SEAL_CONTEXT = "mfa.authenticator"
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: User) -> bool:
    """Whether signing in asks this person for more than a password."""
    return _second_factors(user).exists()


def sign_in(request: HttpRequest, user: User, *, next_url: str) -> HttpResponse:
    """Start a session for somebody whose link was good; their second factor is asked for all the same."""
    response: HttpResponse = perform_login(request, user, redirect_url=next_url)
    return response


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("Cette adresse et ce mot de passe ne vont pas ensemble."),
        "enter_current_password": _("Tapez votre mot de passe actuel."),
        "incorrect_password": _("Ce mot de passe n’est pas le bon."),
        "too_many_login_attempts": _("Trop d’essais. Attendez quelques minutes avant de recommencer."),
        "unknown_email": _("Aucun compte n’a cette adresse."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by an invitation, the first one by `reglo setup`."""
        return False

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """The ways to confirm that it is still them, in our words."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**method, "description": WAYS[method["id"]]} for method in methods]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through the mail server of a company of theirs. Where none works, the page names `reglo password-link`."""
        server = _mail_server_of(context["user"])
        if server is None:
            logger.warning("an account's e-mail has no server to leave by", extra={"template": template_prefix})
            return
        message = self.render_mail(template_prefix, email, context)
        message.from_email, message.connection = sender(server), connect(server)

        def deliver() -> None:
            try:
                message.send()
            except SENDING_ERRORS:
                logger.exception("an account's e-mail was not sent", extra={"template": template_prefix})

        # The answer does not wait: how long a server takes would tell which addresses have an account.
        background.start(deliver)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """From the fixed public address: a forged Host header must not choose where a reset link leads."""
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.BASE_URL}{path}"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("C’est votre dernière preuve, et une entreprise réelle en demande une."),
        "incorrect_code": _("Ce code n’est pas le bon. Les codes changent toutes les trente secondes."),
    }

    def encrypt(self, text: str) -> str:
        return secrets.seal(text, context=SEAL_CONTEXT)

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.open_sealed(encrypted_text, context=SEAL_CONTEXT)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last one stays while its owner works in a real company."""
        others = _second_factors(authenticator.user).exclude(pk=authenticator.pk)
        if authenticator.type not in SECOND_FACTORS or others.exists():
            return True
        return not Membership.objects.filter(user=authenticator.user, left_at=None, company__practice=False).exists()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": urlsplit(settings.BASE_URL).hostname or "localhost", "name": "Réglo"}


def _second_factors(user: User) -> QuerySet[Any]:
    found: QuerySet[Any] = Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS)
    return found


def _mail_server_of(person: User) -> MailSettings | None:
    theirs = MailSettings.objects.filter(company__memberships__user=person, company__memberships__left_at=None)
    return theirs.select_related("company").order_by("company_id").first()
