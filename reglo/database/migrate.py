"""Bring the schema to the version of the code, alone, and leave every guard in place."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.core.management.commands.createcachetable import Command as CreateCacheTable
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connection, transaction

from reglo.database import guard_triggers
from reglo.database.readiness import refuse_network_file_system, require_answer, require_guards
from reglo.database.sqlite.write_lock import LockedConnection

ADVISORY_LOCK = 0x5245474C4F  # "REGLO"


def migrate(*, verbosity: int = 1) -> None:
    """Migrate, with the guards dropped before and created after (SQLite's table rebuilds lose triggers silently).

    Interrupted, it leaves a database that refuses to start until `migrate` is run again. Raises NotReady.
    """
    require_answer(connection)
    refuse_network_file_system(connection)
    with _alone():
        guard_triggers.drop(connection)
        _run(DjangoMigrate(), verbosity=verbosity, interactive=False)
        _run(CreateCacheTable(), verbosity=0)
        guard_triggers.install(connection)
        require_guards(connection)


def _run(command: Any, **options: Any) -> None:
    # Instances, not names: `reglo migrate` shadows Django's own command of that name.
    call_command(command, **options)


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody else writes meanwhile, and no other migration runs."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        held: LockedConnection = connection.connection
        with held.keep_write_lock():
            yield
        return
    # One transaction: the others never see a table without its guards. Constraints are checked at once, because a
    # table with checks pending cannot be altered.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield
