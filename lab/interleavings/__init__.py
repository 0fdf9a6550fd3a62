"""Three real PostgreSQL sessions that take turns at every statement (`docs/algorithms/interleavings-and-kills.md`).

`amount` schedules, seeds `seed`, `seed + 1`…: one seed is one scene and one order, and replays exactly.
"""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import current_thread

import psycopg

from lab.interleavings.baton import Schedule, Session, calling, play
from lab.interleavings.scene import NOW, Scene, Stage
from lab.interleavings.scenes import SCENES
from lab.results import Order, Result, Tell
from lab.scratch import address, books, scratch, unproved
from lab.till import Till
from reglo.events.worker import run_until_idle
from reglo.payments.providers import registry
from reglo.ports import clock, ids
from tests.settings import TEST_POSTGRESQL

TURN = 25  # schedules on one database: the proofs read all of it after each
AGAIN = "python -m lab.part interleavings postgresql 1 {seed} /dev/stdout"


def run(order: Order, tell: Tell) -> Result:
    if order.engine != "postgresql":
        return Result(missing="statement by statement needs row locks: on PostgreSQL only")
    try:
        psycopg.connect(TEST_POSTGRESQL, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        return Result(missing=f"no PostgreSQL answers at {TEST_POSTGRESQL}: {error}")
    result = Result()
    with scratch("postgresql") as databases:
        for seeds in _turns(order):
            with databases.own_copy():
                explore(seeds, result)
            told = f"{result.counts['interleavings']} of {order.amount} schedules, {result.counts['steps']} steps"
            tell(f"{told}, {len(result.violations)} violations")
    return result


def _turns(order: Order) -> Iterator[range]:
    end = order.seed + order.amount
    for first in range(order.seed, end, TURN):
        yield range(first, min(first + TURN, end))


def explore(seeds: range, result: Result) -> None:
    """Play these seeds on the database in use, which must be new; stop at the first violation: it stays in the rows."""
    with world() as stage, psycopg.connect(address(), autocommit=True) as monitor:
        for seed in seeds:
            schedule, faults = play_seed(seed, stage, monitor)
            result.counts["interleavings"] += 1
            result.counts["steps"] += len(schedule.moves)
            if faults:
                scene = SCENES[seed % len(SCENES)].__name__
                said = "; ".join(faults)
                result.violations.append(
                    f"{scene}, seed {seed}, order {schedule}: {said}\n  again: {AGAIN.format(seed=seed)}"
                )
                return


def play_seed(seed: int, stage: Stage, monitor: "psycopg.Connection[tuple[int]]") -> tuple[Schedule, list[str]]:
    """What was played, and what does not hold after it."""
    with ids.use(_Draws(seed)):
        run_until_idle()  # nothing is due from before
        scene = SCENES[seed % len(SCENES)](stage, Random(f"scene {seed}"))
        schedule, sessions = play(scene.acts, seed, monitor)
        faults = _unexpected(scene, sessions)
        if not faults:
            scene.settled()
    with books() as opened:
        if not faults:
            faults += scene.check(opened, sessions)
        faults += unproved(opened)
    return schedule, faults


def _unexpected(scene: Scene, sessions: list[Session]) -> list[str]:
    return [
        f"{session.name} ended with {type(session.raised).__name__}: {session.raised} ({_place(session.raised)})"
        for session in sessions
        if session.raised is not None and not isinstance(session.raised, scene.refusals)
    ]


def _place(error: Exception) -> str:
    """The last line of ours that it went through."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/site-packages/" not in frame.filename]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}"


class _Draws:
    """Identifiers from the seed: each session has its own, so that they do not depend on the order."""

    def __init__(self, seed: int) -> None:
        self._random = Random(f"ids {seed}")

    def __call__(self, length: int) -> bytes:
        thread = current_thread()
        return (thread.random if isinstance(thread, Session) else self._random).randbytes(length)


@contextmanager
def world() -> Iterator[Stage]:
    """The till in place of the provider, the clock still, a company to begin with."""
    with TemporaryDirectory(prefix="reglo_till_") as folder:
        till = Till(Path(folder), NOW, calling)
        with registry.replace("stripe", till), clock.use(lambda: NOW):
            yield Stage(till)
