"""Several real sessions on PostgreSQL, of which one moves at a time, by one statement: the seed says which.

A session is a thread with a connection of its own. It stops before every statement, before every COMMIT and before
every call to the provider, and goes on when it is handed the baton. One that waits for another's lock cannot stop: the
server is asked (`pg_blocking_pids`), and the others go on without it until its lock is free.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import psycopg
from django.db import OperationalError, connections

from reglo.database.retry import is_conflict

# A wait is looked at by the server's own deadlock check once, after this long. We wait for that check before another
# session moves, so that the victim of a deadlock is always the one that closed the circle: a seed replays it.
DEADLOCK_CHECK, CHECKED = "5ms", "15 ms"
STEPS = 80  # about as many as the longest scene has: the changes of turn are drawn among them
PATIENCE = 30.0  # seconds that a step may take before the lab itself is at fault

Act = Callable[[], object]


class Stuck(AssertionError):
    """Nobody moves, and the server does not say why."""


class Session(threading.Thread):
    """`act` on a connection of its own, one step at a time. `raised` is what ended it, `answer` what it returned."""

    def __init__(self, name: str, act: Act, random: Random) -> None:
        super().__init__(name=name, daemon=True)
        self.act, self.random = act, random
        self.answer: object = None
        self.raised: Exception | None = None
        self.at = ""
        self.over = False
        self.conflicts = 0
        self.pid = 0
        self.arrived = threading.Event()
        self._go = threading.Semaphore(0)

    def run(self) -> None:
        connection: Any = connections["default"]
        try:
            connection.ensure_connection()
            self.pid = connection.connection.info.backend_pid
            connection.connection.execute(f"SET deadlock_timeout = '{DEADLOCK_CHECK}'")
            connection.connection.commit()
            connection.execute_wrappers.append(self._before_statement)
            commit = connection._commit

            def committed() -> None:
                self.pause("COMMIT")
                commit()

            connection._commit = committed
            self.pause("begin")
            self.answer = self.act()
        except Exception as error:  # noqa: BLE001 (the scenario says which refusals are expected)
            self.raised = error
        finally:
            connections.close_all()
            self.over = True
            self.arrived.set()

    def pause(self, at: str) -> None:
        """Stop here until the baton comes."""
        self.at = at
        self.arrived.set()
        self._go.acquire()

    def move(self) -> None:
        self.arrived.clear()
        self._go.release()

    def _before_statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.pause(sql)
        try:
            return execute(sql, params, many, context)
        except Exception as error:
            self.conflicts += isinstance(error, OperationalError) and is_conflict(error)
            raise


def calling(name: str) -> None:
    """A call to the provider is a place to stop, too."""
    session = threading.current_thread()
    if isinstance(session, Session):
        session.pause(f"provider.{name}")


@dataclass
class Schedule:
    """Which session moved at each step, and to where it came: what a replay must repeat."""

    moves: list[tuple[str, str]] = field(default_factory=list)
    waits: int = 0
    conflicts: int = 0

    def __str__(self) -> str:
        return "".join(name for name, _at in self.moves)


class Turns:
    """Who is next. A third of the seeds draw at every step.

    The others give each session a rank, let the first that can move go on, and put it last at one to three steps drawn
    beforehand: a mistake that needs few changes of turn at the right place is met far more often so (Burckhardt and
    others, *A randomized scheduler with probabilistic guarantees of finding bugs*, 2010).
    """

    def __init__(self, chance: Random, sessions: Sequence[Session]) -> None:
        self._chance = chance
        self._ranked = chance.sample(sessions, len(sessions)) if chance.random() < 2 / 3 else []
        self._changes = set(chance.sample(range(1, STEPS), chance.choice((1, 2, 3))))
        self._step = 0

    def next_of(self, ready: Sequence[Session]) -> Session:
        if not self._ranked:
            return self._chance.choice(ready)
        self._step += 1
        first = next(session for session in self._ranked if session in ready)
        if self._step in self._changes:
            self._ranked.remove(first)
            self._ranked.append(first)
            first = next(session for session in self._ranked if session in ready)
        return first


def play(acts: Sequence[Act], seed: int, monitor: psycopg.Connection[Any]) -> tuple[Schedule, list[Session]]:
    """Run all acts to their ends, in an order drawn from `seed`. Raises Stuck."""
    sessions = [Session("ABCDEFGH"[rank], act, Random(f"{seed} {rank}")) for rank, act in enumerate(acts)]
    schedule, turns = Schedule(), Turns(Random(seed), sessions)
    for session in sessions:
        session.start()
        _wait(session.arrived)
    while living := [session for session in sessions if not session.over]:
        ready = [session for session in living if session.arrived.is_set()]
        if not ready:
            schedule.waits += 1
            _until_somebody_moves(living)
            continue
        session = turns.next_of(ready)
        session.move()
        _settle(living, monitor)
        schedule.moves.append((session.name, session.at if session.arrived.is_set() else f"{session.at} (waits)"))
    for session in sessions:
        session.join()
    schedule.conflicts = sum(session.conflicts for session in sessions)
    return schedule, sessions


def _settle(living: Sequence[Session], monitor: psycopg.Connection[Any]) -> None:
    """Until each session has come to its next stop, or surely waits for a lock of another."""
    pids = [session.pid for session in living]
    end = time.monotonic() + PATIENCE
    while moving := [session for session in living if not session.arrived.is_set()]:
        if moving[0].arrived.wait(0.002):
            continue
        blocked = {pid for (pid,) in monitor.execute(_BLOCKED, {"ours": pids, "after": CHECKED}).fetchall()}
        if all(session.pid in blocked and not session.arrived.is_set() for session in moving):
            return
        if time.monotonic() > end:
            raise Stuck(", ".join(f"{session.name} at {session.at}" for session in moving))


# Waiting for one of ours, for longer than the deadlock check takes to run.
_BLOCKED = """
SELECT pid FROM pg_locks WHERE NOT granted AND pid = ANY(%(ours)s::int[])
AND waitstart < clock_timestamp() - %(after)s::interval
AND pg_blocking_pids(pid) <> '{}' AND pg_blocking_pids(pid) <@ %(ours)s::int[]
"""


def _until_somebody_moves(living: Sequence[Session]) -> None:
    """All wait for each other: the server ends that, by its deadlock check or by a time limit of the product."""
    end = time.monotonic() + PATIENCE
    while not any(session.arrived.wait(0.005) for session in living):
        if time.monotonic() > end:
            raise Stuck(", ".join(f"{session.name} at {session.at}" for session in living))


def _wait(event: threading.Event) -> None:
    if not event.wait(PATIENCE):
        raise Stuck("a session did not start")
