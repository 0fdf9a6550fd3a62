"""Somebody comes with a link that has expired: a new one goes to the address that the old one was sent to."""

from datetime import datetime, timedelta

from django.db import transaction

from reglo.delivery.locks import lock_document
from reglo.delivery.models import Message, PortalLink
from reglo.delivery.queries import about, mail_settings_of
from reglo.delivery.services.prepare_message import prepare_message
from reglo.delivery.services.prepare_quote_message import prepare_quote_message
from reglo.delivery.services.queue_message import to_queue
from reglo.delivery.tokens import hash_token

BETWEEN_TWO = timedelta(hours=1)


def renew_link(*, token: str, now: datetime) -> None:
    """Queue a new mail for an expired link's own recipient; say nothing of what was found.

    Nothing happens for a token that is unknown, revoked (the seller closed it) or still good, without an address,
    without a mail server, or when a mail left for this document within the hour.
    """
    link = PortalLink.objects.filter(token_hash=hash_token(token)).first()
    if link is None or link.revoked_at is not None or not link.email or link.is_usable(now):
        return
    if mail_settings_of(link.company_id) is None:
        return
    with transaction.atomic():
        document = lock_document(link)
        if Message.objects.filter(about(document), queued_at__gt=now - BETWEEN_TWO).exists():
            return
        message = _prepared(link, now)
        message.to = message.link.email = link.email
        message.link.save(update_fields=["email"])
        to_queue(message, actor_id=None, now=now)


def _prepared(link: PortalLink, now: datetime) -> Message:
    if link.quote_id is not None:
        return prepare_quote_message(company_id=link.company_id, quote_id=link.quote_id, now=now)
    assert link.invoice_id is not None, "a link opens a document"
    return prepare_message(company_id=link.company_id, invoice_id=link.invoice_id, now=now)
