"""What must be true of a database that lived through a power failure, in raw SQL of our own.

On a part of the images `reglo verify` judges as well.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from lab.power_loss.images import Image
from lab.power_loss.workload import Fact
from reglo.verify.books import UnreadableBooks, open_books
from reglo.verify.run import verify

PROVED_EVERY = 10  # images, by their number


class Judge:
    """Opens images in `folder`, one after the other."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "image.sqlite3"

    def faults(self, image: Image, acknowledged: Sequence[Fact]) -> list[str]:
        """What is wrong with the image, in sentences; nothing is what is hoped for."""
        self.put(image)
        where = f"image {image.number}, power lost after {image.cut} operations"
        return [f"{where}: {fault}" for fault in self._found(image, acknowledged)]

    def put(self, image: Image) -> None:
        """Write the image's files, in place of those of the image before."""
        for old in self._file.parent.glob(f"{self._file.name}*"):
            old.unlink()
        for suffix, content in image.files.items():
            Path(f"{self._file}{suffix}").write_bytes(content)

    def _found(self, image: Image, acknowledged: Sequence[Fact]) -> Iterator[str]:
        database = sqlite3.connect(self._file)
        try:
            database.execute("PRAGMA synchronous = OFF")  # nobody pulls the plug on the judge
            yield from _whole(database)
            yield from _kept(database, acknowledged)
            yield from _numbered(database)
            yield from _balanced(database)
            yield from _chained(database)
            if image.number % PROVED_EVERY == 0:
                yield from self._unproved()
        except sqlite3.Error as error:
            yield f"does not open: {error}"
        finally:
            database.close()

    def _unproved(self) -> Iterator[str]:
        try:
            with open_books(str(self._file), read_file=_no_file) as books:
                for verdict in verify(books):
                    yield from (f"reglo verify: {verdict.sentence}: {fault}" for fault in verdict.faults)
        except UnreadableBooks as error:
            yield f"reglo verify: {error}"


def _whole(database: sqlite3.Connection) -> Iterator[str]:
    for (said,) in database.execute("PRAGMA integrity_check"):
        if said != "ok":
            yield f"integrity_check: {said}"
    for table, row, *_rest in database.execute("PRAGMA foreign_key_check"):
        yield f"{table} {row} refers to nothing"


def _kept(database: sqlite3.Connection, acknowledged: Sequence[Fact]) -> Iterator[str]:
    """Every acknowledged row, read in one go for each kind of fact."""
    shapes = dict.fromkeys((fact.table, tuple(name for name, _ in fact.columns)) for fact in acknowledged)
    found = {
        (table, names): set(database.execute(f"SELECT {', '.join(names)} FROM {table}"))  # noqa: S608 - our own names
        for table, names in shapes
    }
    for fact in acknowledged:
        names = tuple(name for name, _ in fact.columns)
        if tuple(value for _, value in fact.columns) not in found[fact.table, names]:
            told = ", ".join(f"{name}={value}" for name, value in fact.columns)
            yield f"acknowledged, and lost: {fact.table} {told}"


def _numbered(database: sqlite3.Connection) -> Iterator[str]:
    """Per series 1…n without hole or double, and the counter says n."""
    counters = dict(database.execute("SELECT series, last_number FROM invoicing_numbersequence"))
    given: dict[str, list[int]] = {series: [] for series in counters}
    for series, number in database.execute(
        "SELECT series, number FROM invoicing_invoice WHERE status <> 'draft' ORDER BY chain_position"
    ):
        given.setdefault(series, []).append(int(number.removeprefix(series)))
    for series, numbers in given.items():
        if numbers != list(range(1, counters.get(series, 0) + 1)):
            yield f"series {series}: {numbers} for a counter at {counters.get(series, 0)}"


def _balanced(database: sqlite3.Connection) -> Iterator[str]:
    for entry, debit, credit in database.execute(
        "SELECT entry_id, SUM(debit_minor), SUM(credit_minor) FROM ledger_entryline GROUP BY entry_id"
        " HAVING SUM(debit_minor) <> SUM(credit_minor)"
    ):
        yield f"entry {entry}: debit {debit}, credit {credit}"
    for table, column in (("ledger_entryline", "entry_id"), ("ledger_entry", "id")):
        other = "SELECT id FROM ledger_entry" if column == "entry_id" else "SELECT entry_id FROM ledger_entryline"
        [(alone,)] = database.execute(f"SELECT COUNT(*) FROM {table} WHERE {column} NOT IN ({other})")  # noqa: S608 (names of our own)
        if alone:
            yield f"{alone} rows of {table} are half an entry"
    for number, settled, allocated in database.execute(
        "SELECT i.number, s.settled_minor, COALESCE(SUM(a.amount_minor), 0) FROM invoicing_settlement s"
        " JOIN invoicing_invoice i ON i.id = s.invoice_id"
        " LEFT JOIN payments_allocation a ON a.invoice_id = s.invoice_id GROUP BY s.invoice_id"
    ):
        if settled != allocated:
            yield f"{number}: {settled} settled, {allocated} allocated"


def _chained(database: sqlite3.Connection) -> Iterator[str]:
    """Entries and documents follow each other to their chain's head."""
    for what, rows, heads in (
        ("document", _DOCUMENTS, "SELECT position, head FROM invoicing_documentchain"),
        ("entry", _ENTRIES, "SELECT position, head FROM ledger_entrychain"),
    ):
        position, head = 0, ""
        for at, previous, recorded, frozen in database.execute(rows):
            if (at, previous) != (position + 1, head):
                yield f"{what} {at} does not follow {what} {position}"
            if frozen is not None and recorded != _document_hash(previous, frozen):
                yield f"{what} {at} is not what was issued"
            position, head = at, recorded
        if [(position, head)] != database.execute(heads).fetchall():
            yield f"the chain's head is not {what} {position}"


_DOCUMENTS = (
    "SELECT chain_position, previous_hash, hash, frozen FROM invoicing_invoice WHERE status <> 'draft'"
    " ORDER BY chain_position"
)
_ENTRIES = "SELECT position, previous_hash, hash, NULL FROM ledger_entry ORDER BY position"


def _document_hash(previous: str, frozen: str) -> str:
    return hashlib.sha256((previous + hashlib.sha256(frozen.encode()).hexdigest()).encode()).hexdigest()


def _no_file(sha256: str) -> bytes:
    raise FileNotFoundError(sha256)
