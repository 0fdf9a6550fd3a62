"""One founded world per process, and copies of it in a blink: a file beside it, or CREATE DATABASE … TEMPLATE."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from tests.harness.databases import PostgresqlDatabases, SqliteDatabases, TestDatabases

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - the kernel's own: a file there is as fast as memory


class LabDatabases:
    """`work` is the database that the settings name; `snapshot` copies it aside and `restore` puts the copy back."""

    def __init__(self, engine: str, folder: Path) -> None:
        self.folder = folder
        self.copies: TestDatabases = (
            SqliteDatabases(folder) if engine == "sqlite" else PostgresqlDatabases(settings.TEST_POSTGRESQL, "lab")
        )
        self.kept: dict[str, str] = {}
        self.empty = ""

    def build(self, found: Callable[[], None]) -> None:
        """Migrate as in production, then found the world: the snapshot "base"."""
        self.copies.build()
        self.empty = self.copies.template
        found()
        self.snapshot("base")

    def snapshot(self, name: str) -> None:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        self.forget(name)
        self.copies.template = self.copies.settings["NAME"]
        self.kept[name] = self.copies.create(f"kept_{name}")

    def restore(self, name: str = "base") -> None:
        connection.close()
        work = self.copies.settings["NAME"]
        self.copies.remove(work)
        self.copies.template = self.kept[name]
        self.copies.settings["NAME"] = self.copies.create("shared")

    def forget(self, name: str) -> None:
        if name in self.kept:
            self.copies.remove(self.kept.pop(name))

    def destroy(self) -> None:
        for name in list(self.kept):
            self.forget(name)
        self.copies.template = self.empty
        self.copies.destroy()


@contextmanager
def laboratory(engine: str, found: Callable[[], None]) -> Iterator[LabDatabases]:
    """Databases and files of this process, removed at its end."""
    root = SHARED_MEMORY if SHARED_MEMORY.is_dir() and os.access(SHARED_MEMORY, os.W_OK) else None
    _remove_those_of_the_dead(root or Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=f"reglo_lab_{os.getpid()}_", dir=root))
    lab_settings: Any = settings
    lab_settings.FILES_ROOT = folder / "files"
    databases = LabDatabases(engine, folder)
    try:
        databases.build(found)
        yield databases
    finally:
        databases.destroy()
        shutil.rmtree(folder, ignore_errors=True)


def _remove_those_of_the_dead(root: Path) -> None:
    """A run that was killed left its folder."""
    for folder in root.glob("reglo_lab_*_*"):
        process = folder.name.split("_")[2]
        if process.isdigit() and not Path("/proc", process).exists():
            shutil.rmtree(folder, ignore_errors=True)
