"""Change what a member may do."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.companies.locks import lock_company
from reglo.companies.models import Membership
from reglo.companies.queries import members_of
from reglo.companies.states import Role
from reglo.database.retry import retry_on_conflict
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record


class LastOwnerStays(RegloError):
    code = "last_owner_stays"
    status = 409
    message = _("L’entreprise doit garder au moins un gérant : nommez-en d’abord un autre.")


@retry_on_conflict
def change_member(
    *, company_id: int, membership_id: int, actor_id: int, role: Role, may_finalise: bool, now: datetime
) -> Membership:
    """Give an active member a role; `may_finalise` counts for a *Collaborateur* only.

    Raises LastOwnerStays, or Membership.DoesNotExist for somebody who is not an active member.
    """
    with transaction.atomic():
        lock_company(company_id)  # two owners demoting each other wait here, and the second is refused
        membership = members_of(company_id=company_id).get(pk=membership_id)
        if role != Role.OWNER:
            keep_an_owner(membership)
        before = {"role": membership.role, "may_finalise": membership.may_finalise}
        membership.role = role
        membership.may_finalise = may_finalise and role == Role.MEMBER
        after = {"role": role.value, "may_finalise": membership.may_finalise}
        if after != before:
            membership.save(update_fields=["role", "may_finalise"])
            record(
                kind=Kind.MEMBER_CHANGED,
                company_id=company_id,
                subject=membership,
                actor_id=actor_id,
                now=now,
                content={"name": str(membership.user), "before": before, "after": after},
            )
    return membership


def keep_an_owner(membership: Membership) -> None:
    """Refuse to lose the last owner, under the company's lock. Raises LastOwnerStays."""
    owners = members_of(company_id=membership.company_id).filter(role=Role.OWNER)
    if membership.is_owner and not owners.exclude(pk=membership.pk).exists():
        raise LastOwnerStays
