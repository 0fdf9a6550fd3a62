"""Spend a one-time sign-in link."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import SignInLink, User
from reglo.companies.tokens import token_hash
from reglo.errors import RegloError


class SignInLinkUnusable(RegloError):
    code = "sign_in_link_unusable"
    status = 410
    message = _("Ce lien a déjà servi ou a expiré. Demandez-en un nouveau à la personne qui gère le serveur.")


def open_sign_in_link(*, token: str, now: datetime) -> SignInLink:
    """The link, still unused, with its person. Raises SignInLinkUnusable."""
    link = (
        SignInLink.objects.filter(token_hash=token_hash(token), used_at=None, expires_at__gt=now)
        .select_related("user")
        .first()
    )
    if link is None or not link.user.is_active:
        raise SignInLinkUnusable
    return link


def use_sign_in_link(*, token: str, new_password: str | None = None, now: datetime) -> User:
    """Spend the link; one that resets the password sets `new_password`. Raises SignInLinkUnusable."""
    with transaction.atomic():
        link = open_sign_in_link(token=token, now=now)
        # The condition makes two clicks one use: the second finds no row.
        if not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
            raise SignInLinkUnusable
        if link.resets_password:
            if new_password is None:
                raise ValueError("this link asks for a new password")
            link.user.set_password(new_password)
            link.user.save(update_fields=["password"])
    return link.user
