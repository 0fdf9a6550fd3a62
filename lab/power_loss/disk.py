"""A disk that remembers: SQLite writes through it, and every write, truncation, deletion and sync is noted in order."""

import itertools
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw

from lab.power_loss.workload import Fact, Recording, Statement
from reglo.database.sqlite.base import PRAGMAS

_names = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Write:
    file: str  # the name's suffix: "" is the database, "-wal" its log
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    file: str
    size: int


@dataclass(frozen=True, slots=True)
class Delete:
    """`synced` when the directory was synced with it."""

    file: str
    synced: bool


@dataclass(frozen=True, slots=True)
class Sync:
    file: str


Operation = Write | Truncate | Delete | Sync


@dataclass
class Played:
    """`facts` are those acknowledged, each with the number of operations done by then; `file` is what was left."""

    file: Path
    log: list[Operation]
    facts: list[tuple[Fact, int]]
    transactions: int

    @property
    def checkpoints(self) -> int:
        return sum(isinstance(one, Sync) and one.file == "" for one in self.log)


def replay(recording: Recording, folder: Path, *, synchronous: int = PRAGMAS["synchronous"]) -> Played:
    """Say the recorded steps again to a copy of their base, on a disk that remembers.

    The settings are those that `reglo.database.sqlite` gives each connection; the journal mode is in the file.
    """
    file = folder / "replayed.sqlite3"
    shutil.copyfile(recording.base, file)
    log: list[Operation] = []
    disk = _Disk(str(file), log)
    connection = apsw.Connection(str(file), vfs=disk.name)
    [(mode,)] = connection.execute("PRAGMA journal_mode")
    assert mode == "wal", f"the product left its file in {mode} mode"
    for name, value in {**PRAGMAS, "synchronous": synchronous}.items():
        list(connection.execute(f"PRAGMA {name} = {value}"))
    played = Played(file, log, [], 0)
    for step in recording.steps:
        if isinstance(step, Fact):
            played.facts.append((step, len(log)))
        else:
            _say(connection, step)
            played.transactions += step.sql == "COMMIT"
    connection.close()
    return played


def _say(connection: apsw.Connection, step: Statement) -> None:
    for _row in connection.execute(step.sql, step.params):
        pass  # to the end: a statement that returns rows has only then done its work


class _Disk(apsw.VFS):
    """The operating system's own file system, noting what is done to `path` and the files named after it."""

    def __init__(self, path: str, log: list[Operation]) -> None:
        self.name = f"remembering-{next(_names)}"
        self._path, self._log = path, log
        super().__init__(self.name, "")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 (a name of SQLite)
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path is None:  # a temporary file of SQLite's, which no crash gives back
            return apsw.VFSFile("", name, flags)
        return _File(name, flags, path.removeprefix(self._path), self._log)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802 (a name of SQLite)
        super().xDelete(filename, syncdir)
        self._log.append(Delete(filename.removeprefix(self._path), syncdir))


class _File(apsw.VFSFile):
    def __init__(self, name: Any, flags: list[int], suffix: str, log: list[Operation]) -> None:
        super().__init__("", name, flags)
        self._suffix, self._log = suffix, log

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 (a name of SQLite)
        super().xWrite(data, offset)
        self._log.append(Write(self._suffix, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 (a name of SQLite)
        super().xTruncate(newsize)
        self._log.append(Truncate(self._suffix, newsize))

    def xSync(self, flags: int) -> None:  # noqa: N802 (a name of SQLite)
        super().xSync(flags)
        self._log.append(Sync(self._suffix))
