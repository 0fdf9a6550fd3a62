"""`reglo verify` on large books: a million ledger lines proved within a minute.

`amount` is a number of ledger lines. One invoice is issued and collected by the verbs; its rows are then written again
under other numbers, amounts kept, each copy numbered, chained and hashed after the one before, guards in place.
"""

import hashlib
import hmac
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core.management.color import no_style
from django.db import connection, transaction

from lab.results import Order, Result, Tell
from lab.scratch import scratch
from reglo.events.models import Event
from reglo.events.sealing import seal_events
from reglo.invoicing.models import Invoice
from reglo.payments.services import record_collection
from reglo.payments.states import Method
from reglo.ports import clock
from tests.factories import line, make_company, make_issued
from tests.settings import TEST_POSTGRESQL

MOST_SECONDS = 60.0
MOST_MEMORY = 500  # MiB
CHUNK = 5_000  # copies written in one transaction
Row = dict[str, Any]


def run(order: Order, tell: Tell) -> Result:
    with scratch(order.engine):
        return prove(order, write_books(order.amount, random.Random(order.seed), tell), tell)


def prove(order: Order, written: int, tell: Tell) -> Result:
    """Run `reglo verify` on the database that Django is connected to, as its owner would."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "reglo.operations.command_line", "verify"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "reglo.config.settings", "REGLO_DATABASE": _address()},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - began
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)  # it is the only child of this process
    memory = spent.ru_maxrss // 1024
    for said in done.stdout.splitlines():
        tell(said)
    tell(f"{written} lines proved in {seconds:.1f} s, {spent.ru_utime + spent.ru_stime:.1f} of processor, {memory} MiB")
    result = Result()
    result.counts["steps"] = written
    again = f"python -m lab.part large_books {order.engine} {order.amount} {order.seed} result.json"
    if done.returncode != 0:
        result.violations.append(f"reglo verify ended with {done.returncode}, {done.stderr.strip()}: {again}")
    if seconds > MOST_SECONDS:
        result.violations.append(f"reglo verify took {seconds:.0f} s for {written} lines: {again}")
    if memory > MOST_MEMORY:
        result.violations.append(f"reglo verify took {memory} MiB for {written} lines: {again}")
    return result


def write_books(lines: int, chance: random.Random, tell: Tell) -> int:
    """At least `lines` ledger lines of one company's paid invoices, events sealed; how many there are."""
    model = _Model()
    copies = -(-lines // len(model.rows["ledger_entryline"])) - 1
    for first in range(1, copies + 1, CHUNK):
        tables: dict[str, list[Row]] = defaultdict(list)
        for copy in range(first, min(first + CHUNK, copies + 1)):
            model.copy(copy, UUID(bytes=chance.randbytes(16), version=4), tables)
        with transaction.atomic():
            for table in ORDER:
                _insert(table, tables[table])
            model.move_heads()
        tell(f"{first + len(tables['invoicing_invoice']) - 1} of {copies} invoices written")
    _reset_sequences()
    while seal_events(now=clock.now()) is not None:
        pass
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")  # as its own daemon would have done since
        cursor.execute("SELECT COUNT(*) FROM ledger_entryline")
        return int(cursor.fetchone()[0])


# Lines before the entry that seals them, a row before those that refer to it.
ORDER = (
    *("invoicing_invoice", "invoicing_settlement", "payments_payment", "payments_allocation"),
    *("ledger_entryline", "ledger_entry", "events_event", "events_eventcontent"),
)


class _Model:
    """A paid invoice as the verbs wrote it, and the state of the chains that its copies go on."""

    def __init__(self) -> None:
        self.company = make_company()
        lines = [line("75.00", quantity="4"), line("189.00", quantity="4"), line("58", vat="10")]
        self.invoice = make_issued(self.company, lines=lines)
        self.payment = record_collection(
            company_id=self.company.id,
            invoice_id=self.invoice.id,
            amount_minor=self.invoice.gross_minor,
            method=Method.TRANSFER,
            collected_on=clock.now().date(),
            now=clock.now(),
        )
        self.rows = {
            "invoicing_invoice": _rows("invoicing_invoice", "id", self.invoice.id),
            "invoicing_settlement": _rows("invoicing_settlement", "invoice_id", self.invoice.id),
            "payments_payment": _rows("payments_payment", "id", _key(self.payment.id)),
            "payments_allocation": _rows("payments_allocation", "payment_id", _key(self.payment.id)),
            "ledger_entryline": _rows("ledger_entryline", "company_id", self.company.id),
            "ledger_entry": sorted(
                _rows("ledger_entry", "company_id", self.company.id), key=lambda row: row["position"]
            ),
            "events_event": self._events(),
        }
        self.contents = {
            event["id"]: _rows("events_eventcontent", "event_id", event["id"]) for event in self.rows["events_event"]
        }
        self.document_head = self.invoice.hash
        self.entry_position, self.entry_head = len(self.rows["ledger_entry"]), self.rows["ledger_entry"][-1]["hash"]
        self.rank = 1
        self.event = max(event["id"] for event in self.rows["events_event"])

    def _events(self) -> list[Row]:
        subjects = (str(self.invoice.id), str(self.payment.id))
        return [event for subject in subjects for event in _rows("events_event", "subject_id", subject)]

    def copy(self, copy: int, payment: UUID, tables: dict[str, list[Row]]) -> None:
        """The rows of one more paid invoice, the `copy`-th, that is paid by `payment`."""
        invoice = self.invoice.id + copy
        number = self._document(invoice, tables)
        keys = {"payment_id": _key(payment), "invoice_id": invoice}
        for table in ("invoicing_settlement", "payments_allocation"):
            tables[table] += [_with(row, keys) for row in self.rows[table]]
        tables["payments_payment"] += [{**row, "id": _key(payment)} for row in self.rows["payments_payment"]]
        named = {
            str(self.invoice.number): number,
            f"payment:{self.payment.id}": f"payment:{payment}",
            f"invoice:{self.invoice.id}": f"invoice:{invoice}",
        }
        for entry in self.rows["ledger_entry"]:
            self._entry(entry, named, payment, tables)
        for event in self.rows["events_event"]:
            subject = {str(self.invoice.id): str(invoice), str(self.payment.id): str(payment)}[event["subject_id"]]
            self._event(event, subject, named, tables)

    def _document(self, invoice: int, tables: dict[str, list[Row]]) -> str:
        [row] = self.rows["invoicing_invoice"]
        self.rank += 1
        number = f"{row['series']}{self.rank:04d}"
        frozen = row["frozen"].replace(row["number"], number)
        previous = self.document_head
        self.document_head = _sha256(previous + _sha256(frozen))
        tables["invoicing_invoice"].append(
            {
                **row,
                "id": invoice,
                "number": number,
                "frozen": frozen,
                "chain_position": self.rank,
                "previous_hash": previous,
                "hash": self.document_head,
            }
        )
        return number

    def _entry(self, entry: Row, named: dict[str, str], payment: UUID, tables: dict[str, list[Row]]) -> None:
        """The entry under another id, its lines, and its hash as `docs/algorithms/chains.md` says it."""
        self.entry_position += 1
        copied = {name: _renamed(value, named) for name, value in entry.items()}
        key = UUID(int=payment.int ^ self.entry_position)
        copied |= {"id": _key(key), "position": self.entry_position, "previous_hash": self.entry_head}
        lines = [
            {**{name: _renamed(value, named) for name, value in row.items()}, "entry_id": copied["id"]}
            for row in self.rows["ledger_entryline"]
            if row["entry_id"] == entry["id"]
        ]
        sealed = [self.entry_head, copied["company_id"], self.entry_position]
        sealed += [str(copied[name]) for name in ("journal", "entry_date", "piece", "piece_date", "label", "source")]
        sides = [[row[name] for name in _SEALED_OF_LINES] for row in sorted(lines, key=lambda row: row["rank"])]
        self.entry_head = _sha256(json.dumps([*sealed, sides], ensure_ascii=False, separators=(",", ":")))
        copied["hash"] = self.entry_head
        tables["ledger_entry"].append(copied)
        tables["ledger_entryline"] += lines

    def _event(self, event: Row, subject: str, named: dict[str, str], tables: dict[str, list[Row]]) -> None:
        self.event += 1
        copied = {**event, "id": self.event, "subject_id": subject}
        for row in self.contents[event["id"]]:
            content = row["content"]
            for before, after in named.items():
                content = content.replace(before, after)
            copied["digest"] = hmac.new(bytes(row["salt"]), content.encode(), hashlib.sha256).hexdigest()
            tables["events_eventcontent"].append({**row, "event_id": self.event, "content": content})
        tables["events_event"].append(copied)

    def move_heads(self) -> None:
        """The counter and the chains say where the copies are."""
        with connection.cursor() as cursor:
            company = self.company.id
            cursor.execute("UPDATE invoicing_numbersequence SET last_number = %s", [self.rank])
            for table, position, head in (
                ("invoicing_documentchain", self.rank, self.document_head),
                ("ledger_entrychain", self.entry_position, self.entry_head),
            ):
                cursor.execute(
                    f"UPDATE {table} SET position = %s, head = %s WHERE company_id = %s",  # noqa: S608 - our own table
                    [position, head, company],
                )


_SEALED_OF_LINES = (
    *("rank", "account", "account_label", "auxiliary", "auxiliary_label", "label"),
    *("debit_minor", "credit_minor"),
)
_CHOSEN_BY_THE_DATABASE = ("payments_allocation", "ledger_entryline")  # their ids, to which nothing refers


def _rows(table: str, column: str, value: int | str | UUID, *, order: str = "1") -> list[Row]:
    """As the driver gives them, to be written back as they are."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {column} = %s ORDER BY {order}", [value])  # noqa: S608 - our own names
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _insert(table: str, rows: list[Row]) -> None:
    if not rows:
        return
    names = [name for name in rows[0] if name != "id" or table not in _CHOSEN_BY_THE_DATABASE]
    values = ([row[name] for name in names] for row in rows)
    columns = ", ".join(names)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["?"] * len(names))
            connection.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)  # noqa: S608 (names of our own)
            return
        with cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)


def _reset_sequences() -> None:
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [Invoice, Event]):
            cursor.execute(sql)


def _with(row: Row, keys: Row) -> Row:
    return {**row, **{name: value for name, value in keys.items() if name in row}}


def _renamed(value: Any, named: dict[str, str]) -> Any:
    if isinstance(value, str):
        for before, after in named.items():
            value = value.replace(before, after)
    return value


def _key(identifier: UUID) -> str | UUID:
    """A UUID as a column of this engine holds it."""
    return identifier.hex if connection.vendor == "sqlite" else identifier


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _address() -> str:
    name = str(connection.settings_dict["NAME"])
    connection.close()
    return name if Path(name).is_absolute() else urlsplit(TEST_POSTGRESQL)._replace(path=f"/{name}").geturl()
