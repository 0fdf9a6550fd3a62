"""Fixtures that every test may use. The engine is chosen by REGLO_TEST_ENGINE (see tests/settings.py)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import translation

from reglo.ports import clock as clock_port
from tests.harness.closed_network import closed_network
from tests.harness.databases import PostgresqlDatabases, SqliteDatabases, TestDatabases
from tests.harness.frozen_clock import FrozenClock
from tests.settings import TEST_ENGINE, TEST_POSTGRESQL

pytest_plugins = ["tests.people"]


def pytest_report_header() -> str:
    return f"engine: {TEST_ENGINE}"


@pytest.fixture(scope="session", autouse=True)
def network() -> Iterator[None]:
    """Closed, the loopback excepted."""
    with closed_network():
        yield


@pytest.fixture(autouse=True)
def clock() -> Iterator[FrozenClock]:
    """Sunday 22 November 2026, 10:00 in Paris, until the test moves it."""
    frozen = FrozenClock()
    with clock_port.use(frozen.now):
        yield frozen


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    """French, whatever page the test before asked for."""
    with translation.override("fr"):
        yield


@pytest.fixture(autouse=True)
def files_root(tmp_path: Path, settings: Any) -> Path:
    """Where this test's files are stored."""
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[TestDatabases]:
    """The databases of this worker: in place of pytest-django's, which would flush."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    databases: TestDatabases
    if django_settings.DATABASES["default"]["ENGINE"] == "reglo.database.sqlite":
        databases = SqliteDatabases(tmp_path_factory.mktemp("databases"))
    else:
        databases = PostgresqlDatabases(TEST_POSTGRESQL, worker)
    with django_db_blocker.unblock():
        databases.build()
    yield databases
    with django_db_blocker.unblock():
        databases.destroy()


@pytest.fixture
def _django_db_helper(
    request: pytest.FixtureRequest, django_db_setup: TestDatabases, django_db_blocker: Any
) -> Iterator[None]:
    """What `db`, `transactional_db`, `live_server` and the mark `django_db` stand on."""
    marker = request.node.get_closest_marker("django_db")
    commits = (
        (marker is not None and marker.kwargs.get("transaction"))
        or "transactional_db" in request.fixturenames
        or "live_server" in request.fixturenames
    )
    with django_db_blocker.unblock(), django_db_setup.own_copy() if commits else django_db_setup.rolled_back():
        yield
