"""Reads of links, sessions and mails."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from reglo.delivery.models import MailSettings, Message, PortalGrant, PortalLink, PortalSession
from reglo.delivery.states import MessageState
from reglo.delivery.tokens import hash_token
from reglo.invoicing.models import Invoice, Quote


def session_of(key: str | None, now: datetime) -> PortalSession | None:
    """The portal session named by a cookie, while it lasts."""
    if not key:
        return None
    return PortalSession.objects.filter(key_hash=hash_token(key), expires_at__gt=now).first()


def grant_of(*, session_key: str | None, public_id: UUID, now: datetime) -> PortalGrant | None:
    """The usable right of this browser behind this address, with its document, company and session; else None."""
    return _usable(_grants(session_key).filter(public_id=public_id), now)


def grant_for_invoice(*, session_key: str | None, invoice_id: int, now: datetime) -> PortalGrant | None:
    """The widest usable right of this browser on this document; else None."""
    seeing = _usable(_grants(session_key).filter(invoice_id=invoice_id, link__isnull=False), now)
    return seeing or _usable(_grants(session_key).filter(invoice_id=invoice_id, link=None), now)


def _grants(session_key: str | None) -> QuerySet[PortalGrant]:
    if not session_key:
        return PortalGrant.objects.none()
    return PortalGrant.objects.select_related(
        *("session", "link", "company", "invoice__company", "invoice__settlement", "invoice__customer"),
        *("quote__company", "quote__customer", "quote__offered"),
    ).filter(session__key_hash=hash_token(session_key))


def _usable(grants: QuerySet[PortalGrant], now: datetime) -> PortalGrant | None:
    return next((grant for grant in grants.order_by("-id") if grant.is_usable(now)), None)


def mail_settings_of(company_id: int) -> MailSettings | None:
    return MailSettings.objects.select_related("company").filter(company_id=company_id).first()


def messages_of(document: Invoice | Quote) -> QuerySet[Message]:
    """The mails about a document, latest first, each with its link."""
    return (
        Message.objects.filter(about(document), company_id=document.company_id)
        .select_related("link")
        .order_by("-created_at", "-message_id")
    )


def lost_message(company_id: int) -> Message | None:
    """The latest mail that no server takes, unless another about the same document left or waits since."""
    since = Message.objects.filter(
        Q(invoice=OuterRef("invoice")) | Q(quote=OuterRef("quote")),
        company_id=company_id,
        queued_at__gt=OuterRef("queued_at"),
    ).exclude(state=MessageState.FAILED)
    lost = Message.objects.filter(company_id=company_id, state=MessageState.FAILED).exclude(Exists(since))
    return lost.select_related("invoice", "quote").order_by("-queued_at").first()


def about(document: Invoice | Quote) -> Q:
    """The rows of this document, in the tables that have a column for each sort."""
    return Q(invoice=document) if isinstance(document, Invoice) else Q(quote=document)


def links_of(document: Invoice | Quote, *, now: datetime) -> QuerySet[PortalLink]:
    """The links to a document that still open it, latest first."""
    return PortalLink.objects.filter(
        about(document), company_id=document.company_id, revoked_at=None, expires_at__gt=now
    ).order_by("-created_at", "-id")
