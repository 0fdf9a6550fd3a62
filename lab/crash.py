"""A process that dies between any two statements, before a COMMIT, or after it without knowing.

A point is passed before each statement, before and after each COMMIT, and after each write outside a transaction. The
process dies at the point its budget names: `SimCrash` is raised there, and from then on the connection refuses every
statement, so that no `except` or `finally` cleans up what a real kill would not have. `restart` is the next process:
what was not committed is gone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

_READS = ("SELECT", "BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA", "EXPLAIN")


class SimCrash(BaseException):
    """The process is dead. Not an Exception: nobody but the lab may catch it."""


class Crasher:
    """Stands between Django and the driver, on this thread's connection."""

    def __init__(self) -> None:
        self.budget: int | None = None
        self.points = 0
        self.writes = 0  # ever, to know whether anything may have changed
        self.dead = False
        self._raw: Any = None  # the driver's connection at the moment of death

    def arm(self, budget: int | None) -> None:
        """Die at point `budget` from now on, 0 being the first; None: live, and count the points."""
        self.budget, self.points = budget, 0

    def disarm(self) -> None:
        self.budget = None

    def restart(self) -> None:
        """Another process: the transaction that was open is rolled back, the connection is as new."""
        raw, self._raw = self._raw or connection.connection, None
        if raw is not None:
            raw.rollback()
            if connection.vendor == "postgresql":
                raw.autocommit = True
        connection.in_atomic_block = False
        connection.autocommit = True
        connection.needs_rollback = False
        connection.savepoint_ids, connection.atomic_blocks = [], []
        connection.run_on_commit = []
        mine: Any = connection
        mine.rollback_exc = None
        connection.closed_in_transaction = False
        self.dead = False
        self.budget = None

    @contextmanager
    def installed(self) -> Iterator[None]:
        mine: Any = connections_default()
        kept = {name: getattr(mine, name) for name in ("_commit", "_rollback", "_set_autocommit", "_close")}

        def commit() -> None:
            self._pass()
            kept["_commit"]()
            self._pass()

        def unless_dead(name: str) -> Callable[..., Any]:
            return lambda *arguments: None if self.dead else kept[name](*arguments)

        mine._commit = commit
        for name in ("_rollback", "_set_autocommit", "_close"):
            setattr(mine, name, unless_dead(name))
        mine.execute_wrappers.append(self._execute)
        try:
            yield
        finally:
            self.dead = False
            mine.execute_wrappers.remove(self._execute)
            for name in kept:
                delattr(mine, name)

    def _execute(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self._pass()
        result = execute(sql, params, many, context)
        if not sql.startswith(_READS):
            self.writes += 1
            if not context["connection"].in_atomic_block:
                self._pass()
        return result

    def _pass(self) -> None:
        if self.dead:
            raise SimCrash
        if self.budget is not None and self.points >= self.budget:
            self.dead, self._raw = True, connection.connection
            raise SimCrash
        self.points += 1


def connections_default() -> Any:
    """The very object behind Django's proxy: what is set on the proxy would not stay."""
    from django.db import connections

    return connections["default"]
