"""The database's own clock: one for all processes and machines. No demonstration shifts it; only the lab does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import connection

_now: Callable[[], datetime] | None = None


def database_now() -> datetime:
    """The instant of this statement by the database's clock, UTC. Leases are measured by it."""
    if _now is not None:
        return _now()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')")
            return datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=UTC)
        cursor.execute("SELECT STATEMENT_TIMESTAMP()")
        instant: datetime = cursor.fetchone()[0]
        return instant


@contextmanager
def use(source: Callable[[], datetime]) -> Iterator[None]:
    """Read the database's time from `source` for the duration: the lab lets a lease run out in no time."""
    global _now
    before, _now = _now, source
    try:
        yield
    finally:
        _now = before
