"""Events sealed in chained blocks, off the posting path.

`hash = SHA-256(previous + "\\n" + one line per event)`, in hexadecimal, UTF-8. An event's line is its id, company id,
actor id, kind, subject type, subject id, instant and digest, joined by "|"; what is absent is empty; the instant is
UTC, `2026-11-22T09:00:00.000000`. `verify` computes the same from the database with code of its own.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import OperationalError, connection, transaction

from reglo.events.models import Event, Seal

LARGEST_BLOCK = 10_000


def seal_events(*, now: datetime) -> Seal | None:
    """The next block of at most LARGEST_BLOCK events, sealed; None where there is nothing new, or no quiet moment."""
    try:
        with transaction.atomic():
            _wait_for_writers()
            return _seal_next_block(now)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != "55P03":  # lock_not_available
            raise
        return None  # a long write is open: the next run seals more


def line_of(event: Event) -> str:
    fields = (
        event.id,
        event.company_id,
        event.actor_id,
        event.kind,
        event.subject_type,
        event.subject_id,
        event.occurred_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f"),
        event.digest,
    )
    return "|".join("" if field is None else str(field) for field in fields)


def hash_of(previous: str, events: Iterable[Event]) -> str:
    running = hashlib.sha256(f"{previous}\n".encode())
    for event in events:
        running.update(f"{line_of(event)}\n".encode())
    return running.hexdigest()


def _wait_for_writers() -> None:
    """On PostgreSQL an event with a smaller id may be uncommitted yet: let its writer end, keep others out."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '500ms'")
            cursor.execute("LOCK TABLE events_event IN SHARE MODE")


def _seal_next_block(now: datetime) -> Seal | None:
    last = Seal.objects.order_by("-last_event").first()
    after = last.last_event_id if last else 0
    block = list(Event.objects.filter(id__gt=after).order_by("id")[:LARGEST_BLOCK])
    if not block:
        return None
    previous = last.hash if last else ""
    return Seal.objects.create(
        first_event=block[0],
        last_event=block[-1],
        previous=previous,
        hash=hash_of(previous, block),
        sealed_at=now,
    )
