"""Make a secure link useless, at once and for good; browsers that it opened lose the document too."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import Http404

from reglo.delivery.locks import lock_link
from reglo.delivery.models import PortalLink
from reglo.events.kinds import Kind
from reglo.events.record import record


def revoke_link(*, company_id: int, link_id: UUID, actor_id: int | None, now: datetime) -> PortalLink:
    """The link, revoked; revoking it again changes nothing. Raises Http404 outside the company."""
    with transaction.atomic():
        link = lock_link(company_id=company_id, link_id=link_id)
        if link is None:
            raise Http404
        if link.revoked_at is None:
            link.revoked_at = now
            link.save(update_fields=["revoked_at"])
            record(
                kind=Kind.LINK_REVOKED,
                company_id=company_id,
                subject=link.document,
                actor_id=actor_id,
                now=now,
                content={"email": link.email},
            )
    return link
