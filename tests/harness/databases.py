"""One template, migrated and guarded as in production; every database of the suite is a copy of it.

Nothing is ever flushed and no guard is ever disabled: a test that commits gets a copy of its own, the others roll back.
"""

import os
import re
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.db import connection, connections, transaction

from reglo.database.migrate import migrate
from tests.harness.closed_network import is_local


class TestDatabases(ABC):
    """Copies of one template. `settings` is the live dictionary that new connections read."""

    __test__ = False

    def __init__(self) -> None:
        self.settings: dict[str, Any] = connections.settings["default"]
        self._numbers = count(1)

    @abstractmethod
    def create(self, name: str) -> str:
        """Make an empty database, or a copy of the template once it exists, and return its NAME."""

    @abstractmethod
    def remove(self, database: str) -> None: ...

    def build(self) -> None:
        self.template = ""
        template = self.create("template")
        self.settings["NAME"] = template
        migrate(verbosity=0)
        connection.close()
        self.template = template
        self.settings["NAME"] = self.create("shared")

    @contextmanager
    def own_copy(self) -> Iterator[None]:
        """A new copy of the template for one test, which may commit, fork and thread."""
        shared = self.settings["NAME"]
        connection.close()
        self.settings["NAME"] = copy = self.create(f"copy{next(self._numbers)}")
        try:
            yield
        finally:
            connection.close()
            self.settings["NAME"] = shared
            self.remove(copy)

    @contextmanager
    def rolled_back(self) -> Iterator[None]:
        """The shared copy, in a transaction that is undone; what its commit would refuse fails the test."""
        block = transaction.atomic()
        block._from_testcase = True  # lets verbs open their durable transactions
        with block:
            yield
            if not connection.needs_rollback:
                connection.check_constraints()
            transaction.set_rollback(True)

    def destroy(self) -> None:
        connection.close()
        self.remove(self.settings["NAME"])
        self.remove(self.template)


class SqliteDatabases(TestDatabases):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def create(self, name: str) -> str:
        path = self.folder / f"{name}.sqlite3"
        if self.template:
            shutil.copyfile(self.template, path)
        return str(path)

    def remove(self, database: str) -> None:
        for path in self.folder.glob(f"{Path(database).name}*"):
            path.unlink()


class PostgresqlDatabases(TestDatabases):
    def __init__(self, address: str, worker: str) -> None:
        super().__init__()
        self.address = address
        self.prefix = f"reglo_test_{os.getpid()}_{worker}"
        if is_local(urlsplit(address).hostname):
            self._remove_those_of_the_dead()

    def create(self, name: str) -> str:
        database = f"{self.prefix}_{name}"
        self._run(f"CREATE DATABASE {database} TEMPLATE {self.template or 'template0'} ENCODING 'UTF8'")
        return database

    def remove(self, database: str) -> None:
        self._run(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def _remove_those_of_the_dead(self) -> None:
        """A run that was killed on this machine left its databases on this server."""
        with psycopg.connect(self.address, autocommit=True) as server:
            names = [name for (name,) in server.execute("SELECT datname FROM pg_database").fetchall()]
        for name in names:
            run = re.match(r"reglo_test_(\d+)_", name)
            if run and not Path("/proc", run[1]).exists():
                self.remove(name)

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as server:
            server.execute(statement.encode())
