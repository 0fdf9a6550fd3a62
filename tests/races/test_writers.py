"""Several processes write at once; none loses a write, none is left out, and a dead one blocks nobody."""

import os
import signal
import time
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

import pytest
from django.db import transaction

from reglo.events.models import ScheduledTask
from reglo.ports import clock
from tests.harness.racing import FORK, in_process, in_threads

pytestmark = pytest.mark.django_db(transaction=True)

COUNTER = "counter"


@pytest.fixture(autouse=True)
def counter() -> None:
    ScheduledTask.objects.create(name=COUNTER, due_at=clock.now())


def increment() -> None:
    """Read, then write: loses counts unless the others wait."""
    with transaction.atomic():
        task = ScheduledTask.objects.select_for_update().get(name=COUNTER)
        task.fence += 1
        task.save()


def total() -> int:
    return ScheduledTask.objects.get(name=COUNTER).fence


def write_for(seconds: float, ready: Barrier, told: Connection) -> None:
    ready.wait()
    end = time.monotonic() + seconds
    count = 0
    while time.monotonic() < end:
        increment()
        count += 1
    told.send(count)


def test_eight_writers_lose_nothing_and_take_turns():
    hear, tell = FORK.Pipe(duplex=False)
    ready = FORK.Barrier(8)
    writers = [in_process(write_for, 3.0, ready, tell) for _ in range(8)]
    for writer in writers:
        writer.join()

    counts = [hear.recv() for _ in writers]
    assert total() == sum(counts)
    assert min(counts) > max(counts) / 4


def test_threads_of_one_process_exclude_each_other():
    raised = in_threads(*[lambda: [increment() for _ in range(10)] and None] * 4)

    assert raised == []
    assert total() == 40


def hold_for_ever(told: Connection) -> None:
    with transaction.atomic():
        ScheduledTask.objects.filter(name=COUNTER).update(fence=1_000)
        told.send("held")
        signal.pause()


def test_a_writer_killed_in_its_transaction_frees_the_others():
    hear, tell = FORK.Pipe(duplex=False)
    writer = in_process(hold_for_ever, tell)
    assert hear.recv() == "held"

    assert writer.pid is not None
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    increment()

    assert total() == 1
