"""The `reglo.database.sqlite` engine: what an installation may not get wrong is set here, and read back."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.sqlite3 import base

from reglo.database.sqlite.write_lock import LockedConnection, LockedCursor, WriteLock

PRAGMAS = {
    "synchronous": 2,  # FULL: NORMAL loses acknowledged invoices when the power fails
    "foreign_keys": 1,
    "recursive_triggers": 1,  # without it INSERT OR REPLACE deletes a guarded row and no trigger sees it
    "temp_store": 2,  # in memory
    "cache_size": -20_000,  # KiB
}


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        options = self.settings_dict["OPTIONS"]
        options.setdefault("timeout", 20)
        options.setdefault("transaction_mode", "IMMEDIATE")
        params: dict[str, Any] = super().get_connection_params()
        return {**params, "factory": LockedConnection}

    def get_new_connection(self, conn_params: dict[str, Any]) -> LockedConnection:
        connection: LockedConnection = super().get_new_connection(conn_params)
        [file] = [row[2] for row in connection.execute("PRAGMA database_list") if row[1] == "main"]
        if file:
            connection.write_lock = WriteLock(f"{file}.lock")
            _use_wal(connection)
        for name, value in PRAGMAS.items():
            connection.execute(f"PRAGMA {name} = {value}")
            _require(connection, name, value)
        return connection

    def create_cursor(self, name: str | None = None) -> LockedCursor:
        cursor: LockedCursor = self.connection.cursor(factory=LockedCursor)
        return cursor


def _use_wal(connection: LockedConnection) -> None:
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        with connection.keep_write_lock():
            connection.execute("PRAGMA journal_mode = WAL")
    _require(connection, "journal_mode", "wal")


def _require(connection: LockedConnection, pragma: str, expected: object) -> None:
    found = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
    if found != expected:
        raise ImproperlyConfigured(f"SQLite : {pragma} vaut {found} au lieu de {expected}.")
