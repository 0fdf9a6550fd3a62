"""A clock that moves only when a test says so."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SUNDAY_MORNING = datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))


class FrozenClock:
    def __init__(self, instant: datetime = SUNDAY_MORNING) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant

    def advance(self, **duration: float) -> datetime:
        """Move by `timedelta(**duration)`, backwards too, and return the new instant."""
        self.instant += timedelta(**duration)
        return self.instant
