"""Issuing a full five-line invoice, against the bare driver replaying the same SQL in the same transactions.

    python -m bench.issuing sqlite|postgresql

Three copies of one base: in the first each issue is recorded, statement by statement with its parameters; in the second
the verb issues the same drafts, timed; in the third the bare driver replays the recording, timed. The last two take
turns, a few invoices each, so that a noisy machine is noisy for both.

With eight writers nobody knows who gets which number, so a replay cannot say its recorded number, positions and event
again: the bases count from START, which no other whole number of an issue reaches, and a replay shifts every such
parameter by the difference between the number it got and the number recorded.
"""

import json
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

from bench import installation
from bench.figures import Figure
from bench.processes import PATIENCE, SPAWN, in_process, run_with_settings

INVOICES, TURN, WRITERS = 240, 5, 8
START = 1_000_000_000
Statement = tuple[str, list[Any]]
Recording = list[list[Statement]]  # per invoice, the statements of its transaction


def main(engine: str) -> None:
    prepare(engine)
    recording = in_process(record, engine, "recorded")
    ours, theirs = in_process(take_turns, engine, "ours", recording)
    figures = [
        Figure("issue, 1 writer", engine, ours, "invoices/s", f"bare driver {theirs:.0f}", ours / theirs),
        Figure("statements per issue", engine, max(map(len, recording)), "", "at most 16"),
    ]
    ours, p99 = many(engine, "ours8", issue_some, None)
    theirs, _p99 = many(engine, "driver8", replay_some, recording)
    figures.append(Figure("issue, 8 writers", engine, ours, "invoices/s", f"bare driver {theirs:.0f}", ours / theirs))
    figures.append(Figure("issue, 8 writers, p99", engine, p99 * 1000, "ms"))
    for name in ("template", "recorded", "ours", "driver", "ours8", "driver8"):
        installation.drop(engine, name)
    print(json.dumps([figure.as_json() for figure in figures]))


def prepare(engine: str) -> None:
    """The template with its drafts, and the copies."""
    installation.create(engine, "template")
    in_process(fill, engine, "template")
    for name in ("recorded", "ours", "driver", "ours8", "driver8"):
        installation.create(engine, name, template="template")


def fill(engine: str) -> None:
    """A company, a customer, and INVOICES drafts of five lines at two rates."""
    from reglo.database.migrate import migrate
    from reglo.ports import clock
    from tests.factories import line, make_company, make_customer, make_draft

    migrate(verbosity=0)
    company = make_company()
    customer = make_customer(company)
    lines = [line("75.00", quantity="4"), line("189.00", quantity="4"), line("45"), line("58", vat="10"), line("14.90")]
    count_from(company, START)
    for _ in range(INVOICES):
        make_draft(company, customer=customer, lines=lines, now=clock.now())
    if engine == "sqlite":
        from django.db import connection

        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def count_from(company: Any, start: int) -> None:
    """Every counter that an issue moves stands at `start`."""
    from django.db import connection

    from reglo.events.models import Event
    from reglo.invoicing.models import DocumentChain, NumberSequence
    from reglo.invoicing.numbering import series_for
    from reglo.invoicing.states import SeriesKind
    from reglo.ledger.models import EntryChain
    from reglo.ports import clock

    today = clock.now().astimezone(company.zone).date()
    series = series_for(SeriesKind.INVOICE, company_id=company.id, issue_date=today, practice=company.practice)
    NumberSequence.objects.create(company=company, series=series, last_number=start, last_date=today)
    for chain in (DocumentChain, EntryChain):
        chain._default_manager.filter(company_id=company.id).update(position=start)
    with connection.cursor() as cursor:
        table = Event._meta.db_table
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, start])
        else:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, start])


def record(engine: str) -> Recording:
    from django.db import connection

    recording: Recording = []
    for company, invoice in drafts():
        statements: list[Statement] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            assert not many, "a bulk insert is one statement"
            statements.append((sql, [plain(value) for value in params or ()]))  # noqa: B023 (used within its turn)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            issue(company, invoice)
        recording.append(
            [(driver_sql(engine, sql), params) for sql, params in statements if not sql.startswith("BEGIN")]
        )
    return recording


def driver_sql(engine: str, sql: str) -> str:
    return sql.replace("%s", "?") if engine == "sqlite" else sql


def plain(value: Any) -> Any:
    """A parameter as it can be handed to another process, and to a driver that never heard of Django."""
    if isinstance(value, memoryview):
        return bytes(value)
    return str(value) if isinstance(value, str) else value


def take_turns(engine: str, recording: Recording) -> tuple[float, float]:
    """Invoices per second of the verb, then of the driver: by the median time, which other work of the machine
    spoils less than the mean."""
    driver = Driver(engine, "driver")
    waiting = drafts()
    ours, theirs = [], []
    for start in range(0, INVOICES, TURN):
        ours += [timed(issue, *draft) for draft in waiting[start : start + TURN]]
        theirs += [timed(driver.replay, transaction) for transaction in recording[start : start + TURN]]
    return 1 / statistics.median(ours[TURN:]), 1 / statistics.median(theirs[TURN:])  # the first turn fills caches


def timed(work: Callable[..., None], *arguments: Any) -> float:
    """Seconds."""
    began = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - began


def many(engine: str, name: str, work: Callable[..., Any], recording: Recording | None) -> tuple[float, float]:
    """Invoices per second and p99 in seconds, of WRITERS processes sharing one company."""
    barrier = SPAWN.Barrier(WRITERS, timeout=PATIENCE)
    with ProcessPoolExecutor(WRITERS, SPAWN, initializer=meet_at, initargs=(barrier,)) as pool:
        writers = [
            pool.submit(run_with_settings, share, engine, name, (work, name, index, recording), {})
            for index in range(WRITERS)
        ]
        shares = [writer.result(PATIENCE) for writer in writers]
    instants = [instant for share in shares for instant in share]
    elapsed = max(end for _, end in instants) - min(begin for begin, _ in instants)
    spent = [end - begin for begin, end in instants]
    return len(spent) / elapsed, statistics.quantiles(spent, n=100)[98]


_barrier: Any = None


def meet_at(barrier: Any) -> None:
    global _barrier  # a barrier is handed to a process at its birth only
    _barrier = barrier


def share(
    engine: str, work: Callable[..., Any], name: str, index: int, recording: Recording | None
) -> list[tuple[float, float]]:
    """When each invoice of one writer began and ended, by the one monotonic clock of the machine."""
    todo = work(engine, name, index, recording)
    todo.pop(0)()  # the first one fills caches
    _barrier.wait()
    instants = []
    for one in todo:
        began = time.perf_counter()
        one()
        instants.append((began, time.perf_counter()))
    return instants


def issue_some(engine: str, name: str, index: int, _recording: None) -> list[Callable[[], None]]:
    mine = drafts()[index::WRITERS]
    return [partial(issue, *pair) for pair in mine]


def replay_some(engine: str, name: str, index: int, recording: Recording) -> list[Callable[[], None]]:
    driver = Driver(engine, name)
    return [partial(driver.replay, one) for one in recording[index::WRITERS]]


def drafts() -> list[tuple[int, int]]:
    from reglo.invoicing.models import Invoice

    return list(Invoice.objects.order_by("id").values_list("company_id", "id"))


def issue(company: int, invoice: int) -> None:
    from reglo.invoicing.services import issue_invoice
    from reglo.ports import clock

    issue_invoice(company_id=company, invoice_id=invoice, now=clock.now())


class Driver:
    """psycopg or sqlite3 alone, with the durability settings of the product."""

    def __init__(self, engine: str, name: str) -> None:
        self.sqlite = engine == "sqlite"
        address = installation.address_of(engine, name)
        if self.sqlite:
            self.connection: Any = sqlite3.connect(address, isolation_level=None, timeout=20)
            for pragma in ("synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON", "temp_store = MEMORY"):
                self.connection.execute(f"PRAGMA {pragma}")
        else:
            import psycopg

            self.connection = psycopg.connect(address, autocommit=True)

    def replay(self, transaction: list[Statement]) -> None:
        """Shape and order of the recorded transaction; counters shifted to where this base stands."""
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE" if self.sqlite else "BEGIN")
        shift = 0
        for sql, params in transaction:
            cursor.execute(sql, [value + shift if counts(value) else value for value in params])
            rows = cursor.fetchall() if cursor.description else []
            if "invoicing_numbersequence" in sql:
                shift = rows[0][0] - recorded_number(transaction)
        cursor.execute("COMMIT")


def counts(value: Any) -> bool:
    return isinstance(value, int) and value > START


def recorded_number(transaction: list[Statement]) -> int:
    """The number that was given when this transaction was recorded: its first counter."""
    counters = (value for _, params in transaction for value in params if counts(value))
    return int(next(counters))


if __name__ == "__main__":
    main(sys.argv[1])
