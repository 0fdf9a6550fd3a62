from datetime import timedelta

import pytest

from reglo.events.models import ScheduledTask
from reglo.events.schedule import Periodic, claim_periodic, finish_periodic
from reglo.events.worker import run_until_idle
from tests.events import wiring
from tests.harness.frozen_clock import FrozenClock

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def hourly() -> Periodic:
    wiring.SCHEDULE.append(Periodic("tick", HOUR, wiring.TICK))
    return wiring.SCHEDULE[0]


def test_a_task_runs_once_a_period(hourly: Periodic, clock: FrozenClock):
    first = clock.now()
    run_until_idle()
    clock.advance(minutes=59)
    run_until_idle()
    second = clock.advance(minutes=1)
    run_until_idle()

    assert wiring.ticks == [first, second]


def test_a_task_that_a_worker_has_is_not_run_by_another(hourly: Periodic, clock: FrozenClock):
    assert claim_periodic(now=clock.now()) is not None

    assert claim_periodic(now=clock.now()) is None


def test_a_dead_workers_task_is_claimed_again_and_it_cannot_finish(hourly: Periodic, clock: FrozenClock):
    claimed = claim_periodic(now=clock.now())
    assert claimed is not None
    dead = claimed[1]
    assert dead.lease_until is not None
    ScheduledTask.objects.update(lease_until=dead.lease_until - HOUR)

    alive = claim_periodic(now=clock.now())

    assert alive is not None
    assert finish_periodic(dead, every=HOUR, now=clock.now()) is False
    assert finish_periodic(alive[1], every=HOUR, now=clock.now()) is True


def test_a_clock_that_went_back_does_not_stop_it(hourly: Periodic, clock: FrozenClock):
    run_until_idle()
    clock.advance(days=-365)

    run_until_idle()

    assert len(wiring.ticks) == 2


def test_a_failure_is_kept_and_the_task_runs_at_its_next_time(clock: FrozenClock):
    wiring.SCHEDULE.append(Periodic("tick", HOUR, wiring.TICK_BADLY))

    run_until_idle()

    task = ScheduledTask.objects.get()
    assert task.last_error == "ConnectionError: le serveur ne répond pas"
    assert task.due_at == clock.now() + HOUR
