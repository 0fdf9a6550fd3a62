"""True time, and how wrong the clocks of our machine and of our database are."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from unittest import mock

from reglo.database import clock as database_clock
from reglo.ports import clock as clock_port


@dataclass
class WorldClock:
    true: datetime
    ours: timedelta = field(default_factory=timedelta)  # our machine's clock minus the true time
    database: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return self.true + self.ours

    def database_now(self) -> datetime:
        return self.true + self.database

    def let_pass(self, duration: timedelta) -> None:
        self.true += duration

    def set_right(self) -> None:
        self.ours = timedelta()


@contextmanager
def in_charge(clock: "CurrentClock") -> Iterator[None]:
    """Everything here reads this clock: our port, the database's, and Django's cache in which visits are counted."""
    with ExitStack() as stack:
        stack.enter_context(clock_port.use(clock.now))
        stack.enter_context(database_clock.use(clock.database_now))
        stack.enter_context(mock.patch("django.core.cache.backends.db.tz_now", clock.now))
        ticking = SimpleNamespace(time=lambda: clock.now().timestamp())
        stack.enter_context(mock.patch("django.core.cache.backends.base.time", ticking))
        yield


class CurrentClock:
    """The clock of whichever world is being played."""

    def __init__(self, world: WorldClock) -> None:
        self.world = world

    def now(self) -> datetime:
        return self.world.now()

    def database_now(self) -> datetime:
        return self.world.database_now()
