"""Did anything change? Every row of every table, before and after."""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

# What a visit leaves and nobody calls data: who is signed in, the words of the next toast, how often was tried.
OF_THE_VISIT = {"django_session", "reglo_cache", "portal_trycount"}


def everything() -> dict[str, Counter[str]]:
    """The rows of each table, as they are stored."""
    with connection.cursor() as cursor:
        return {
            table: _rows(cursor, table)
            for table in connection.introspection.table_names(cursor)
            if table not in OF_THE_VISIT
        }


def counts() -> dict[str, int]:
    """How many rows each table has, the empty ones left out."""
    return {table: rows.total() for table, rows in everything().items() if rows}


def differences(before: dict[str, Counter[str]], after: dict[str, Counter[str]]) -> dict[str, list[str]]:
    """The rows that came or went, by table."""
    return {
        table: [*((before[table] - after[table]).elements()), *((after[table] - before[table]).elements())]
        for table in before
        if before[table] != after[table]
    }


@contextmanager
def nothing_written(*, but: Collection[str] = ()) -> Iterator[None]:
    """Whatever happens inside changes no row, the tables named by `but` apart."""
    before = everything()
    yield
    changed = differences(before, everything())
    assert {table: rows for table, rows in changed.items() if table not in but} == {}


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written inside is undone after; the verbs inside open their transactions as if they were alone."""
    block = transaction.atomic()
    block._from_testcase = True  # as in databases.rolled_back
    with block:
        yield
        transaction.set_rollback(True)


def _rows(cursor: object, table: str) -> Counter[str]:
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
    return Counter(repr(row) for row in cursor.fetchall())
