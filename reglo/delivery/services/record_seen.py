"""*Lien consulté*: a person was there. Said after a gesture on the page, never because an address was fetched."""

from datetime import datetime

from django.db import transaction

from reglo.delivery.locks import lock_link
from reglo.delivery.models import Message, PortalLink
from reglo.delivery.states import MessageState
from reglo.events.kinds import Kind
from reglo.events.record import record


def record_seen(*, link: PortalLink, now: datetime) -> None:
    """Note the first gesture of the bearer of this link, and tell the mail that carried it. Again: nothing."""
    if link.seen_at is not None:
        return
    with transaction.atomic():
        locked = lock_link(company_id=link.company_id, link_id=link.id)
        if locked is None or locked.seen_at is not None:
            return
        locked.seen_at = now
        locked.save(update_fields=["seen_at"])
        arrived = Message.objects.filter(link=locked, state__in=[MessageState.SENT, MessageState.DELIVERED])
        for message in arrived:
            message.move_to(MessageState.SEEN)
            message.save(update_fields=["state"])
        record(
            kind=Kind.LINK_OPENED,
            company_id=locked.company_id,
            subject=locked.document,
            now=now,
            content={"email": locked.email},
        )
