"""The one place that starts a thread: for what the person asking need not wait for, and may ask for again."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Start = Callable[[Callable[[], None]], None]


def start(work: Callable[[], None]) -> None:
    """Do `work` beside the answer. It touches no row, and is lost if the process dies: for the rest, reactions."""
    _start(work)


@contextmanager
def use(instead: Start) -> Iterator[None]:
    """Start by `instead(work)` for the duration: tests and the lab do it at once."""
    global _start
    before, _start = _start, instead
    try:
        yield
    finally:
        _start = before


def _in_a_thread(work: Callable[[], None]) -> None:
    threading.Thread(target=work, daemon=True).start()


_start: Start = _in_a_thread
