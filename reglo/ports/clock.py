"""The one place that reads the time.

Under `REGLO_SIMULATION=1` the sandbox's offset (a file holding a number of seconds) is added, so that a demo can live a
year in a minute; start-up refuses that setting beside a real company. Tests put their own clock with `use`.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

_now: Callable[[], datetime] | None = None
_offset_file: Path | None = None


def now() -> datetime:
    """The present instant, UTC."""
    if _now is not None:
        return _now()
    real = datetime.now(UTC)
    return real + _offset() if _offset_file else real


def monotonic() -> float:
    """Seconds of a clock that never goes back, for time-outs inside one process."""
    return time.monotonic()


def follow_offset_file(path: Path | None) -> None:
    """Add the seconds written in `path` to every reading; a missing file counts as 0. Called once, by settings."""
    global _offset_file
    _offset_file = path


@contextmanager
def use(source: Callable[[], datetime]) -> Iterator[None]:
    """Read the time from `source` for the duration: tests and the lab."""
    global _now
    before, _now = _now, source
    try:
        yield
    finally:
        _now = before


def _offset() -> timedelta:
    try:
        text = _offset_file.read_text(encoding="ascii") if _offset_file else "0"
    except FileNotFoundError:
        return timedelta()
    return timedelta(seconds=int(text.strip() or "0"))
