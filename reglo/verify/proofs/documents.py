"""Issued documents: numbered without hole, in the order of their dates, chained, posted, and as their columns say."""

import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from reglo.money import round_half_up
from reglo.verify.books import Books


def numbers_have_no_hole(books: Books) -> Iterator[str]:
    """Per company and series the numbers are 1 to n, dates never go back, and the counter says n."""
    counters = {
        (company, series): last
        for company, series, last in books.rows("SELECT company_id, series, last_number FROM invoicing_numbersequence")
    }
    reached: dict[tuple[Any, str], tuple[int, str]] = dict.fromkeys(counters, (0, ""))
    for company, series, number, day in books.rows(
        "SELECT company_id, series, number, CAST(issue_date AS TEXT) FROM invoicing_invoice"
        " WHERE status <> 'draft' ORDER BY company_id, series, LENGTH(number), number"
    ):
        rank = int(number.removeprefix(series))
        before, before_day = reached.get((company, series), (0, ""))
        if rank != before + 1:
            yield f"entreprise {company} : {number} suit {series}{before:04d}"
        if day < before_day:
            yield f"entreprise {company} : {number} est datée du {day}, avant le {before_day}"
        reached[company, series] = (rank, day)
    for (company, series), (last, _day) in reached.items():
        if counters.get((company, series)) != last:
            counter = counters.get((company, series))
            yield f"entreprise {company} : le compteur {series} dit {counter}, le dernier est {last}"
    for (drafts,) in books.rows(
        "SELECT COUNT(*) FROM invoicing_invoice WHERE status = 'draft' AND (number IS NOT NULL OR frozen <> '')"
    ):
        if drafts:
            yield f"{drafts} brouillons portent un numéro"


def documents_are_chained(books: Books) -> Iterator[str]:
    """Each document's hash is that of its frozen text after the one before; the head is the last."""
    heads = {
        company: (position, head)
        for company, position, head in books.rows("SELECT company_id, position, head FROM invoicing_documentchain")
    }
    seen: dict[Any, tuple[int, str]] = dict.fromkeys(heads, (0, ""))
    for company, number, position, previous, recorded, frozen in books.rows(
        "SELECT company_id, number, chain_position, previous_hash, hash, frozen FROM invoicing_invoice"
        " WHERE status <> 'draft' ORDER BY company_id, chain_position"
    ):
        before, before_hash = seen.get(company, (0, ""))
        digest = hashlib.sha256(frozen.encode()).hexdigest()
        if position != before + 1 or previous != before_hash:
            yield f"entreprise {company}, {number} : elle ne suit pas le document {before}"
        if hashlib.sha256((previous + digest).encode()).hexdigest() != recorded:
            yield f"entreprise {company}, {number} : son contenu n'est plus celui qui a été émis"
        seen[company] = (position, recorded)
    for company, head in heads.items():
        if seen[company] != head:
            yield f"entreprise {company} : la chaîne des documents finit à {seen[company][0]}, sa tête dit {head[0]}"


def documents_add_up(books: Books) -> Iterator[str]:
    """The frozen text and the columns say the same; lines, rates and totals agree; VAT is the rate of the net."""
    for company, number, net, vat, gross, issued, due, frozen in books.rows(
        "SELECT company_id, number, net_minor, vat_minor, gross_minor, CAST(issue_date AS TEXT),"
        " CAST(due_date AS TEXT), frozen FROM invoicing_invoice WHERE status <> 'draft'"
    ):
        content = json.loads(frozen)
        where = f"entreprise {company}, {number}"
        if tuple(content[name] for name in _SAID_TWICE) != (number, net, vat, gross, issued, due):
            yield f"{where} : le document figé et la base ne disent pas la même chose"
        if gross != net + vat or net != sum(line["net_minor"] for line in content["lines"]):
            yield f"{where} : les lignes ne font pas le total"
        if (net, vat) != tuple(sum(rate[name] for rate in content["rates"]) for name in ("net_minor", "vat_minor")):
            yield f"{where} : les taux ne font pas le total"
        tolerance = 1 if content["prices_include_vat"] else 0
        for rate in content["rates"]:
            expected = round_half_up(rate["net_minor"] * Decimal(rate["vat_rate"]) / 100)
            if abs(expected - rate["vat_minor"]) > tolerance:
                yield f"{where} : {rate['vat_minor']} de TVA à {rate['vat_rate']} %, {expected} attendus"


def documents_are_posted(books: Books) -> Iterator[str]:
    """Each document has exactly one entry, that debits its customer of its total (none for a total of zero)."""
    for company, number, gross, entries, debit in books.rows(
        "SELECT i.company_id, i.number, i.gross_minor, COUNT(DISTINCT e.id), COALESCE(SUM(l.debit_minor), 0)"
        " FROM invoicing_invoice i"
        " LEFT JOIN ledger_entry e ON e.company_id = i.company_id AND e.source = 'invoice:' || i.id"
        " LEFT JOIN ledger_entryline l ON l.entry_id = e.id"
        " WHERE i.status <> 'draft' GROUP BY i.id, i.company_id, i.number, i.gross_minor"
    ):
        if (entries, debit) != ((1, gross) if gross else (0, 0)):
            yield f"entreprise {company}, {number} : {entries} écritures pour {debit}, {gross} attendus"


_SAID_TWICE = ("number", "net_minor", "vat_minor", "gross_minor", "issue_date", "due_date")
