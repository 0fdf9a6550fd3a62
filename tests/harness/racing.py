"""Real processes and threads on a test's own database, each with a connection of its own."""

import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

from django.db import connections

FORK = multiprocessing.get_context("fork")  # a child starts in milliseconds, on the same settings


def in_process(function: Callable[..., None], *args: Any) -> BaseProcess:
    """Start `function(*args)` in a child."""

    def run() -> None:
        function(*args)
        connections.close_all()

    connections.close_all()  # an open connection must not be shared
    process = FORK.Process(target=run)
    process.start()
    return process


def in_threads(*functions: Callable[[], None]) -> list[Exception]:
    """Run all at once; return what they raised."""
    raised: list[Exception] = []
    together = threading.Barrier(len(functions))

    def run(function: Callable[[], None]) -> None:
        together.wait()
        try:
            function()
        except Exception as error:  # noqa: BLE001 - for the test to judge
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised
