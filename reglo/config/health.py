"""Is the process alive, and is the installation fit to serve: for a load balancer, and for who runs it."""

import shutil
from collections.abc import Callable, Mapping
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse

from reglo.dashboard.access import anyone
from reglo.database import guard_triggers
from reglo.database.clock import database_now
from reglo.events.models import WorkerHeartbeat
from reglo.payments.models import ProviderAccount
from reglo.payments.states import AccountState

WORKER_SILENCE = timedelta(minutes=1)
FREE_BYTES = 500_000_000


@anyone("a load balancer has no account")
def live(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers."""
    return JsonResponse({"status": "ok"})


@anyone("a load balancer has no account")
def ready(request: HttpRequest) -> HttpResponse:
    """200 when every check passes, else 503; each check by name, « ok » or what is wrong."""
    results = report()
    healthy = all(result == "ok" for result in results.values())
    return JsonResponse(
        {"status": "ok" if healthy else "failing", "checks": results},
        status=HTTPStatus.OK if healthy else HTTPStatus.SERVICE_UNAVAILABLE,
    )


def report() -> dict[str, str]:
    """Each check's name with « ok », or with one sentence that says what is wrong."""
    return {name: _run(check) for name, check in CHECKS.items()}


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(pending)} to apply: run “reglo migrate”" if pending else "ok"


def _guards() -> str:
    missing = guard_triggers.missing(connection)
    return f"missing: {', '.join(missing)}" if missing else "ok"


def _worker() -> str:
    last = WorkerHeartbeat.objects.aggregate(last=Max("beat_at"))["last"]
    if last is None:
        return "no worker has started: run “reglo worker”"
    silence = database_now() - last
    return "ok" if silence < WORKER_SILENCE else f"silent for {int(silence.total_seconds())} s"


def _disk() -> str:
    """Where documents are written, and the database too where it is a file."""
    written = [settings.FILES_ROOT]
    if connection.vendor == "sqlite":
        written.append(Path(connection.settings_dict["NAME"]).absolute())
    free = min(shutil.disk_usage(_existing(path)).free for path in written)
    return "ok" if free >= FREE_BYTES else f"{free // 1_000_000} MB left"


def _keys() -> str:
    """Whether the keys of this installation open what connected accounts keep: without, no card is charged."""
    connected = ProviderAccount.objects.filter(state__in=[AccountState.ACTIVE, AccountState.BROKEN])
    closed = sum(not account.is_readable for account in connected.iterator())
    if not closed:
        return "ok"
    return f"{closed} payment accounts cannot be opened: put back the REGLO_ENCRYPTION_KEYS that sealed them"


def _existing(path: Path) -> Path:
    return next(one for one in (path, *path.parents) if one.exists())


CHECKS: Mapping[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "guards": _guards,
    "worker": _worker,
    "disk": _disk,
    "keys": _keys,
}


def _run(check: Callable[[], str]) -> str:
    try:
        return check()
    except Error as error:  # InterfaceError included: a connection that was cut
        return f"the database answers: {type(error).__name__}"
