"""Let the first person in: `reglo setup` prints the link, for there is no open registration."""

from datetime import datetime, timedelta

from django.db import transaction

from reglo.companies.models import Invitation
from reglo.companies.queries import open_first_invitations
from reglo.companies.states import Role
from reglo.companies.tokens import new_token

FIRST_INVITATION_LIFE = timedelta(hours=24)


def invite_first_owner(*, now: datetime) -> tuple[Invitation, str]:
    """An invitation without a company and its token, good for one person and one day. Earlier ones stop working."""
    token, token_hash = new_token()
    with transaction.atomic():
        open_first_invitations(now=now).update(revoked_at=now)
        invitation = Invitation.objects.create(
            role=Role.OWNER, token_hash=token_hash, created_at=now, expires_at=now + FIRST_INVITATION_LIFE
        )
    return invitation, token
