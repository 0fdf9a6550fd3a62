"""Eight writers issue invoices of one company at once: no hole, no double, nothing unbalanced, nobody left waiting.

`amount` drafts are shared out among WRITERS processes that start together and issue through the verb. Each says which
numbers it was given; then the books, read again by `reglo verify`, must say the same. Nothing is drawn at random: the
order is the machine's.
"""

import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from typing import Any

from django.db import connection, transaction

from lab.results import Order, Result, Tell
from lab.scratch import books, scratch, unproved
from reglo.companies.models import Company
from reglo.invoicing.models import Invoice, InvoiceLine
from reglo.invoicing.services import issue_invoice
from reglo.ports import clock
from tests.factories import line, make_company, make_draft
from tests.harness.racing import FORK, in_process

WRITERS = 8
MOST_WAITED = 0.300  # seconds, p99 of one issue on SQLite, where writers queue for one lock
TOLD_EVERY = 10.0  # seconds
START_TOGETHER = 60.0  # seconds that a writer may take to be born


@dataclass(frozen=True)
class Share:
    """What one writer did: each invoice with the number it was given and the seconds that took."""

    issued: list[tuple[int, str, float]]
    began: float
    ended: float


def run(order: Order, tell: Tell) -> Result:
    with scratch(order.engine):
        return race(order, tell)


def race(order: Order, tell: Tell) -> Result:
    """The race on the migrated database that Django is connected to."""
    company = make_company()
    drafts = prepare(company, order.amount)
    tell(f"{len(drafts)} drafts ready")
    shares, dead = _write_together(company.id, drafts, tell)
    result = Result()
    issued = [one for share in shares for one in share.issued]
    result.counts["steps"] = len(issued)
    faults = [*dead, *numbering_faults(issued, order.amount), *_other_books(issued)]
    with books() as opened:
        faults += [f"reglo verify: {fault}" for fault in unproved(opened)]
    if issued:
        spent = [seconds for _invoice, _number, seconds in issued]
        elapsed = max(share.ended for share in shares) - min(share.began for share in shares)
        tell(
            f"{len(issued)} invoices, {len(issued) / elapsed:.0f} a second,"
            f" p99 {p99(spent) * 1000:.0f} ms, the longest {max(spent) * 1000:.0f} ms"
        )
        faults += latency_faults(order.engine, spent)
    again = f"python -m lab.part writers {order.engine} {order.amount} {order.seed} result.json"
    result.violations = [f"{fault}: {again}" for fault in faults]
    return result


def prepare(company: Company, amount: int) -> list[int]:
    """The ids of `amount` equal drafts: the first written by the verbs, the others its copies, row for row.

    A draft by the verbs takes longer than its issue; what is measured is issuing, and a draft has no past but its row.
    """
    lines = [line("75.00", quantity="4"), line("189.00", quantity="4"), line("45"), line("58", vat="10"), line("14.90")]
    model = make_draft(company, lines=lines)
    with transaction.atomic(), connection.cursor() as cursor:
        invoice = _columns(Invoice, "id")
        cursor.execute(
            f"INSERT INTO invoicing_invoice ({invoice})"  # noqa: S608 - our own names
            " WITH RECURSIVE copies(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < %s)"
            f" SELECT {invoice} FROM invoicing_invoice, copies WHERE id = %s AND n < %s",
            [amount, model.id, amount],
        )
        copied = _columns(InvoiceLine, "id", "invoice_id")
        of_model = copied.replace(", ", ", l.")
        cursor.execute(
            f"INSERT INTO invoicing_invoiceline (invoice_id, {copied}) SELECT copy.id, l.{of_model}"  # noqa: S608 (our own table)
            " FROM invoicing_invoiceline l JOIN invoicing_invoice copy ON copy.id > l.invoice_id"
            " WHERE l.invoice_id = %s ORDER BY copy.id",
            [model.id],
        )
    drafts = list(Invoice.objects.filter(company=company).order_by("id").values_list("id", flat=True))
    assert len(drafts) == amount, f"{len(drafts)} drafts were made"
    return drafts


def numbering_faults(issued: Sequence[tuple[int, str, float]], amount: int) -> Iterator[str]:
    """Every draft got a number, and together they are 1 to `amount`."""
    ranks = sorted(int(number.rpartition("-")[2]) for _invoice, number, _seconds in issued)
    if doubles := len(ranks) - len(set(ranks)):
        yield f"{doubles} numbers were given twice"
    if holes := set(range(1, amount + 1)) - set(ranks):
        yield f"{len(holes)} numbers were given to nobody, the first is {min(holes)}"
    if beyond := [rank for rank in ranks if rank > amount]:
        yield f"{len(beyond)} numbers are beyond {amount}"


def latency_faults(engine: str, spent: Sequence[float]) -> Iterator[str]:
    if engine == "sqlite" and p99(spent) > MOST_WAITED:
        yield f"p99 of an issue is {p99(spent) * 1000:.0f} ms, {MOST_WAITED * 1000:.0f} at most"


def p99(spent: Sequence[float]) -> float:
    return statistics.quantiles(spent, n=100)[98] if len(spent) > 1 else spent[0]


def _write_together(company: int, drafts: list[int], tell: Tell) -> tuple[list[Share], list[str]]:
    """The writers' shares, and a sentence for each that died."""
    together = FORK.Barrier(WRITERS, timeout=START_TOGETHER)
    done = FORK.Array("l", WRITERS)
    now = clock.now()
    writers: dict[Connection, BaseProcess] = {}
    for index in range(WRITERS):
        hear, told = FORK.Pipe(duplex=False)
        writers[hear] = in_process(_write, company, drafts[index::WRITERS], now, together, told, (done, index))
        told.close()
    return _gather(writers, done, len(drafts), tell)


def _write(
    company: int,
    drafts: Sequence[int],
    now: datetime,
    together: Barrier,
    told: Connection,
    counter: tuple[Any, int],
) -> None:
    """One writer: issue `drafts`, one after the other. They all share one instant, so midnight may pass meanwhile."""
    done, index = counter
    issued = []
    together.wait()
    began = time.perf_counter()
    for invoice in drafts:
        asked = time.perf_counter()
        number = issue_invoice(company_id=company, invoice_id=invoice, now=now).number
        issued.append((invoice, number or "", time.perf_counter() - asked))
        done[index] = len(issued)
    told.send(Share(issued, began, time.perf_counter()))


def _gather(
    writers: dict[Connection, BaseProcess], done: Any, amount: int, tell: Tell
) -> tuple[list[Share], list[str]]:
    shares, dead = [], []
    told_at, told = time.monotonic(), 0
    while writers:
        wait([*writers, *(process.sentinel for process in writers.values())], timeout=1.0)
        for hear, process in list(writers.items()):
            alive = process.is_alive()
            if hear.poll() and (share := _received(hear)):
                shares.append(share)
            elif alive:
                continue
            else:
                dead.append(f"a writer died with exit code {process.exitcode}")
            process.join()
            del writers[hear]
        since = time.monotonic() - told_at
        if since > TOLD_EVERY:
            tell(f"{sum(done)} of {amount} issued, {(sum(done) - told) / since:.0f} a second")
            told_at, told = time.monotonic(), sum(done)
    return shares, dead


def _received(hear: Connection) -> Share | None:
    try:
        share: Share = hear.recv()
    except EOFError:
        return None
    return share


def _other_books(issued: Sequence[tuple[int, str, float]]) -> Iterator[str]:
    """Where the table does not hold the numbers that the writers were told."""
    held = dict(Invoice.objects.exclude(status="draft").values_list("id", "number"))
    told = {invoice: number for invoice, number, _seconds in issued}
    if held != told:
        differ = [invoice for invoice in held.keys() | told.keys() if held.get(invoice) != told.get(invoice)]
        yield f"{len(differ)} invoices do not have the number that their writer was told, the first is {min(differ)}"


def _columns(model: type[Any], *but: str) -> str:
    return ", ".join(field.column for field in model._meta.concrete_fields if field.column not in but)
