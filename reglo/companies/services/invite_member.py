"""Invite somebody into a company by a one-time link."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.companies.locks import lock_company
from reglo.companies.models import Invitation
from reglo.companies.queries import members_of, open_invitations
from reglo.companies.states import Role
from reglo.companies.tokens import new_token
from reglo.database.retry import retry_on_conflict
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record

INVITATION_LIFE = timedelta(days=7)


class AlreadyMember(RegloError):
    code = "already_member"
    status = 409
    message = _("Cette personne fait déjà partie de l’entreprise.")


@retry_on_conflict
def invite_member(
    *, company_id: int, actor_id: int, email: str, role: Role, may_finalise: bool = False, now: datetime
) -> tuple[Invitation, str]:
    """The invitation and its token, to be shown once. An earlier invitation to `email` stops working.

    Raises AlreadyMember.
    """
    token, token_hash = new_token()
    with transaction.atomic():
        lock_company(company_id)
        if members_of(company_id=company_id).filter(user__email__iexact=email).exists():
            raise AlreadyMember(field="email")
        open_invitations(company_id=company_id, now=now).filter(email__iexact=email).update(revoked_at=now)
        invitation = Invitation.objects.create(
            company_id=company_id,
            email=email,
            role=role,
            may_finalise=may_finalise and role == Role.MEMBER,
            token_hash=token_hash,
            created_at=now,
            expires_at=now + INVITATION_LIFE,
        )
        record(
            kind=Kind.MEMBER_INVITED,
            company_id=company_id,
            subject=invitation,
            actor_id=actor_id,
            now=now,
            content={"email": email, "role": role, "may_finalise": invitation.may_finalise},
        )
    return invitation, token
