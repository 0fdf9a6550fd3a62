"""Come in by an invitation, as somebody new or as somebody known."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Invitation, Membership, User
from reglo.companies.queries import members_of, open_invitation, person_with
from reglo.companies.services.invite_member import AlreadyMember
from reglo.database.retry import retry_on_conflict
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record


class InvitationUnusable(RegloError):
    code = "invitation_unusable"
    status = 410
    message = _("Cette invitation a déjà servi, a été annulée ou a expiré. Demandez-en une nouvelle.")


class PersonAlreadyKnown(RegloError):
    code = "person_already_known"
    status = 409
    message = _("Un compte existe déjà avec cette adresse. Connectez-vous d’abord, puis rouvrez le lien.")


class InvitationForAnother(RegloError):
    code = "invitation_for_another"
    status = 403
    message = _(
        "Cette invitation est pour %(email)s. Connectez-vous avec cette adresse, ou demandez une invitation à la vôtre."
    )


@retry_on_conflict
def accept_invitation(*, token: str, person: User, now: datetime) -> Invitation:
    """Make `person` a member with the invitation's role; a link of `reglo setup` lets them found a company.

    An invitation that names an address is for the account of that address.
    Raises InvitationUnusable, InvitationForAnother or AlreadyMember.
    """
    with transaction.atomic():
        invitation = _lock(token, now)
        if not invitation.is_for(person):
            raise InvitationForAnother(email=invitation.email)
        return _accept(invitation, person, now)


@retry_on_conflict
def join_by_invitation(*, token: str, name: str, email: str, password: str | None, now: datetime) -> User:
    """Create the person and make them a member, together. Without a password they sign in by passkey only.

    An invitation sent to an address makes an account of that address, whatever `email` says.
    Raises InvitationUnusable or PersonAlreadyKnown.
    """
    with transaction.atomic():
        invitation = _lock(token, now)
        address = (invitation.email or email).lower()
        if person_with(address):
            raise PersonAlreadyKnown(field="email")
        person = User.objects.create_user(address, password, name=name)
        _accept(invitation, person, now)
    return person


def _lock(token: str, now: datetime) -> Invitation:
    """Under the lock of its row one link serves once, however many click."""
    found = open_invitation(token=token, now=now)
    if found is None:
        raise InvitationUnusable
    invitation = Invitation.objects.select_for_update().get(pk=found.pk)
    if invitation.accepted_at or invitation.revoked_at:
        raise InvitationUnusable
    return invitation


def _accept(invitation: Invitation, person: User, now: datetime) -> Invitation:
    if invitation.company_id is not None:
        if members_of(company_id=invitation.company_id).filter(user=person).exists():
            raise AlreadyMember
        membership = Membership.objects.create(
            company_id=invitation.company_id,
            user=person,
            role=invitation.role,
            may_finalise=invitation.may_finalise,
            joined_at=now,
        )
        record(
            kind=Kind.MEMBER_JOINED,
            company_id=invitation.company_id,
            subject=membership,
            actor_id=person.pk,
            now=now,
            content={"name": str(person), "email": person.email, "role": invitation.role},
        )
    # Who took the link of `reglo setup` is remembered here: it lets them found a company.
    invitation.email = person.email
    invitation.accepted_at = now
    invitation.save(update_fields=["email", "accepted_at"])
    return invitation
