"""Somebody comes with a link that has expired: a new one goes to the address that the old one was sent to."""

from datetime import datetime, timedelta

from django.db import transaction

from reglo.delivery.models import Message, PortalLink
from reglo.delivery.queries import mail_settings_of
from reglo.delivery.services.prepare_message import prepare_message
from reglo.delivery.services.queue_message import to_queue
from reglo.delivery.tokens import hash_token
from reglo.invoicing.locks import lock_invoice

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
        lock_invoice(company_id=link.company_id, invoice_id=link.invoice_id)
        if Message.objects.filter(invoice_id=link.invoice_id, queued_at__gt=now - BETWEEN_TWO).exists():
            return
        message = prepare_message(company_id=link.company_id, invoice_id=link.invoice_id, now=now)
        message.to = message.link.email = link.email
        message.link.save(update_fields=["email"])
        to_queue(message, actor_id=None, now=now)
