from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from reglo.files import store
from tests.harness.frozen_clock import FrozenClock


@pytest.mark.django_db
def test_it_says_how_many_files_went(clock: FrozenClock, files_root: Path):
    store.put(b"old", media_type="image/png", now=clock.now())
    clock.advance(days=8)
    said = StringIO()

    call_command("sweep_files", stdout=said)

    assert said.getvalue() == "Fichiers supprimés : 1.\n"
