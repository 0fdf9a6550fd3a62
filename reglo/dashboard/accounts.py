"""What we ask of django-allauth: no open registration, one fixed public address, second factors sealed."""

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

from reglo import secrets
from reglo.companies.models import Membership, User

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
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by an invitation, the first one by `reglo setup`."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """From the fixed public address: a forged Host header must not choose where a reset link leads."""
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.BASE_URL}{path}"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
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
