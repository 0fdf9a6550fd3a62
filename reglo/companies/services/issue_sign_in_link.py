"""A link that signs a known person in once: printed by a command to whoever holds the machine, never mailed."""

from datetime import datetime, timedelta

from django.db import transaction

from reglo.companies.models import SignInLink, User
from reglo.companies.tokens import new_token

LINK_LIFE = timedelta(hours=1)


def issue_sign_in_link(*, user: User, resets_password: bool, now: datetime) -> str:
    """The token of a link good for one hour and one use; the person's earlier links stop working."""
    token, hashed = new_token()
    with transaction.atomic():
        SignInLink.objects.filter(user=user, used_at=None).update(used_at=now)
        SignInLink.objects.create(
            user=user, token_hash=hashed, resets_password=resets_password, created_at=now, expires_at=now + LINK_LIFE
        )
    return token
