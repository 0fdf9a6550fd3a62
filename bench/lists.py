"""The list of invoices, its filters and its search, at a million invoices against a thousand.

    python -m bench.lists sqlite|postgresql

Two bases of one company each, filled alike: an invoice issued by the verb is copied by one statement, with its number,
dates and settlement changed (its frozen text is left short, as no list reads it). The same share of them is settled,
owed, late and written by each customer. Their reads take turns, in two processes that live as long as the measure.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from typing import Any

from bench import installation
from bench.figures import Figure
from bench.processes import SPAWN, run_with_settings

SIZES = {"small": 1_000, "large": 1_000_000}
ROUNDS, TURN = 12, 5
FILL_SECONDS = 900
CUSTOMERS, BUYERS, SPAN = 1_000, 18, 700  # as many in both bases, and those who buy; days
OWED_EVERY, DRAFT_EVERY = 10, 15  # so that every list fills its page in both bases
EXPECTED = {"search, a number": 1, "search, nothing found": 0}  # rows; all others fill their page
BATCH = 50_000  # copied in one transaction


def main(engine: str) -> None:
    pools = {name: ProcessPoolExecutor(1, SPAWN) for name in SIZES}
    try:
        for name, size in SIZES.items():
            installation.create(engine, f"lists_{name}")
            call(pools[name], fill, engine, name, size)
        times: dict[str, dict[str, list[float]]] = {name: {} for name in SIZES}
        for _ in range(ROUNDS):
            for name in SIZES:
                for read, spent in call(pools[name], measure, engine, name).items():
                    times[name].setdefault(read, []).extend(spent)
    finally:
        for pool in pools.values():
            pool.shutdown()
    for name in SIZES:
        installation.drop(engine, f"lists_{name}")
    print(json.dumps([figure(engine, read, times).as_json() for read in times["large"]]))


def figure(engine: str, read: str, times: dict[str, dict[str, list[float]]]) -> Figure:
    large, small = (statistics.median(times[name][read]) * 1000 for name in ("large", "small"))
    return Figure(f"{read}, 1,000,000 invoices", engine, large, "ms", f"1,000: {small:.2f}", large / small)


def call(pool: ProcessPoolExecutor, work: Callable[..., Any], engine: str, name: str, *arguments: Any) -> Any:
    return pool.submit(run_with_settings, work, engine, f"lists_{name}", arguments, {}).result(FILL_SECONDS)


def fill(engine: str, size: int) -> None:
    """A company of CUSTOMERS customers with `size` issued invoices, over SPAN days; what is owed, and drafts."""
    from django.db import connection

    from reglo.customers.models import Customer
    from reglo.database.migrate import migrate
    from reglo.invoicing.models import Invoice, Settlement
    from tests.factories import make_company, make_customer, make_draft, make_issued
    from tests.factories.companies import FOUNDED_AT

    migrate(verbosity=0)
    company = make_company()
    customer = make_customer(company, name="Client 000")
    Customer.objects.bulk_create(
        Customer(company=company, name=f"Client {rank:03d}", created_at=FOUNDED_AT) for rank in range(1, CUSTOMERS)
    )
    issued, draft = make_issued(company, customer=customer), make_draft(company, customer=customer)
    first_id = draft.pk + 1
    at = _MOMENT[connection.vendor].format(minutes=f"n.i * {SPAN * 1440 / size}")
    said = {
        "id": f"{first_id} + n.i",
        "customer_id": f"{customer.pk} + n.i % {BUYERS}",
        "customer_name": f"'Client ' || n.i % {BUYERS}",
        "created_at": at,
        "edited_at": at,
    }
    named = {
        "number": f"m.series || {_PADDED[connection.vendor]}",
        "chain_position": "n.i + 2",
        "frozen": "''",
        "issue_date": _DAY[connection.vendor].format(at=at, more=0),
        "due_date": _DAY[connection.vendor].format(at=at, more=30),
    }
    drafts = size // DRAFT_EVERY
    for first in range(1, size, BATCH):
        last = min(size, first + BATCH) - 1
        copy(Invoice, f"m.id = {issued.pk}", {**said, **named}, first, last)
        paid = f"CASE WHEN n.i % {OWED_EVERY} = 0 THEN 0 ELSE m.gross_minor END"
        kept = {
            "invoice_id": f"{first_id} + n.i",
            "settled_minor": paid,
            "edited_at": at,
            "due_date": named["due_date"],
        }
        copy(Settlement, f"m.invoice_id = {issued.pk}", kept, first, last)
    copy(Invoice, f"m.id = {draft.pk}", {**said, "id": f"{first_id + size} + n.i"}, 1, drafts)
    if connection.vendor == "postgresql":
        connection.cursor().execute("VACUUM ANALYZE")  # as its autovacuum does of itself


def copy(model: Any, which: str, changed: dict[str, str], first: int, last: int) -> None:
    """The row of `model` that fits `which`, once for each number n.i from first to last, these columns changed."""
    from django.db import connection

    columns = [field.column for field in model._meta.concrete_fields]
    values = ", ".join(changed.get(column, f"m.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})"
            f" INSERT INTO {model._meta.db_table} ({', '.join(columns)})"
            f" SELECT {values} FROM n, {model._meta.db_table} m WHERE {which}"
        )


_MOMENT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', m.edited_at, '-' || ({minutes}) || ' minutes')",
    "postgresql": "m.edited_at - ({minutes}) * interval '1 minute'",
}
_DAY = {"sqlite": "date({at}, '+{more} days')", "postgresql": "CAST({at} AS date) + {more}"}
_PADDED = {
    "sqlite": "printf('%04d', n.i + 2)",
    "postgresql": "CASE WHEN n.i < 9998 THEN lpad((n.i + 2)::text, 4, '0') ELSE (n.i + 2)::text END",
}


def reads(company: Any) -> dict[str, Callable[[], Any]]:
    """What is measured, by its name. A page has fifty lines and looks for one more."""
    from reglo.invoicing.queries import Cursor, Filter, invoice_list
    from reglo.ports import clock

    now = clock.now()

    def read(shown: Filter = Filter.ALL, search: str = "", **more: Any) -> Callable[[], Any]:
        return lambda: invoice_list(company, shown=shown, search=search, today=now.date(), limit=51, **more)

    middle = Cursor(now - timedelta(days=SPAN // 2), 0)
    return {
        "list": read(),
        "list, its middle": read(after=middle),
        "list, owed": read(Filter.DUE),
        "list, late": read(Filter.OVERDUE),
        "list, paid": read(Filter.PAID),
        "list, drafts": read(Filter.DRAFT),
        "search, a number": read(search="0517"),
        "search, a customer": read(search="Client 017"),
        "search, nothing found": read(search="introuvable"),
    }


def measure(_engine: str) -> dict[str, list[float]]:
    """Seconds of each read, TURN times."""
    from reglo.companies.models import Company

    spent: dict[str, list[float]] = {}
    for name, read in reads(Company.objects.get()).items():
        rows = len(read())
        assert rows == EXPECTED.get(name, 51), f"{name}: {rows} rows, and both bases must answer alike"
        for _ in range(TURN):
            began = time.perf_counter()
            read()
            spent.setdefault(name, []).append(time.perf_counter() - began)
    return spent


if __name__ == "__main__":
    main(sys.argv[1])
