"""Reads of companies and people shared by several doors."""

from datetime import datetime

from django.db.models import QuerySet

from reglo.companies.models import Invitation, Membership, User
from reglo.companies.states import Role
from reglo.companies.tokens import token_hash


def members_of(*, company_id: int) -> QuerySet[Membership]:
    """The active members with their person, in the order they came."""
    return (
        Membership.objects.filter(company_id=company_id, left_at=None)
        .select_related("user")
        .order_by("joined_at", "id")
    )


def open_invitations(*, company_id: int, now: datetime) -> QuerySet[Invitation]:
    """The invitations of a company that can still be accepted, the latest first."""
    return _open(now).filter(company_id=company_id).order_by("-created_at", "-id")


def open_first_invitations(*, now: datetime) -> QuerySet[Invitation]:
    """Those of `reglo setup`: they belong to no company."""
    return _open(now).filter(company=None)


def open_invitation(*, token: str, now: datetime) -> Invitation | None:
    """The invitation of this link, with its company; None when it is unknown, used, revoked or too old."""
    return _open(now).filter(token_hash=token_hash(token)).select_related("company").first()


def person_with(email: str) -> User | None:
    return User.objects.filter(email__iexact=email).first()


def may_found_company(user: User) -> bool:
    """A *Gérant* may open another company, and who came by `reglo setup` their first one."""
    return (
        Membership.objects.filter(user=user, left_at=None, role=Role.OWNER).exists()
        or Invitation.objects.filter(company=None, email__iexact=user.email).exclude(accepted_at=None).exists()
    )


def _open(now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)
