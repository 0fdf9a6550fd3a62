"""Periodic tasks, each run by one worker at a time. The list itself is wiring: `config/schedule.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol, cast

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from reglo.database.clock import database_now
from reglo.events.models import ScheduledTask

LEASE = timedelta(minutes=5)


class PeriodicFunction(Protocol):
    def __call__(self, *, now: datetime) -> None: ...


@dataclass(frozen=True)
class Periodic:
    """`run`, a dotted path, is called about every `every`; it must be safe to run twice."""

    name: str
    every: timedelta
    run: str

    def function(self) -> PeriodicFunction:
        return cast(PeriodicFunction, import_string(self.run))


@cache
def _listed(path: str) -> Sequence[Periodic]:
    return cast(Sequence[Periodic], import_string(path))


def claim_periodic(*, now: datetime) -> tuple[Periodic, ScheduledTask] | None:
    """The first due task of the schedule, leased to this worker; None when none is due."""
    rows = {row.name: row for row in ScheduledTask.objects.all()}
    at = database_now()
    for periodic in _listed(settings.SCHEDULE):
        if _is_due(rows.get(periodic.name), periodic, now, at):
            task = _lease(periodic, now)
            if task is not None:
                return periodic, task
    return None


def finish_periodic(task: ScheduledTask, *, every: timedelta, now: datetime, error: str = "") -> bool:
    """Due again after `every`, failed or not. False where the lease was lost meanwhile."""
    held = ScheduledTask.objects.filter(name=task.name, fence=task.fence)
    return bool(held.update(due_at=now + every, lease_until=None, last_error=error))


def _is_due(task: ScheduledTask | None, periodic: Periodic, now: datetime, at: datetime) -> bool:
    if task is None:
        return True
    if task.lease_until is not None and task.lease_until >= at:
        return False
    # Due further away than its period: the clock went back since, and it would wait for ever.
    return task.due_at <= now or task.due_at > now + periodic.every


def _lease(periodic: Periodic, now: datetime) -> ScheduledTask | None:
    with transaction.atomic():
        ScheduledTask.objects.bulk_create([ScheduledTask(name=periodic.name, due_at=now)], ignore_conflicts=True)
        task = ScheduledTask.objects.select_for_update(skip_locked=True).filter(name=periodic.name).first()
        at = database_now()
        if task is None or not _is_due(task, periodic, now, at):
            return None
        task.lease_until = at + LEASE
        task.fence += 1
        task.save(update_fields=["lease_until", "fence"])
        return task
