"""A verb that PostgreSQL chose as the victim of a conflict is run again, whole.

SQLite has one writer and no such conflict.
"""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection

P = ParamSpec("P")
T = TypeVar("T")

RETRIES = 3
SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"


def run_verb(verb: Callable[[], T]) -> T:
    """The value of `verb()`, run again at most three times when a conflict rolled it back.

    A conflict is a serialisation failure or a deadlock. `verb` opens its own transaction and must be safe to
    run from its beginning. Inside a transaction it runs once: what was rolled back is the caller's whole
    transaction, so the retry belongs to the outermost verb.
    """
    if connection.in_atomic_block:
        return verb()
    for _ in range(RETRIES):
        try:
            return verb()
        except OperationalError as error:
            if not is_conflict(error):
                raise
    return verb()


def retry_on_conflict(verb: Callable[P, T]) -> Callable[P, T]:
    """`run_verb` as a decorator; it stands outside `transaction.atomic`."""

    @functools.wraps(verb)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        return run_verb(lambda: verb(*args, **kwargs))

    return wrapped


def is_conflict(error: OperationalError) -> bool:
    """True where the database rolled the transaction back only because of another one."""
    return getattr(error.__cause__, "sqlstate", None) in {SERIALIZATION_FAILURE, DEADLOCK_DETECTED}
