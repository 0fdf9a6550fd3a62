"""What a part throws away: databases copied from one template, a folder of files, and the processes it started."""

import ctypes
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from reglo.files.store import path_of
from reglo.verify.books import Books, open_books
from reglo.verify.run import verify
from tests.harness.databases import PostgresqlDatabases, SqliteDatabases, TestDatabases
from tests.settings import TEST_POSTGRESQL

PR_SET_PDEATHSIG = 1


@contextmanager
def scratch(engine: str, address: str = TEST_POSTGRESQL) -> Iterator[TestDatabases]:
    """Databases of this run, the first one ready; all are removed at the end, whatever ended it."""
    with tempfile.TemporaryDirectory(prefix="reglo_lab_") as folder, leaving_cleanly(), kept_files(Path(folder)):
        databases: TestDatabases = (
            SqliteDatabases(Path(folder)) if engine == "sqlite" else PostgresqlDatabases(address, "lab")
        )
        name = databases.settings["NAME"]
        try:
            databases.build()
            yield databases
        finally:
            connection.close()
            databases.settings["NAME"] = name
            if isinstance(databases, PostgresqlDatabases):
                _drop(databases)


def _drop(databases: PostgresqlDatabases) -> None:
    with psycopg.connect(databases.address, autocommit=True) as server:
        ours = f"{databases.prefix}_%"
        names = server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [ours]).fetchall()
    for (name,) in names:
        databases.remove(name)


@contextmanager
def kept_files(folder: Path) -> Iterator[None]:
    """Store files under `folder` for the duration."""
    before = settings.FILES_ROOT
    settings.FILES_ROOT = folder / "files"
    try:
        yield
    finally:
        settings.FILES_ROOT = before


@contextmanager
def leaving_cleanly() -> Iterator[None]:
    """Being asked to end is an exception: what was made is removed on the way out."""

    def leave(*_: Any) -> None:
        sys.exit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def die_with_parent(how: int = signal.SIGKILL) -> None:
    """Called in a child: the kernel ends it when its parent is gone, however that happened."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, how)


def address() -> str:
    """The database in use, as `reglo verify` takes it."""
    settings_dict = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(settings_dict["NAME"])
    host, port = settings_dict["HOST"] or "", settings_dict["PORT"] or 5432
    return f"postgresql://{settings_dict['USER']}@/{settings_dict['NAME']}?host={host}&port={port}"


@contextmanager
def books() -> Iterator[Books]:
    """The database in use, read with raw SQL in one snapshot, by a connection that is not the product's."""
    with open_books(address(), read_file=lambda sha256: path_of(sha256).read_bytes()) as opened:
        yield opened


def unproved(opened: Books) -> list[str]:
    """What `reglo verify` finds."""
    return [f"{verdict.sentence} : {fault}" for verdict in verify(opened) for fault in verdict.faults]
