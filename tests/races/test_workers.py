"""Several workers on one queue: each reaction is done once, and a killed worker's is done by another."""

import os
import signal
import threading
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any

import pytest
from django.db import transaction

from reglo.companies.models import Company
from reglo.events import queue
from reglo.events.kinds import Kind
from reglo.events.models import Event, Reaction, ScheduledTask, Seal, WorkerHeartbeat
from reglo.events.record import record
from reglo.events.schedule import Periodic
from reglo.events.sealing import hash_of, seal_events
from reglo.events.states import ReactionState
from reglo.events.worker import run_for_ever, run_until_idle
from reglo.ports import clock
from tests.events import wiring
from tests.harness.racing import FORK, in_process, in_threads

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def only_our_wiring(settings: Any, company: Company) -> None:
    Reaction.objects.all().delete()
    for names in (wiring.REACTIONS, wiring.SCHEDULE, wiring.seen, wiring.ticks):
        names.clear()
    settings.REACTIONS = "tests.events.wiring.REACTIONS"
    settings.SCHEDULE = "tests.events.wiring.SCHEDULE"


def happen(company: Company, times: int = 1) -> None:
    with transaction.atomic():
        for _ in range(times):
            record(kind=Kind.LINK_OPENED, company_id=company.id, subject=company, now=clock.now())


def test_three_workers_do_each_reaction_once(company: Company):
    wiring.REACTIONS[Kind.LINK_OPENED] = (wiring.NOTE, f"{wiring.__name__}.note_too")
    wiring.SCHEDULE.append(Periodic("tick", timedelta(hours=1), wiring.TICK))
    happen(company, times=15)

    workers = [in_process(run_until_idle) for _ in range(3)]
    for worker in workers:
        worker.join()

    assert set(Reaction.objects.values_list("state", "attempts", "fence")) == {(ReactionState.DONE, 1, 1)}
    assert Reaction.objects.count() == 30
    assert ScheduledTask.objects.get().fence == 1


def die_working(told: Connection) -> None:
    wiring.REACTIONS.clear()
    [claimed] = queue.claim(now=clock.now())
    told.send(claimed.id)
    signal.pause()


def test_a_killed_workers_reaction_is_done_by_another_when_its_lease_ends(company: Company):
    wiring.REACTIONS[Kind.LINK_OPENED] = (wiring.NOTE,)
    happen(company)
    hear, tell = FORK.Pipe(duplex=False)
    worker = in_process(die_working, tell)
    reaction_id = hear.recv()
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()

    assert run_until_idle() == 0
    left = Reaction.objects.get(id=reaction_id)
    assert left.lease_until is not None
    Reaction.objects.update(lease_until=left.lease_until - queue.LEASE - timedelta(seconds=10))
    assert run_until_idle() == 1

    done = Reaction.objects.get(id=reaction_id)
    assert (done.state, done.fence, done.attempts) == (ReactionState.DONE, 2, 2)
    assert queue.finish([left], now=clock.now()) == 0


def test_a_running_worker_beats_works_and_leaves_when_asked(company: Company):
    wiring.REACTIONS[Kind.LINK_OPENED] = (f"{wiring.__name__}.stop_the_worker",)
    happen(company)
    wiring.stop.clear()

    raised = in_threads(lambda: run_for_ever(wiring.stop))

    assert raised == []
    assert wiring.beats_seen == [1]
    assert not WorkerHeartbeat.objects.exists()
    assert Reaction.objects.get().state == ReactionState.DONE


def test_no_event_committed_late_is_left_out_of_the_seals(company: Company):
    """On PostgreSQL ids are given before commits: an earlier event may appear after a later one."""
    written, sealed = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            record(kind=Kind.LINK_OPENED, company_id=company.id, subject=company, now=clock.now())
            written.set()
            sealed.wait(1)

    def seal_meanwhile() -> None:
        written.wait(5)
        seal_events(now=clock.now())
        sealed.set()

    raised = in_threads(write_slowly, seal_meanwhile)
    happen(company)
    seal_events(now=clock.now())

    assert raised == []
    blocks = list(Seal.objects.order_by("id").values_list("first_event_id", "last_event_id"))
    everyone = list(Event.objects.order_by("id").values_list("id", flat=True))
    assert [id_ for first, last in blocks for id_ in everyone if first <= id_ <= last] == everyone
    for seal in Seal.objects.all():
        block = Event.objects.filter(id__range=(seal.first_event_id, seal.last_event_id)).order_by("id")
        assert seal.hash == hash_of(seal.previous, block)
