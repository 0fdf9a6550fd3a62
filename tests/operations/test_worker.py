import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from reglo.database import guard_triggers
from reglo.database.readiness import NotReady
from reglo.events.models import ScheduledTask, WorkerHeartbeat
from tests.architecture.source import ROOT
from tests.settings import TEST_POSTGRESQL

PATIENCE = 20  # seconds for another process to start on a busy machine


@pytest.mark.django_db(transaction=True)
def test_once_does_what_is_due_and_says_how_much():
    said = [StringIO(), StringIO()]
    for output in said:
        call_command("worker", "--once", stdout=output)

    done = ScheduledTask.objects.count()
    assert done > 0
    assert [output.getvalue() for output in said] == [f"Tâches faites : {done}.\n", "Tâches faites : 0.\n"]


@pytest.mark.django_db
def test_it_refuses_a_database_without_its_guards():
    guard_triggers.drop(connection)

    with pytest.raises(NotReady, match="des protections de la base manquent"):
        call_command("worker", "--once")


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_asked_to_stop_it_leaves_in_order():
    name = str(connection.settings_dict["NAME"])
    address = name if connection.vendor == "sqlite" else f"{TEST_POSTGRESQL.rpartition('/')[0]}/{name}"
    worker = subprocess.Popen(
        [sys.executable, "-m", "reglo.operations.command_line", "worker"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "reglo.config.settings", "REGLO_DATABASE": address},
        cwd=ROOT,
    )
    try:
        wait_until(WorkerHeartbeat.objects.exists)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE) == 0
    finally:
        worker.kill()
        worker.wait()

    assert not WorkerHeartbeat.objects.exists()
