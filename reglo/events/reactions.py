"""What follows an event. The list itself is wiring: `config/reactions.py`, found through settings.

A reaction is a function `reaction(*, event: Event, now: datetime) -> None`, named by its dotted path. It runs
outside any transaction, may fail and be run again, and must be safe to run twice. One that gains by seeing several
events at once is marked `@together`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from reglo.events.kinds import Kind
from reglo.events.models import Event


class ReactionFunction(Protocol):
    def __call__(self, *, event: Event, now: datetime) -> None: ...


class ReactionTogether(Protocol):
    """Reacts to several events; the answer is what failed, by event id: the others are done."""

    def __call__(self, *, events: Sequence[Event], now: datetime) -> Mapping[int, Exception]: ...


class NeedsPerson(Exception):
    """Raised by a reaction that no retry can help: it is parked at once, with this sentence."""


class Postponed(Exception):
    """Raised `from` what keeps a reaction from running, and is no fault of its own: it waits, and is not parked for it.

    `until` is when to look again, an hour away at most, and costs no try. None: after the delay of a failure, longer
    each time.
    """

    def __init__(self, *, until: datetime | None = None) -> None:
        self.until = until
        super().__init__()


def reactions_to(kind: Kind) -> tuple[str, ...]:
    """Dotted paths of the reactions to events of this kind, in the order listed."""
    return _listed(settings.REACTIONS).get(kind, ())


def together(function: ReactionTogether) -> ReactionTogether:
    """Mark a reaction that is handed the events that wait for it, some dozen at a time."""
    _TOGETHER.add(function)
    return function


def takes_several(name: str) -> bool:
    """Whether the reaction at this dotted path is marked `@together`. Raises ImportError."""
    return import_string(name) in _TOGETHER


def react(name: str, events: Sequence[Event], now: datetime) -> Mapping[int, Exception]:
    """Run the reaction at this dotted path; what failed, by event id. Several events only where it takes several."""
    function = import_string(name)
    if function in _TOGETHER:
        return cast(ReactionTogether, function)(events=events, now=now)
    [event] = events
    cast(ReactionFunction, function)(event=event, now=now)
    return {}


_TOGETHER: set[ReactionTogether] = set()


@cache
def _listed(path: str) -> Mapping[Kind, tuple[str, ...]]:
    return cast(Mapping[Kind, tuple[str, ...]], import_string(path))
