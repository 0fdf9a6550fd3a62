"""The SQLite engine on a file of its own, whatever engine the suite runs on."""

import fcntl
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import ConnectionHandler, IntegrityError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import CaptureQueriesContext

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "busy_timeout": 20_000,
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "own.sqlite3"


@pytest.fixture
def connection(file: Path, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[BaseDatabaseWrapper]:
    """A connection to `file`, which has a parent and a child table, under `transaction.atomic()`."""
    handler = ConnectionHandler({"default": {"ENGINE": "reglo.database.sqlite", "NAME": str(file)}})
    connection = handler["default"]
    monkeypatch.setattr(transaction, "get_connection", lambda using=None: connection)
    with django_db_blocker.unblock():
        execute(connection, "CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        execute(
            connection,
            "CREATE TABLE child (parent_id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)",
        )
        yield connection
        connection.close()


@pytest.fixture
def locked(file: Path) -> Callable[[], bool]:
    """Does anybody hold the write lock?"""

    def locked() -> bool:
        with Path(f"{file}.lock").open("ab") as probe:
            try:
                fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    return locked


def execute(connection: BaseDatabaseWrapper, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(("pragma", "value"), PRAGMAS.items())
def test_it_is_durable_and_strict(connection: BaseDatabaseWrapper, pragma: str, value: object):
    with connection.cursor() as cursor:
        assert cursor.execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_a_transaction_is_immediate(connection: BaseDatabaseWrapper):
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        pass

    assert queries[0]["sql"] == "BEGIN IMMEDIATE"


def test_a_transaction_holds_the_lock_to_its_end(connection: BaseDatabaseWrapper, locked: Callable[[], bool]):
    with transaction.atomic():
        assert locked()
        with transaction.atomic():
            execute(connection, "INSERT INTO parent VALUES (1)")
        assert locked()

    assert not locked()


def test_a_rolled_back_transaction_frees_the_lock(connection: BaseDatabaseWrapper, locked: Callable[[], bool]):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _ = 1 / 0

    assert not locked()


def test_a_refused_commit_frees_the_lock(connection: BaseDatabaseWrapper, locked: Callable[[], bool]):
    with pytest.raises(IntegrityError), transaction.atomic():
        execute(connection, "INSERT INTO child VALUES (404)")

    assert not locked()


def test_a_connection_closed_in_its_transaction_frees_the_lock(
    connection: BaseDatabaseWrapper, locked: Callable[[], bool]
):
    with transaction.atomic():
        connection.close()
        assert not locked()


def test_a_write_outside_a_transaction_leaves_the_lock_free(
    connection: BaseDatabaseWrapper, locked: Callable[[], bool]
):
    execute(connection, "INSERT INTO parent VALUES (1)")

    assert not locked()


def test_a_failed_write_leaves_the_lock_free(connection: BaseDatabaseWrapper, locked: Callable[[], bool]):
    execute(connection, "INSERT INTO parent VALUES (1)")
    with pytest.raises(IntegrityError):
        execute(connection, "INSERT INTO parent VALUES (1)")

    assert not locked()


def test_reading_waits_for_nobody(connection: BaseDatabaseWrapper, file: Path):
    with Path(f"{file}.lock").open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        with connection.cursor() as cursor:
            assert cursor.execute("SELECT COUNT(*) FROM parent").fetchone() == (0,)


def test_the_lock_can_be_kept_over_several_transactions(connection: BaseDatabaseWrapper, locked: Callable[[], bool]):
    with connection.connection.keep_write_lock():
        with transaction.atomic():
            pass
        assert locked()

    assert not locked()


def test_a_database_in_memory_has_no_lock(django_db_blocker: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    handler = ConnectionHandler({"default": {"ENGINE": "reglo.database.sqlite", "NAME": ":memory:"}})

    with django_db_blocker.unblock():
        execute(handler["default"], "CREATE TABLE t (id INTEGER)")

    assert list(tmp_path.iterdir()) == []


def test_a_writer_that_ignores_the_lock_is_slow_not_wrong(connection: BaseDatabaseWrapper, file: Path):
    with sqlite3.connect(file, timeout=0) as shell, transaction.atomic():
        execute(connection, "INSERT INTO parent VALUES (1)")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            shell.execute("INSERT INTO parent VALUES (2)")
    shell.close()
