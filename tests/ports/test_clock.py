from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reglo.ports import clock

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def test_use_gives_the_time_and_takes_it_back():
    with clock.use(lambda: NOON):
        assert clock.now() == NOON

    assert clock.now() != NOON


def test_the_offset_file_moves_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    offset = tmp_path / "clock"
    monkeypatch.setattr(clock, "_now", None)
    monkeypatch.setattr(clock, "_offset_file", offset)
    before = clock.now()

    offset.write_text("86400\n")

    assert timedelta(days=1) <= clock.now() - before < timedelta(days=1, minutes=1)
