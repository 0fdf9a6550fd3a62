"""Write down that something happened, and what must follow."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Model

from reglo.database.prepared import insert, insert_all
from reglo.events.kinds import Kind
from reglo.events.models import Event, EventContent, Reaction
from reglo.events.reactions import reactions_to
from reglo.ports import ids


class RecordedOutsideTransaction(AssertionError):
    """An event outside the transaction that makes it true could be lost, or tell of what never was."""


def record(
    *,
    kind: Kind,
    company_id: int | None,
    subject: Model,
    now: datetime,
    actor_id: int | None = None,
    content: Mapping[str, object] | None = None,
) -> Event:
    """The event, written in the caller's transaction with one waiting reaction per listed reaction.

    `content` is JSON (dates, decimals and UUIDs become text) and may name people: it is kept apart, erasable.
    At most three statements. Raises RecordedOutsideTransaction.
    """
    if not connection.in_atomic_block:
        raise RecordedOutsideTransaction(kind)
    text = canonical(content) if content else ""
    salt = ids.random_bytes(32)
    event = insert(
        Event(
            company_id=company_id,
            actor_id=actor_id,
            kind=kind,
            subject_type=subject._meta.label_lower,
            subject_id=str(subject.pk),
            occurred_at=now,
            digest=digest(salt, text) if text else "",
        )
    )
    if text:
        insert(EventContent(event=event, salt=salt, content=text))
    insert_all([Reaction(event=event, name=name, not_before=now) for name in reactions_to(kind)])
    return event


def canonical(content: Mapping[str, object]) -> str:
    """The one way to write `content` down: JSON, sorted keys, no spaces."""
    return json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(salt: bytes, text: str) -> str:
    """HMAC-SHA256 of the canonical content under its salt, hexadecimal: proves it, and reveals nothing."""
    return hmac.new(salt, text.encode(), hashlib.sha256).hexdigest()
