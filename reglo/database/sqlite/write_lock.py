"""A fair lock in front of SQLite's own: writers queue in the kernel instead of polling.

SQLite's busy handler sleeps and tries again, so that under eight writers the unlucky ones wait for seconds.
Here every write transaction first takes `flock` on `<database>.lock`; the kernel wakes the waiters in turn
and frees the lock of a process that dies, even by SIGKILL. SQLite's lock still guards the data: this one only
orders the queue, so a writer that does not know it (the `sqlite3` shell) is slow, never wrong.

There is no time limit on the wait: a lock is held for one transaction, and no transaction waits for the
network. `reglo migrate` alone holds it longer, and then waiting is what the others should do.
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, BinaryIO

from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX, SQLiteCursorWrapper

# What begins otherwise may write. `WITH … INSERT` passes for a read: there SQLite's own lock suffices.
READS = ("SELECT", "PRAGMA", "EXPLAIN", "WITH")


class WriteLock:
    """The `flock` of one connection. It belongs to the open file, so threads exclude each other too."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._taken = False

    def take(self) -> None:
        """Wait in the queue. Taking what this connection already holds does nothing."""
        if self._taken:
            return
        if self._file is None:
            self._file = open(self._path, "ab", buffering=0)  # noqa: PTH123, SIM115 - lives as long as the connection
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self._taken = True

    def release(self) -> None:
        if self._taken and self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
            self._taken = False

    def close(self) -> None:
        self._taken = False
        if self._file is not None:
            self._file.close()
            self._file = None


class LockedConnection(sqlite3.Connection):
    """Holds the write lock from the statement that opens a transaction to the one that ends it.

    A write outside a transaction is a transaction of one statement and takes the lock as well.
    """

    write_lock: WriteLock | None = None  # None: in memory, or not opened yet
    _kept = False

    def before(self, statement: str) -> None:
        """Take the lock if this statement opens a transaction or writes outside one."""
        if self.write_lock is None or self.in_transaction:
            return
        if not statement.lstrip("( \n\t").upper().startswith(READS):
            self.write_lock.take()

    def after(self) -> None:
        """Release the lock if no transaction is open."""
        if self.write_lock is not None and not self.in_transaction and not self._kept:
            self.write_lock.release()

    @contextmanager
    def keep_write_lock(self) -> Iterator[None]:
        """Hold the lock over several transactions: nobody else writes meanwhile."""
        if self.write_lock is not None:
            self.write_lock.take()
        self._kept = True
        try:
            yield
        finally:
            self._kept = False
            self.after()

    def commit(self) -> None:
        try:
            super().commit()
        finally:
            self.after()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self.after()

    def close(self) -> None:
        try:
            super().close()
        finally:
            if self.write_lock is not None:
                self.write_lock.close()


@lru_cache(maxsize=1000)
def _converted(query: str) -> str:
    return FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class LockedCursor(SQLiteCursorWrapper):
    """Django's cursor, telling its connection when a statement begins and ends."""

    connection: LockedConnection

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        """Django's translation of `%s` to `?`, made once for each text: a regular expression reads the whole of it."""
        return _converted(query) if param_names is None else super().convert_query(query, param_names=param_names)

    def execute(self, query: str, params: Any = None) -> Any:
        self.connection.before(query)
        try:
            return super().execute(query, params)
        finally:
            self.connection.after()

    def executemany(self, query: str, param_list: Any) -> Any:
        self.connection.before(query)
        try:
            return super().executemany(query, param_list)
        finally:
            self.connection.after()
