"""The worker: runs what is due, one thing at a time, outside any transaction of its own.

Several may run, on several machines: they share nothing but the database.
"""

import logging
import os
import platform
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import Error, connection

from reglo.database.clock import database_now
from reglo.events import queue
from reglo.events.models import Reaction, WorkerHeartbeat
from reglo.events.reactions import NeedsPerson, Postponed, react
from reglo.events.schedule import claim_periodic, finish_periodic
from reglo.events.states import ReactionState
from reglo.ports import clock, ids
from reglo.secrets.masking import mask

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.5
BEAT_SECONDS = 10
FORGOTTEN_AFTER = timedelta(days=1)
ERROR_LENGTH = 500


def run_until_idle() -> int:
    """Run everything due by the clock port, reactions and periodic tasks; return how many ran.

    What a reaction causes is due at once and runs too; what fails waits for a later time of the clock.
    """
    total = 0
    while ran := run_some():
        total += ran
    return total


def run_some() -> int:
    """Run the oldest due thing, and what goes with it; how many ran. 0 when idle."""
    return _run_reactions(clock.now()) or _run_periodic(clock.now())


def run_for_ever(stop: threading.Event) -> None:
    """Work until `stop` is set; then what is running is finished first. A database that goes away is waited for."""
    worker = f"{platform.node()}:{os.getpid()}:{ids.new_uuid().hex[:8]}"
    started_at = clock.now()
    next_beat = clock.monotonic()
    while not stop.is_set():
        try:
            if clock.monotonic() >= next_beat:
                beat(worker=worker, started_at=started_at)
                next_beat = clock.monotonic() + BEAT_SECONDS
                _run_periodic(clock.now())  # here too, or a busy queue would put these tasks off for ever
            if run_some():
                continue
        except Error:
            logger.exception("the worker lost its database")
            connection.close()
        stop.wait(POLL_SECONDS)
    with suppress(Error):  # else the row is forgotten after a day
        WorkerHeartbeat.objects.filter(worker=worker).delete()


def beat(*, worker: str, started_at: datetime) -> None:
    """Say that this worker lives, and forget those that died long ago."""
    at = database_now()
    WorkerHeartbeat.objects.update_or_create(
        worker=worker, defaults={"beat_at": at}, create_defaults={"beat_at": at, "started_at": started_at}
    )
    WorkerHeartbeat.objects.filter(beat_at__lt=at - FORGOTTEN_AFTER).delete()


def _run_reactions(now: datetime) -> int:
    """How many were claimed. Several at once only where one function takes them together."""
    claimed = queue.claim(now=now)
    if claimed and claimed[0].state == ReactionState.RUNNING:
        _react(claimed, now)
    return len(claimed)


def _react(reactions: Sequence[Reaction], now: datetime) -> None:
    """Run what was claimed, and write down how each ended."""
    try:
        failures = react(reactions[0].name, [reaction.event for reaction in reactions], now)
    except Exception as bug:  # noqa: BLE001 (it is kept with the reaction, which is tried again)
        failures = dict.fromkeys((reaction.event_id for reaction in reactions), bug)
    done = [reaction for reaction in reactions if reaction.event_id not in failures]
    held = queue.finish(done, now=now)
    for reaction in reactions:
        if error := failures.get(reaction.event_id):
            held += _put_back(reaction, error, now)
    if held < len(reactions):
        logger.warning("%s outlived its lease; another worker has it", reactions[0])


def _put_back(reaction: Reaction, error: Exception, now: datetime) -> int:
    match error:
        case NeedsPerson():
            return queue.fail(reaction, error=str(error), now=now, hopeless=True)
        case Postponed():
            why = _described(error.__cause__ or error)
            logger.info("%s waits: %s", reaction, why)
            return queue.postpone(reaction, error=why, now=now, until=error.until)
    logger.warning("%s failed (attempt %d)", reaction, reaction.attempts, exc_info=error)
    return queue.fail(reaction, error=_described(error), now=now)


def _run_periodic(now: datetime) -> bool:
    claimed = claim_periodic(now=now)
    if claimed is None:
        return False
    periodic, task = claimed
    error = ""
    try:
        periodic.function()(now=now)
    except Exception as failure:  # it is kept with the task, which runs again at its next time
        logger.warning("periodic task %s failed", periodic.name, exc_info=True)
        error = _described(failure)
    finish_periodic(task, every=periodic.every, now=now, error=error)
    return True


def _described(error: BaseException) -> str:
    """Shown to people, and kept: an error may quote the key that was refused."""
    return mask(f"{type(error).__name__}: {error}")[:ERROR_LENGTH]
