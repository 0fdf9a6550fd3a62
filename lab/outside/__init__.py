"""The world that survives our crashes: time, a payment house, a mail server. It never reads our database."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lab.outside.clock import WorldClock
from lab.outside.house import House
from lab.outside.mail_server import MailServer

# A Sunday morning in Paris, as in the suite.
BEGINNING = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@dataclass
class Outside:
    """Plain data, so that a deep copy is a snapshot of it."""

    clock: WorldClock = field(default_factory=lambda: WorldClock(BEGINNING))
    house: House = field(default_factory=House)
    mail: MailServer = field(default_factory=MailServer)

    def version(self) -> tuple[int, int]:
        """Changes whenever something that an invariant compares with our books changed."""
        return self.house.version, self.mail.version


class Meanwhile:
    """What happens while our process waits for somebody's answer: at most one thing, set by an action."""

    def __init__(self) -> None:
        self._next: Callable[[], None] | None = None

    def plan(self, happening: Callable[[], None]) -> None:
        self._next = happening

    def forget(self) -> None:
        self._next = None

    def happen(self) -> None:
        happening, self._next = self._next, None
        if happening is not None:
            happening()
