"""What an archive holds: documents as frozen and printed, and the books of the period as tables."""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from importlib import resources

from django.db.models import QuerySet

from reglo.archives.models import Archive
from reglo.archives.tables import TABLES
from reglo.archives.words import read_me
from reglo.invoicing.models import Invoice
from reglo.invoicing.queries import opening_paper_of
from reglo.invoicing.states import DocumentKind, InvoiceStatus
from reglo.rendering.services import invoice_pdf
from reglo.ui.spreadsheets import csv_text

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9+_-]+")
SCRIPT = "verify_archive.py"


class ArchiveWriter:
    """A ZIP whose files are hashed as they are written, all dated of the making."""

    def __init__(self, written: zipfile.ZipFile, *, made_at: datetime) -> None:
        self.written, self.made_at = written, made_at
        self.hashes: dict[str, str] = {}

    def add(self, name: str, data: bytes) -> None:
        assert name not in self.hashes, f"{name} is written twice"
        self.hashes[name] = hashlib.sha256(data).hexdigest()
        entry = zipfile.ZipInfo(name, date_time=self.made_at.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        self.written.writestr(entry, data)


class Contents:
    """The rows of a period, by the instant they were recorded: each is in one yearly archive, and one alone."""

    def __init__(self, archive: Archive) -> None:
        zone = archive.company.zone
        self.archive, self.company = archive, archive.company
        self.begins_at = datetime.combine(archive.first_day, time(), tzinfo=zone)
        self.ends_at = datetime.combine(archive.last_day + timedelta(days=1), time(), tzinfo=zone)
        self.chained: list[dict[str, str | int]] = []

    @property
    def documents(self) -> QuerySet[Invoice]:
        """Those issued, in the order of their chain."""
        issued = self._recorded().exclude(kind=DocumentKind.OPENING)
        return issued.order_by("chain_position")

    @property
    def openings(self) -> QuerySet[Invoice]:
        """Those taken over from a former tool."""
        return self._recorded().filter(kind=DocumentKind.OPENING).order_by("id")

    def _recorded(self) -> QuerySet[Invoice]:
        return Invoice.objects.filter(
            company=self.company, issued_at__gte=self.begins_at, issued_at__lt=self.ends_at
        ).exclude(status=InvoiceStatus.DRAFT)

    def every_document(self) -> Iterator[Invoice]:
        yield from self.documents.iterator(chunk_size=200)
        yield from self.openings.iterator(chunk_size=200)

    def write_document(self, writer: ArchiveWriter, document: Invoice, *, now: datetime) -> None:
        """Its frozen text, byte for byte, and its PDF; of a former tool's the PDF that was attached, if any."""
        folder = "reprises" if document.is_opening else "documents"
        safe = _NOT_IN_A_NAME.sub("-", document.number or "")
        name = f"{folder}/{document.id}-{safe}"
        writer.add(f"{name}.json", document.frozen.encode())
        if not document.is_opening:
            self.chained.append(
                {
                    "number": document.number or "",
                    "file": f"{name}.json",
                    "chain_position": document.chain_position or 0,
                    "previous_hash": document.previous_hash,
                    "hash": document.hash,
                }
            )
        if not document.is_opening or opening_paper_of(document) is not None:
            writer.add(f"{name}.pdf", invoice_pdf(invoice=document, now=now))

    def write_tables(self, writer: ArchiveWriter) -> None:
        for name, headings, rows in TABLES:
            cells: Sequence[Sequence[str]] = list(rows(self.company, self.begins_at, self.ends_at))
            writer.add(name, csv_text(headings, cells).encode("utf-8"))

    def write_words(self, writer: ArchiveWriter, *, fingerprint: str) -> None:
        """How to read it, and the program that verifies it without us."""
        script = resources.files("reglo.archives").joinpath(SCRIPT).read_bytes()
        writer.add(SCRIPT, script)
        writer.add("LISEZMOI.txt", read_me(self.archive, fingerprint=fingerprint).encode())


def contents_of(archive: Archive) -> Contents:
    return Contents(archive)


def canonical(value: object) -> bytes:
    """JSON, sorted keys, UTF-8, indented for people."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1).encode()
