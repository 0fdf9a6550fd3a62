"""Take somebody's access away, or leave. What they did stays under their name."""

from datetime import datetime

from django.db import transaction

from reglo.companies.locks import lock_company
from reglo.companies.models import Membership
from reglo.companies.queries import members_of
from reglo.companies.services.change_member import keep_an_owner
from reglo.database.retry import retry_on_conflict
from reglo.events.kinds import Kind
from reglo.events.record import record


@retry_on_conflict
def remove_member(*, company_id: int, membership_id: int, actor_id: int, now: datetime) -> Membership:
    """End a membership at once: open sessions lose the company at their next request.

    Raises LastOwnerStays, or Membership.DoesNotExist for somebody who is not an active member.
    """
    with transaction.atomic():
        lock_company(company_id)
        membership = members_of(company_id=company_id).get(pk=membership_id)
        keep_an_owner(membership)
        membership.left_at = now
        membership.save(update_fields=["left_at"])
        record(
            kind=Kind.MEMBER_REMOVED,
            company_id=company_id,
            subject=membership,
            actor_id=actor_id,
            now=now,
            content={"name": str(membership.user), "email": membership.user.email},
        )
    return membership
