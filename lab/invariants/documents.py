"""Issued documents: numbered without a hole, never changed, posted once, added up as the law says."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from lab.invariants.books import Books, Document
from lab.invariants.memory import Memory
from lab.outside import Outside
from reglo.files.store import path_of

CUMULATED = 3  # cents: the VAT of a credit note is the difference of roundings, of goods and of services


def numbers_have_no_hole(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """I3: per series 1 to n in the order of the chain and of the dates; the counter says n; no draft has a number.

    Credit notes and invoices have their own series.
    """
    reached: dict[tuple[int, str], tuple[int, str]] = defaultdict(lambda: (0, ""))
    for document in books.documents:
        key = (document.company, document.series)
        before, day = reached[key]
        rank = int(document.number.removeprefix(document.series))
        if rank != before + 1:
            yield f"I3: {document.number} follows {before}"
        if (document.series.removeprefix("ESSAI-")[0] == "A") != (document.kind == "credit_note"):
            yield f"I3: {document.number} is a number of another kind of document"
        if document.issue_date < day:
            yield f"I3: {document.number} is dated before the one before"
        reached[key] = (rank, document.issue_date)
    for company, series, last in books.rows("SELECT company_id, series, last_number FROM invoicing_numbersequence"):
        if reached[company, series][0] != last:
            yield f"I3: the counter of {series} says {last}, the last number is {reached[company, series][0]}"
    [(drafts,)] = books.rows(
        "SELECT COUNT(*) FROM invoicing_invoice WHERE status = 'draft' AND (number IS NOT NULL OR frozen <> '')"
    )
    if drafts:
        yield f"I3: {drafts} drafts have a number"


def documents_never_change(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """I5, I9: chained by what they say, the same for ever after, and so are the bytes of their PDF."""
    last: dict[int, tuple[int, str]] = defaultdict(lambda: (0, ""))
    for document in books.documents:
        before, before_hash = last[document.company]
        if document.position != before + 1 or document.previous != before_hash:
            yield f"I5: {document.number} does not follow document {before}"
        last[document.company] = (document.position, document.hash)
        yield from _remembered(document, memory)
    for gone in memory.documents.keys() - {document.id for document in books.documents}:
        yield f"I9: document {gone} is gone"
    for company, position, head in books.rows("SELECT company_id, position, head FROM invoicing_documentchain"):
        if last[company] != (position, head):
            yield f"I5: the chain of documents of {company} ends at {last[company][0]}, its head says {position}"
    for invoice, sha256 in books.rows("SELECT invoice_id, file_id FROM rendering_rendereddocument"):
        if memory.papers.get(invoice) == sha256:
            continue
        if invoice in memory.papers:
            yield f"I9: the paper of {invoice} changed"
        elif not path_of(sha256).exists() or hashlib.sha256(path_of(sha256).read_bytes()).hexdigest() != sha256:
            yield f"I5: the paper of {invoice} is not what its name says"
        memory.papers[invoice] = sha256


def _remembered(document: Document, memory: Memory) -> Iterator[str]:
    said = f"{document.number}|{document.gross}|{document.vat}|{document.hash}|{document.frozen}"
    if document.id not in memory.documents:
        digest = hashlib.sha256(document.frozen.encode()).hexdigest()
        if hashlib.sha256((document.previous + digest).encode()).hexdigest() != document.hash:
            yield f"I5: the hash of {document.number} is not that of its content"
        yield from _adds_up(document)
    if memory.documents.setdefault(document.id, said) != said:
        yield f"I9: {document.number} changed after it was issued"


def documents_are_posted_once(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """I3, I12: one entry for each document, of its total (none for a total of zero), and one settlement.

    The entry of a credit note holds its total, and the VAT that it makes due where it does. It is owed to nobody.
    """
    entries: dict[str, list[int]] = defaultdict(list)
    for entry in books.entries:
        entries[entry[3]].append(entry[7])
    for document in books.documents:
        posted = entries.get(f"invoice:{document.id}", [])
        if len(posted) != (1 if document.gross else 0):
            yield f"I3: {document.number} has {len(posted)} entries"
        elif posted and (posted[0] < document.gross or (document.kind == "invoice" and posted[0] != document.gross)):
            yield f"I12: {document.number} is {document.gross}, posted {posted[0]}"
        if document.kind == "credit_note":
            if document.id in books.settlements:
                yield f"I2: credit note {document.number} has a settlement"
        elif document.id not in books.settlements:
            yield f"I2: {document.number} has no settlement"
        elif books.settlements[document.id][0] != document.gross:
            yield f"I2: {document.number} is {document.gross}, its settlement says {books.settlements[document.id][0]}"


def credit_notes_stay_within_their_invoice(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """I2, I12: per rate, credit notes take back no more than was invoiced; all of it cancels the invoice, not less."""
    by_id = {document.id: document for document in books.documents}
    for invoice_id, notes in books.credit_notes.items():
        invoice = by_id[invoice_id]
        taken = sum(note.gross for note in notes)
        if books.settlements[invoice_id][1] != taken:
            yield f"I2: {taken} is credited of {invoice.number}, its settlement says {books.settlements[invoice_id][1]}"
        if (invoice.status == "credited") != (taken == invoice.gross):
            yield f"I2: {invoice.number} of {invoice.gross} is {invoice.status}, {taken} is credited"
        whole, parts = _by_rate([invoice]), _by_rate(notes)
        for rate, (net, vat) in parts.items():
            of_net, of_vat = whole.get(rate, (0, 0))
            if net > of_net or vat > of_vat:
                yield f"I12: at {rate} %, {net} + {vat} are credited of the {of_net} + {of_vat} of {invoice.number}"
    for document in books.documents:
        if document.status == "credited" and document.id not in books.credit_notes:
            yield f"I2: {document.number} is cancelled by no credit note"


def _by_rate(documents: list[Document]) -> dict[str, tuple[int, int]]:
    sums: dict[str, tuple[int, int]] = {}
    for document in documents:
        for rate in json.loads(document.frozen)["rates"]:
            net, vat = sums.get(rate["vat_rate"], (0, 0))
            sums[rate["vat_rate"]] = (net + rate["net_minor"], vat + rate["vat_minor"])
    return sums


def vat_is_the_sum_by_rate(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """I12: what the columns say is what the frozen document says."""
    for document in books.documents:
        if document.id in memory.document_heads:
            continue
        memory.document_heads[document.id] = document.hash
        content = json.loads(document.frozen)
        said = tuple(content[name] for name in ("number", "net_minor", "vat_minor", "gross_minor"))
        if said != (document.number, document.net, document.vat, document.gross):
            yield f"I12: {document.number} and its columns say different amounts"


def _adds_up(document: Document) -> Iterator[str]:
    """I12, computed again in fractions: lines, rates, totals; halves of a cent go up."""
    content = json.loads(document.frozen)
    inclusive = content["prices_include_vat"]
    by_rate: dict[str, int] = defaultdict(int)
    for part in content.get("discount", {}).get("parts", ()):
        by_rate[part["vat_rate"]] -= part["amount_minor"]
    for line in content["lines"]:
        if line["kind"] != "article":
            continue
        exact = Fraction(line["quantity"]) * Fraction(line["unit_price"]) * (1 - Fraction(line["discount_rate"]) / 100)
        expected = half_up(exact * 100) - line["discount_minor"]
        if expected != line["amount_minor"]:
            yield f"I12: {document.number}: a line is {line['amount_minor']}, {expected} expected"
        by_rate[line["vat_rate"]] += line["amount_minor"]
    vat = 0
    for rate in content["rates"]:
        percent, total = Fraction(rate["vat_rate"]), by_rate[rate["vat_rate"]]
        due = total * percent / (100 + percent) if inclusive else total * percent / 100
        vat += rate["vat_minor"]
        if abs(rate["vat_minor"] - half_up(due)) > (CUMULATED if document.kind == "credit_note" else 0):
            yield f"I12: {document.number}: VAT at {percent} % is {rate['vat_minor']}, {half_up(due)} expected"
        if (rate["net_minor"] + rate["vat_minor"] if inclusive else rate["net_minor"]) != total:
            yield f"I12: {document.number}: the lines at {percent} % do not make its total"
    if vat != document.vat or document.net + document.vat != document.gross:
        yield f"I12: {document.number}: the rates do not make the total"


def half_up(value: Fraction) -> int:
    """The nearest whole number, halves away from zero: our own arithmetic, not the product's."""
    sign = -1 if value < 0 else 1
    return sign * int(abs(value) + Fraction(1, 2))
