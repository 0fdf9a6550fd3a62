"""Three sessions that take turns at every statement: clean as it is, red once a lock or a re-check is taken away."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from importlib import import_module
from typing import Any

import psycopg
import pytest
from django.db import transaction
from django.db.models import F

from lab import interleavings
from lab.interleavings import scenes
from lab.interleavings.baton import play
from lab.results import Order, Result
from lab.scratch import address
from reglo.database.prepared import Parameter, PreparedRead
from reglo.database.retry import retry_on_conflict
from reglo.events.models import ScheduledTask
from reglo.invoicing import locks
from reglo.invoicing.models import Invoice
from reglo.payments.locks import lock_attempt
from reglo.payments.models import AttemptLine, PaymentAttempt
from reglo.payments.states import AttemptState
from reglo.ports import clock
from tests.harness.databases import TestDatabases
from tests.settings import TEST_ENGINE

closing = import_module("reglo.payments.services.close_attempt")  # the package exports the verb under the same name
SEED_WITHOUT_LOCK, CAUGHT = 2, "invoicing_invoice is frozen"  # by the guard: a second number for one draft

pytestmark = pytest.mark.django_db(transaction=True)
on_postgresql = pytest.mark.skipif(TEST_ENGINE != "postgresql", reason="row locks: REGLO_TEST_ENGINE=postgresql")


@pytest.fixture
def explored(django_db_setup: TestDatabases) -> Callable[..., Result]:
    """Each time on a new database: a seed draws the same identifiers again."""

    def explore(seed: int, amount: int = 1) -> Result:
        result = Result()
        with django_db_setup.own_copy():
            interleavings.explore(range(seed, seed + amount), result)
        return result

    return explore


@pytest.fixture
def monitor() -> Iterator["psycopg.Connection[Any]"]:
    with psycopg.connect(address(), autocommit=True) as monitor:
        yield monitor


@on_postgresql
def test_every_scene_holds(explored: Callable[..., Result]):
    result = explored(1, len(scenes.SCENES))

    assert result.violations == []
    assert result.counts["interleavings"] == len(scenes.SCENES)
    assert result.counts["steps"] > 300


@on_postgresql
def test_a_lock_that_is_taken_away_is_seen(explored: Callable[..., Result], monkeypatch: pytest.MonkeyPatch):
    unlocked = PreparedRead(
        lambda: Invoice.objects.select_related("company", "customer").filter(
            company_id=Parameter("company_id"), id=Parameter("invoice_id")
        )
    )
    seed = SEED_WITHOUT_LOCK
    assert explored(seed).violations == []

    monkeypatch.setattr(locks, "_INVOICE", unlocked)
    [violation] = explored(seed).violations

    assert CAUGHT in violation
    assert violation.startswith(f"{scenes.SCENES[seed % len(scenes.SCENES)].__name__}, seed {seed}, order ")
    assert violation.endswith(f"python -m lab.part interleavings postgresql 1 {seed} /dev/stdout")


@on_postgresql
def test_a_page_that_opens_while_it_is_given_up_is_seen(
    explored: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
):
    """The mistake that the lab found: the attempt is canceled whatever it became."""
    seed = 93
    assert explored(seed).violations == []

    def cancel_whatever_it_became(asked: PaymentAttempt, now: datetime) -> PaymentAttempt:
        with transaction.atomic():
            attempt = lock_attempt(attempt_id=asked.id)
            if attempt.can_move_to(AttemptState.CANCELED):
                PaymentAttempt.objects.filter(id=attempt.id).update(state=AttemptState.CANCELED, ended_at=now)
                AttemptLine.objects.filter(attempt=attempt, open=True).update(open=False)
        attempt.refresh_from_db()
        return attempt

    monkeypatch.setattr(closing, "_cancel", cancel_whatever_it_became)
    [violation] = explored(seed).violations

    assert "its attempt is canceled" in violation


@on_postgresql
def test_a_seed_is_one_order(monitor: "psycopg.Connection[Any]"):
    """Each reads the counter, then writes: who waits for whom follows from the seed."""
    ScheduledTask.objects.create(name="counter", due_at=clock.now())

    def count() -> None:
        with transaction.atomic():
            task = ScheduledTask.objects.select_for_update().get(name="counter")
            task.fence += 1
            task.save()

    orders = {str(play([count, count], seed, monitor)[0]) for seed in [7] * 5}
    others = {str(play([count, count], seed, monitor)[0]) for seed in range(8)}

    assert len(orders) == 1
    assert len(others) > 3
    assert ScheduledTask.objects.get(name="counter").fence == 2 * 13


@on_postgresql
def test_a_deadlock_is_retried_and_its_victim_is_always_the_same(monitor: "psycopg.Connection[Any]"):
    for name in "ab":
        ScheduledTask.objects.create(name=name, due_at=clock.now())

    @retry_on_conflict
    def move(first: str, second: str) -> None:
        with transaction.atomic():
            for name in (first, second):
                ScheduledTask.objects.filter(name=name).update(fence=F("fence") + 1)

    played = [play([partial(move, "a", "b"), partial(move, "b", "a")], seed, monitor) for seed in [*range(12)] * 2]

    assert sum(schedule.conflicts for schedule, _ in played) > 0
    assert [str(schedule) for schedule, _ in played[:12]] == [str(schedule) for schedule, _ in played[12:]]
    assert [session.raised for _, sessions in played for session in sessions] == [None] * 48
    assert set(ScheduledTask.objects.values_list("fence", flat=True)) == {48}


def test_on_sqlite_it_says_what_is_missing():
    result = interleavings.run(Order("sqlite", 1, 1), print)

    assert "PostgreSQL" in result.missing
    assert not result.counts
