from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from reglo.database import guard_triggers


@pytest.mark.django_db(transaction=True)
def test_it_leaves_every_guard_and_the_static_files_in_place(tmp_path: Path, settings: Any):
    settings.STATIC_ROOT = str(tmp_path / "static")
    guard_triggers.drop(connection)

    call_command("migrate", verbosity=0)

    assert guard_triggers.missing(connection) == []
    assert list((tmp_path / "static").rglob("*.css")) != []
