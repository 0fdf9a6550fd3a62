"""Notices and work: what we acknowledged we have, what we have is worked on, and fails for known reasons only."""

from collections.abc import Iterator

from lab.invariants.books import Books, hexadecimal
from lab.invariants.memory import Memory
from lab.outside import Outside
from reglo.events.queue import STOPPED

# What the outside may do to a reaction; anything else that is raised is a bug, however often it is tried again.
KNOWN = ("MailNotSent:", "Retryable:", "Unknown:", "AccountBroken:", "MailNotConfigured:")


def acknowledged_is_stored(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """A notice that we answered with a 2xx is in the inbox."""
    for notice in outside.house.notices.values():
        if notice.acknowledged and notice.id not in books.notices:
            yield f"L3: {notice.kind} {notice.id} was acknowledged, and is not in the inbox"


def nothing_is_forgotten(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """L3: a notice of a charge that nobody works on any more is a charge in the books, without any sweep's help."""
    worked_on = {hexadecimal(subject) for name, _state, _error, _kind, subject in books.reactions if "apply" in name}
    charges = {charge.id: charge for _page, charge in outside.house.charges()}
    for notice in outside.house.notices.values():
        stored = books.notices.get(notice.id)
        if stored is None or stored[0] in worked_on:
            continue
        if stored[1] == "received":
            yield f"L3: {notice.kind} {notice.id} is in the inbox, and nobody works on it"
        elif notice.kind == "charge.succeeded" and notice.object_id in charges:
            if notice.object_id not in books.by_charge:
                yield f"L3: {notice.object_id} was told and dealt with, and is not in the books"
        elif notice.kind == "charge.updated" and notice.object_id in charges:
            yield from _fee_known(books, charges[notice.object_id].id)


def _fee_known(books: Books, charge: str) -> Iterator[str]:
    for payment in books.by_charge.get(charge, ()):
        if payment.fee is None:
            yield f"L3: the fee of {charge} was told and dealt with, and is not in the books"


def work_fails_for_known_reasons(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """A reaction or a periodic task that raises anything but the outside's troubles has found a bug."""
    for name, _state, error, _kind, _subject in books.reactions:
        if error and not error.startswith((*KNOWN, STOPPED)):
            yield f"bug: {name} failed with {error}"
    for name, error in books.rows("SELECT name, last_error FROM events_scheduledtask"):
        if error and not error.startswith(KNOWN):
            yield f"bug: {name} failed with {error}"


def queue_is_empty(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """L2, L4: nothing waits, nothing runs; what a person had to retry was retried."""
    for name, state, error, kind, subject in books.reactions:
        yield f"L2: {name} after {kind} of {subject} is {state}: {error}"
    for event, (_own, state) in books.notices.items():
        if state == "received":
            yield f"L2: notice {event} was never dealt with"
