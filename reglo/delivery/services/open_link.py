"""Exchange a secure link for a right held by the customer's browser. Nothing is consumed: scanners open links too."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from reglo.delivery.models import PortalGrant, PortalLink, PortalSession
from reglo.delivery.queries import session_of
from reglo.delivery.tokens import hash_token
from reglo.errors import RegloError
from reglo.ports import ids

SESSION_LIFETIME = timedelta(hours=24)


class LinkUnusable(RegloError):
    """Unknown, altered, expired or revoked: one answer for all, so that nothing can be learnt."""

    code = "link_unusable"
    status = 404
    message = _("Ce lien ne fonctionne pas ou plus. Demandez-en un nouveau.")


@dataclass(frozen=True, slots=True)
class Opening:
    """`public_id` is for the clean address. `new_key`: the cookie of a session made now, None where one was known."""

    public_id: UUID
    new_key: str | None
    opens_quote: bool = False


def open_link(*, token: str, session_key: str | None, now: datetime) -> Opening:
    """Give the browser of `session_key` (its cookie, perhaps absent or stale) the right of the link.

    Raises LinkUnusable.
    """
    with transaction.atomic():
        link = usable_link(token, now)
        session, new_key = session_for(session_key, now)
        PortalGrant.objects.get_or_create(
            session=session,
            public_id=link.id,
            defaults={
                "company_id": link.company_id,
                "invoice_id": link.invoice_id,
                "quote_id": link.quote_id,
                "link": link,
                "right": link.right,
                "created_at": now,
            },
        )
        PortalLink.objects.filter(pk=link.pk).update(opened_count=F("opened_count") + 1, last_opened_at=now)
    return Opening(link.id, new_key, opens_quote=link.quote_id is not None)


def usable_link(token: str, now: datetime) -> PortalLink:
    """The link of this token, looked for by its hash. Raises LinkUnusable."""
    link = PortalLink.objects.filter(token_hash=hash_token(token)).first()
    if link is None or not link.is_usable(now):
        raise LinkUnusable
    return link


def session_for(key: str | None, now: datetime) -> tuple[PortalSession, str | None]:
    """The session named by the cookie, or a new one with the key to put in the cookie."""
    known = session_of(key, now)
    if known is not None:
        return known, None
    new_key = ids.new_token()
    session = PortalSession.objects.create(
        key_hash=hash_token(new_key),
        csrf_secret=ids.new_token(),
        created_at=now,
        expires_at=now + SESSION_LIFETIME,
    )
    return session, new_key
