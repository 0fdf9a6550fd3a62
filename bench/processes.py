"""Every part runs in a process of its own, whose settings point at a scratch installation: one that dies is an error
here, and nothing waits for ever."""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from bench import installation

SPAWN = multiprocessing.get_context("spawn")
PATIENCE = 120  # seconds that any one part may take


def in_process(work: Callable[..., Any], engine: str, name: str, *arguments: Any, **settings: str) -> Any:
    """`work(engine, *arguments)` on the base `name`. Raises what it raises, TimeoutError, BrokenProcessPool."""
    with ProcessPoolExecutor(1, SPAWN) as pool:
        return pool.submit(run_with_settings, work, engine, name, arguments, settings).result(PATIENCE)


@contextmanager
def held_process(engine: str, name: str, **settings: str) -> Iterator[Callable[..., Any]]:
    """One process that lives as long as the block, and works on the base `name` each time that it is called."""
    with ProcessPoolExecutor(1, SPAWN) as pool:
        yield lambda work, *arguments: pool.submit(run_with_settings, work, engine, name, arguments, settings).result(
            PATIENCE
        )


def run_with_settings(
    work: Callable[..., Any], engine: str, name: str, arguments: tuple[Any, ...], settings: dict[str, str]
) -> Any:
    os.environ.update({**installation.settings_for(engine, name), **settings})
    import django

    django.setup()
    try:
        return work(engine, *arguments)
    finally:
        from django.db import connection

        connection.close()
