"""Play a trace: a step, then the invariants; at its end the world is healed and everything must be in order."""

import random
import traceback
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.http import Http404

from lab import invariants
from lab.crash import SimCrash
from lab.invariants.books import Books
from lab.simulation.actions import ACTIONS
from lab.simulation.heal import heal
from lab.simulation.stage import Stage
from lab.simulation.trace import Step, Trace
from reglo.errors import RegloError
from reglo.files.store import path_of
from reglo.verify.books import open_books
from reglo.verify.run import verify


@dataclass(frozen=True)
class Failure:
    """`step` is the place in the trace, its length where the end found it."""

    step: int
    sentence: str

    @property
    def kind(self) -> str:
        """What shrinking must keep: the invariant, not the ids in its sentence."""
        return self.sentence.partition(":")[0]


def play(stage: Stage, trace: Trace, *, days: int = 3) -> Failure | None:
    """The first complaint, None when all is well; the world is healed for `days` at the end, not at all where 0."""
    stage.restore()
    checked: object = None
    for index, step in enumerate(trace):
        take_step(stage, step)
        written = (stage.crasher.writes, stage.outside.version(), len(stage.log.lines))
        if stage.faults or written != checked:  # else nothing an invariant reads has changed
            if found := complaints(stage):
                return Failure(index, found[0])
            checked = written
    found = heal(stage, days=days) if days else []
    return Failure(len(trace), found[0]) if found else None


def examine(stage: Stage, trace: Trace) -> Failure | None:
    """`play`, then the independent reader of `reglo verify` over the books that are left."""
    return play(stage, trace) or prove(stage, len(trace))


def fails_like(stage: Stage, trace: Trace, failure: Failure, length: int) -> bool:
    """Whether `trace` fails too, and in the same way, as a trace of `length` steps did. Quick where a step failed."""
    found = fails_again(stage, trace, failure, length)
    return found is not None and found.kind == failure.kind


def fails_again(stage: Stage, trace: Trace, failure: Failure, length: int) -> Failure | None:
    """What is wrong with `trace`, looked for where a trace of `length` steps had `failure`: no longer than needed."""
    if failure.kind == "verify":
        return examine(stage, trace)
    return play(stage, trace, days=0 if failure.step < length else 1)


def prove(stage: Stage, steps: int) -> Failure | None:
    """What `reglo verify` finds: another reader, never a replacement of the invariants."""
    name = str(connection.settings_dict["NAME"])
    server = urlsplit(settings.TEST_POSTGRESQL)
    address = name if stage.engine == "sqlite" else server._replace(path=f"/{name}").geturl()
    with open_books(address, read_file=lambda sha256: path_of(sha256).read_bytes()) as books:
        for verdict in verify(books):
            if not verdict.holds:
                return Failure(steps, f"verify: {verdict.sentence}: {verdict.faults[0]}")
    return None


def complaints(stage: Stage) -> list[str]:
    books = Books(stage.rows, stage.log.lines)
    return [*stage.faults, *invariants.complaints(invariants.ALWAYS, books, stage.outside, stage.memory)]


def take_step(stage: Stage, step: Step) -> bool:
    """Whether the process lived through it. What an action draws depends on the step's own seed alone."""
    stage.draw = random.Random(step.seed)
    stage.provider.draw = random.Random(f"house {step.seed}")
    stage.draw_ids(random.Random(f"ids {step.seed}").randbytes)
    clock, house, mail = stage.outside.clock, stage.outside.house, stage.outside.mail
    clock.let_pass(timedelta(seconds=stage.draw.randint(0, 60)))
    house.expire_old_pages(now=clock.true, draw=stage.draw)
    mail.in_hand.clear()
    stage.crasher.arm(step.crash)
    return _run(stage, step)


def take_hold(stage: Stage, name: str) -> None:
    """Everything that is drawn from here on follows from `name`."""
    stage.draw = stage.provider.draw = random.Random(name)
    stage.draw_ids(random.Random(f"ids {name}").randbytes)


def die(stage: Stage) -> None:
    """The process is dead, and another one starts.

    A mail that it sent and had not marked yet may leave again; one that was marked may not.
    """
    stage.crasher.restart()
    stage.meanwhile.forget()
    waiting = (
        "SELECT message_id FROM delivery_message WHERE state = 'queued'"
        " UNION ALL SELECT message_id FROM delivery_alert WHERE state = 'queued'"
    )
    queued = {message for (message,) in stage.rows(waiting)}
    stage.outside.mail.in_hand = [message for message in stage.outside.mail.in_hand if message in queued]
    stage.outside.mail.excuse_in_hand()


def _run(stage: Stage, step: Step) -> bool:
    try:
        ACTIONS[step.action].run(stage)
    except SimCrash:
        die(stage)
        return False
    except (RegloError, Http404):
        pass  # a refusal is an answer
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the lab is for
        stage.crasher.disarm()
        stage.faults.append(f"bug {type(error).__name__}: {step.action} raised {error!r}\n{traceback.format_exc()}")
    stage.crasher.disarm()
    if connection.in_atomic_block:
        stage.faults.append(f"bug open transaction: {step.action} left one")
    return True
