"""What happened is what was sealed; erased content is erased, not broken."""

import hashlib
import hmac
from collections.abc import Iterator

from reglo.ports.terminal import gettext as _
from reglo.verify.books import Books


def contents_match_their_digests(books: Books) -> Iterator[str]:
    """The digest of each event is the HMAC of its content, where the content was not erased."""
    for event, digest, salt, content in books.rows(
        "SELECT e.id, e.digest, c.salt, c.content FROM events_event e JOIN events_eventcontent c ON c.event_id = e.id"
    ):
        if hmac.digest(bytes(salt), content.encode(), "sha256").hex() != digest:
            yield _("événement %(event)s : son contenu a changé") % {"event": event}


def seals_hold(books: Books) -> Iterator[str]:
    """Each block's hash is that of its events after the block before, and no event is between two blocks."""
    previous, last = "", 0
    blocks = list(
        books.rows("SELECT first_event_id, last_event_id, previous, hash FROM events_seal ORDER BY last_event_id")
    )
    for first_event, last_event, before, recorded in blocks:
        running = hashlib.sha256(f"{previous}\n".encode())
        for row in books.rows(_EVENTS.format(after=last, until=last_event)):
            event, company, actor, kind, subject_type, subject, instant, digest = row
            company, actor = ("" if one is None else one for one in (company, actor))
            line = f"{event}|{company}|{actor}|{kind}|{subject_type}|{subject}|{_instant(str(instant))}|{digest}\n"
            running.update(line.encode())
        if before != previous or running.hexdigest() != recorded:
            yield _("événements %(first_event)s à %(last_event)s : ils ne sont plus ceux qui ont été scellés") % {
                "first_event": first_event,
                "last_event": last_event,
            }
        previous, last = recorded, last_event


_EVENTS = (
    "SELECT id, company_id, actor_id, kind, subject_type, subject_id, occurred_at, digest FROM events_event"
    " WHERE id > {after} AND id <= {until} ORDER BY id"
)


def _instant(text: str) -> str:
    """`2026-11-22T09:00:00.000000`, from either engine's way of writing a UTC instant."""
    day, _, rest = text.replace("T", " ").partition(" ")
    hour = rest.partition("+")[0]
    seconds, _, fraction = hour.partition(".")
    return f"{day}T{seconds}.{fraction:0<6}"
