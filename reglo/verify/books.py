"""The books as rows, read in one snapshot that nobody can change under us."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from reglo.ports.terminal import gettext as _

Row = tuple[Any, ...]
CACHE = 64_000  # KiB of SQLite's pages: the lines of an entry are all over the file


class UnreadableBooks(Exception):
    """The database does not answer, or is not one of ours."""


@dataclass(frozen=True)
class Books:
    """`rows(sql)` streams the rows of a SELECT; `read_file(sha256)` gives the bytes kept under that name."""

    rows: Callable[[str], Iterator[Row]]
    read_file: Callable[[str], bytes]


@contextmanager
def open_books(address: str, *, read_file: Callable[[str], bytes]) -> Iterator[Books]:
    """Books of an SQLite file or a postgresql:// address, read-only, in one snapshot. Raises UnreadableBooks."""
    try:
        if address.startswith(("postgresql://", "postgres://")):
            with psycopg.connect(address) as connection:
                connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
                connection.read_only = True
                yield Books(rows=lambda sql: _stream(connection, sql), read_file=read_file)
            return
        file = Path(address).absolute()
        if not file.exists():
            raise UnreadableBooks(_("il n’y a pas de base à %(address)s") % {"address": address})
        with sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, isolation_level=None) as database:
            database.execute(f"PRAGMA cache_size = -{CACHE}")
            database.execute("BEGIN")
            yield Books(rows=lambda sql: iter(database.execute(sql)), read_file=read_file)
            database.execute("ROLLBACK")
    except (psycopg.Error, sqlite3.Error) as error:
        raise UnreadableBooks(str(error)) from error


def _stream(connection: "psycopg.Connection[Row]", sql: str) -> Iterator[Row]:
    with connection.cursor("books") as cursor:
        cursor.itersize = 20_000
        yield from cursor.execute(sql)
