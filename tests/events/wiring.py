"""Lists that a test fills in place of the product's own, and functions to put in them."""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from reglo.events.kinds import Kind
from reglo.events.models import Event, WorkerHeartbeat
from reglo.events.reactions import NeedsPerson, Postponed, together
from reglo.events.schedule import Periodic

REACTIONS: dict[Kind, tuple[str, ...]] = {}
SCHEDULE: list[Periodic] = []
seen: list[int] = []
seen_together: list[list[int]] = []
bad: set[int] = set()  # events that `note_several` fails on
ticks: list[datetime] = []
stop = threading.Event()
beats_seen: list[int] = []

NOTE = f"{__name__}.note"
BREAK_DOWN = f"{__name__}.break_down"
NEED_SOMEBODY = f"{__name__}.need_somebody"
NOTE_SEVERAL = f"{__name__}.note_several"
WAIT_FOR_A_KEY = f"{__name__}.wait_for_a_key"
WAIT_FOR_AN_ANSWER = f"{__name__}.wait_for_an_answer"
TICK = f"{__name__}.tick"
TICK_BADLY = f"{__name__}.tick_badly"


def note(*, event: Event, now: datetime) -> None:
    seen.append(event.id)


def note_too(*, event: Event, now: datetime) -> None:
    seen.append(event.id)


def stop_the_worker(*, event: Event, now: datetime) -> None:
    beats_seen.append(WorkerHeartbeat.objects.count())
    stop.set()


@together
def note_several(*, events: Sequence[Event], now: datetime) -> dict[int, Exception]:
    seen_together.append([event.id for event in events])
    return {event.id: ConnectionError("le serveur ne répond pas") for event in events if event.id in bad}


def break_down(*, event: Event, now: datetime) -> None:
    raise ConnectionError("le serveur ne répond pas")


def need_somebody(*, event: Event, now: datetime) -> None:
    raise NeedsPerson("Renseignez le serveur d’envoi.")


def wait_for_a_key(*, event: Event, now: datetime) -> None:
    raise Postponed(until=now + timedelta(minutes=10)) from ConnectionError("la clé rk_test_123 est refusée")


def wait_for_an_answer(*, event: Event, now: datetime) -> None:
    raise Postponed from ConnectionError("le serveur ne répond pas")


def tick(*, now: datetime) -> None:
    ticks.append(now)


def tick_badly(*, now: datetime) -> None:
    raise ConnectionError("le serveur ne répond pas")
