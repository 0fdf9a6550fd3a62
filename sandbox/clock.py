"""The sandbox's time: the machine's clock plus a number of seconds read from a file, so that a demonstration moves."""

import time
from collections.abc import Callable
from pathlib import Path


class Clock:
    def __init__(self, offset_file: Path | None = None, machine: Callable[[], float] = time.time) -> None:
        """`machine` is the clock that the offset is added to; a test may hand in its own."""
        self.offset_file = offset_file
        self._machine = machine

    def offset(self) -> int:
        """Seconds added to the machine's clock; a missing or empty file means none.

        Raises ValueError where the file holds anything but a whole number.
        """
        if self.offset_file is None or not self.offset_file.exists():
            return 0
        return int(self.offset_file.read_text(encoding="ascii").strip() or "0")

    def set_offset(self, seconds: int) -> None:
        """Write the offset for everybody who reads the file. Raises ValueError where no file was given at start."""
        if self.offset_file is None:
            raise ValueError("the sandbox was started without a clock file")
        draft = self.offset_file.with_suffix(".new")
        draft.write_text(f"{seconds}\n", encoding="ascii")
        draft.replace(self.offset_file)

    def now(self) -> int:
        """Seconds since 1970."""
        return int(self._machine()) + self.offset()
