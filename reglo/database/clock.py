"""The database's own clock: one for all processes and machines, and no simulation shifts it."""

from datetime import UTC, datetime

from django.db import connection


def database_now() -> datetime:
    """The instant of this statement by the database's clock, UTC. Leases are measured by it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')")
            return datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=UTC)
        cursor.execute("SELECT STATEMENT_TIMESTAMP()")
        instant: datetime = cursor.fetchone()[0]
        return instant
