import json
from collections import namedtuple
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, InterfaceError, connection
from django.test import Client

from reglo import secrets
from reglo.companies.models import Company
from reglo.config import health
from reglo.database.clock import database_now
from reglo.events.models import WorkerHeartbeat
from reglo.payments.models import ProviderAccount
from reglo.payments.states import AccountMode, AccountState


@pytest.fixture
def worker(db: None) -> WorkerHeartbeat:
    now = database_now()
    return WorkerHeartbeat.objects.create(worker="host:1:x", started_at=now, beat_at=now)


def ready(client: Client) -> tuple[int, dict[str, str]]:
    answer = client.get("/health/ready")
    return answer.status_code, json.loads(answer.content)["checks"]


def test_live_as_long_as_it_answers(client: Client):
    assert client.get("/health/live").status_code == 200


def test_ready_when_every_check_passes(client: Client, worker: WorkerHeartbeat):
    status, checks = ready(client)

    assert checks == {"database": "ok", "migrations": "ok", "guards": "ok", "worker": "ok", "disk": "ok", "keys": "ok"}
    assert status == 200


def test_without_worker_nothing_would_be_sent(client: Client, db: None):
    status, checks = ready(client)

    assert status == 503
    assert checks["worker"] == "no worker has started: run “reglo worker”"


def test_a_silent_worker_is_named(client: Client, worker: WorkerHeartbeat):
    worker.beat_at = database_now() - timedelta(minutes=2)
    worker.save()

    status, checks = ready(client)

    assert status == 503
    assert checks["worker"].startswith("silent for 12")


def test_a_missing_guard_is_named(client: Client, worker: WorkerHeartbeat, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(health.guard_triggers, "missing", lambda connection: ["guard_ledger_entry_kept_update"])

    assert ready(client) == (503, ready(client)[1])
    assert ready(client)[1]["guards"] == "missing: guard_ledger_entry_kept_update"


def test_lost_encryption_keys_are_told(client: Client, worker: WorkerHeartbeat, company: Company, settings: Any):
    account = ProviderAccount(
        id=uuid4(),
        company=company,
        provider="stripe",
        mode=AccountMode.TEST,
        external_id="acct_1",
        state=AccountState.ACTIVE,
        created_at=database_now(),
    )
    account.seal_secrets({"api_key": "rk_test_1"})
    account.save(force_insert=True)
    assert ready(client)[1]["keys"] == "ok"

    secrets.configure([b"x" * 32])
    try:
        status, checks = ready(client)
    finally:
        secrets.configure(settings.ENV.encryption_keys)

    assert status == 503
    assert checks["keys"].startswith("1 payment accounts cannot be opened: put back the REGLO_ENCRYPTION_KEYS")


@pytest.mark.parametrize("full", ["files", "database"])
def test_a_full_disk_is_told(
    client: Client, worker: WorkerHeartbeat, settings: Any, monkeypatch: pytest.MonkeyPatch, full: str
):
    if full == "database" and connection.vendor != "sqlite":
        pytest.skip("the database is no file")
    usage = namedtuple("usage", "total used free")
    settings.FILES_ROOT.mkdir(exist_ok=True)
    where = {"files": settings.FILES_ROOT, "database": Path(connection.settings_dict["NAME"]).absolute()}[full]

    def of_disk(path: Path) -> tuple[int, int, int]:
        free = 10**6 if path == where else 10**12
        return usage(10**12, 10**12 - free, free)

    monkeypatch.setattr(health.shutil, "disk_usage", of_disk)

    assert ready(client)[1]["disk"] == "1 MB left"


@pytest.mark.parametrize("error", [DatabaseError, InterfaceError])
def test_a_database_that_does_not_answer_hides_its_reason(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
):
    def fail() -> str:
        raise error("password authentication failed for user reglo")

    checks: dict[str, Any] = {**health.CHECKS, "database": fail}
    monkeypatch.setattr(health, "CHECKS", checks)

    status, told = ready(client)

    assert status == 503
    assert told["database"] == f"the database answers: {error.__name__}"
