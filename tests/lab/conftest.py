"""A stage of the lab inside a test: its own databases and clock, the suite's put back after."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections

from lab.simulation.stage import Stage, staged
from tests.settings import TEST_ENGINE


@pytest.fixture
def stage(django_db_setup: Any, django_db_blocker: Any, clock: Any, language: None) -> Iterator[Stage]:
    """Founded for this test, on the engine of the suite."""
    live = connections.settings["default"]
    kept = (live["NAME"], django_settings.FILES_ROOT)
    with django_db_blocker.unblock():
        connection.close()
        try:
            with staged(TEST_ENGINE) as stage:
                yield stage
        finally:
            connection.close()
            live["NAME"], django_settings.FILES_ROOT = kept
