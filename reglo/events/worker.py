"""The worker: runs what is due, one thing at a time, outside any transaction of its own.

Several may run, on several machines: they share nothing but the database.
"""

import logging
import os
import platform
import threading
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import Error, connection

from reglo.database.clock import database_now
from reglo.events import queue
from reglo.events.models import Reaction, WorkerHeartbeat
from reglo.events.reactions import NeedsPerson, Postponed, reaction_named
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
    ran = 0
    while run_one():
        ran += 1
    return ran


def run_one() -> bool:
    """Run one due thing, if there is one. False when idle."""
    return _run_reaction(clock.now()) or _run_periodic(clock.now())


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
            if run_one():
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


def _run_reaction(now: datetime) -> bool:
    reaction = queue.claim(now=now)
    if reaction is None:
        return False
    if reaction.state == ReactionState.RUNNING:
        _react(reaction, now)
    return True


def _react(reaction: Reaction, now: datetime) -> None:
    try:
        reaction_named(reaction.name)(event=reaction.event, now=now)
    except NeedsPerson as need:
        held = queue.fail(reaction, error=str(need), now=now, hopeless=True)
    except Postponed as later:
        error = _described(later.__cause__ or later)
        logger.info("%s waits: %s", reaction, error)
        held = queue.postpone(reaction, error=error, now=now, until=later.until)
    except Exception as error:  # whatever it is, it is kept with the reaction and tried again
        logger.warning("%s failed (attempt %d)", reaction, reaction.attempts, exc_info=True)
        held = queue.fail(reaction, error=_described(error), now=now)
    else:
        held = queue.finish(reaction, now=now)
    if not held:
        logger.warning("%s outlived its lease; another worker has it", reaction)


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
