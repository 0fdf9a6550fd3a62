"""Issued documents: numbered without hole, in the order of their dates, chained, posted, and as their columns say."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from reglo.money import round_half_up
from reglo.ports.terminal import gettext as _
from reglo.verify.books import Books


def numbers_have_no_hole(books: Books) -> Iterator[str]:
    """Per company and series the numbers follow one another from 1, or from the start that was recorded, to what the
    counter says; dates never go back; each series is spelled as its kind was at that date."""
    starts = {
        (company, series): first
        for company, series, first in books.rows("SELECT company_id, series, first_number FROM invoicing_seriesstart")
    }
    formats = _formats(books)
    counters = {
        (company, series): last
        for company, series, last in books.rows("SELECT company_id, series, last_number FROM invoicing_numbersequence")
    }
    reached: dict[tuple[Any, str], tuple[int, str]] = {of: (starts.get(of, 1) - 1, "") for of in counters}
    for company, series, number, day, kind in books.rows(
<<<<<<< ours
        "SELECT company_id, series, number, day, kind FROM ("
        "SELECT company_id, series, number, CAST(issue_date AS TEXT) AS day, kind FROM invoicing_invoice"
        " WHERE status <> 'draft' UNION ALL"
        " SELECT q.company_id, q.series, q.number, CAST(v.issue_date AS TEXT), 'quote' FROM invoicing_quote q"
        " JOIN invoicing_quoteversion v ON v.quote_id = q.id AND v.number = 1 WHERE q.number IS NOT NULL) numbered"
        " ORDER BY company_id, series, LENGTH(number), number"
||||||| base
        "SELECT company_id, series, number, CAST(issue_date AS TEXT), kind FROM invoicing_invoice"
        " WHERE status <> 'draft' ORDER BY company_id, series, LENGTH(number), number"
=======
        "SELECT company_id, series, number, CAST(issue_date AS TEXT), kind FROM invoicing_invoice"
        " WHERE status <> 'draft' AND kind <> 'opening' ORDER BY company_id, series, chain_position"
>>>>>>> theirs
    ):
        if series.removeprefix("ESSAI-") not in _series_on(day, formats[company, kind], _USUAL[kind]):
            yield _("entreprise %(company)s : %(number)s est d’une autre sorte ou d’une autre année que sa série") % {
                "company": company,
                "number": number,
            }
        rank = int(number.removeprefix(series))
        before, before_day = reached.get((company, series), (starts.get((company, series), 1) - 1, ""))
        if rank != before + 1:
            yield _("entreprise %(company)s : %(number)s suit %(series)s%(rank)s") % {
                "company": company,
                "number": number,
                "series": series,
                "rank": f"{before:04d}",
            }
        if day < before_day:
            yield _("entreprise %(company)s : %(number)s est datée du %(day)s, avant le %(before_day)s") % {
                "company": company,
                "number": number,
                "day": day,
                "before_day": before_day,
            }
        reached[company, series] = (rank, day)
    for (company, series), (last, _day) in reached.items():
        if counters.get((company, series)) != last:
            counter = counters.get((company, series))
            yield _("entreprise %(company)s : le compteur %(series)s dit %(counter)s, le dernier est %(last)s") % {
                "company": company,
                "series": series,
                "counter": counter,
                "last": last,
            }
    for (drafts,) in books.rows(
        "SELECT COUNT(*) FROM invoicing_invoice WHERE status = 'draft' AND (number IS NOT NULL OR frozen <> '')"
    ):
        if drafts:
            yield _("%(drafts)s brouillons portent un numéro") % {"drafts": drafts}


def documents_are_chained(books: Books) -> Iterator[str]:
    """Each document's hash is that of its frozen text after the one before; the head is the last."""
    heads = {
        company: (position, head)
        for company, position, head in books.rows("SELECT company_id, position, head FROM invoicing_documentchain")
    }
    seen: dict[Any, tuple[int, str]] = dict.fromkeys(heads, (0, ""))
    for company, number, position, previous, recorded, frozen in books.rows(
        "SELECT company_id, number, chain_position, previous_hash, hash, frozen FROM invoicing_invoice"
        " WHERE status <> 'draft' AND kind <> 'opening' ORDER BY company_id, chain_position"
    ):
        before, before_hash = seen.get(company, (0, ""))
        digest = hashlib.sha256(frozen.encode()).hexdigest()
        if position != before + 1 or previous != before_hash:
            yield _("entreprise %(company)s, %(number)s : elle ne suit pas le document %(before)s") % {
                "company": company,
                "number": number,
                "before": before,
            }
        if hashlib.sha256((previous + digest).encode()).hexdigest() != recorded:
            yield _("entreprise %(company)s, %(number)s : son contenu n’est plus celui qui a été émis") % {
                "company": company,
                "number": number,
            }
        seen[company] = (position, recorded)
    for company, head in heads.items():
        if seen[company] != head:
            yield _("entreprise %(company)s : la chaîne des documents finit à %(last)s, sa tête dit %(said)s") % {
                "company": company,
                "last": seen[company][0],
                "said": head[0],
            }


def documents_add_up(books: Books) -> Iterator[str]:
    """The frozen text and the columns say the same; lines, rates and totals agree; VAT is the rate of the net."""
    for company, kind, number, net, vat, gross, issued, due, frozen in books.rows(
        "SELECT company_id, kind, number, net_minor, vat_minor, gross_minor, CAST(issue_date AS TEXT),"
        " CAST(due_date AS TEXT), frozen FROM invoicing_invoice WHERE status <> 'draft'"
    ):
        content = json.loads(frozen)
        where = _("entreprise %(company)s, %(number)s") % {"company": company, "number": number}
        if tuple(content[name] for name in _SAID_TWICE) != (kind, number, net, vat, gross, issued, due):
            yield _("%(where)s : le document figé et la base ne disent pas la même chose") % {"where": where}
        discounted = sum(part["net_minor"] for part in content.get("discount", {}).get("parts", ()))
        if gross != net + vat or net != sum(line["net_minor"] for line in content["lines"]) - discounted:
            yield _("%(where)s : les lignes ne font pas le total") % {"where": where}
        if (net, vat) != tuple(sum(rate[name] for rate in content["rates"]) for name in ("net_minor", "vat_minor")):
            yield _("%(where)s : les taux ne font pas le total") % {"where": where}
        tolerance = 1 if content["prices_include_vat"] else 0
        if kind == "credit_note":
            tolerance = 3  # its VAT is the difference of cumulated roundings; `credits` proves the cumulation
        for rate in content["rates"]:
            expected = round_half_up(rate["net_minor"] * Decimal(rate["vat_rate"]) / 100)
            if abs(expected - rate["vat_minor"]) > tolerance:
                yield _("%(where)s : %(vat)s de TVA à %(rate)s %%, %(expected)s attendus") % {
                    "where": where,
                    "vat": rate["vat_minor"],
                    "rate": rate["vat_rate"],
                    "expected": expected,
                }


def documents_are_posted(books: Books) -> Iterator[str]:
    """Each document has exactly one entry (none for a total of zero), that debits its customer of its total, less the
    deposits that it deducts; that of a credit note credits it, less the deposits that it gives back."""
    given_back = last_credit_notes(books)
    deducted: dict[Any, int] = dict(
        books.rows(
            "SELECT d.invoice_id, SUM(d.gross_minor) FROM invoicing_deduction d"
            " JOIN invoicing_invoice i ON i.id = d.invoice_id WHERE i.status <> 'draft' GROUP BY d.invoice_id"
        )
    )
    for key, company, number, gross, entries, debit in books.rows(
        "SELECT i.id, i.company_id, i.number,"
        " CASE i.kind WHEN 'credit_note' THEN -i.gross_minor ELSE i.gross_minor END,"
        " COUNT(DISTINCT e.id), COALESCE(SUM(CASE WHEN l.auxiliary = 'C' || i.customer_id"
        " AND NOT EXISTS (SELECT 1 FROM ledger_accountmapping m WHERE m.company_id = l.company_id"
        " AND m.role = 'deposits' AND m.number = l.account)"
        " THEN l.debit_minor - l.credit_minor END), 0)"
        " FROM invoicing_invoice i"
        " LEFT JOIN ledger_entry e ON e.company_id = i.company_id AND e.source = 'invoice:' || i.id"
        " LEFT JOIN ledger_entryline l ON l.entry_id = e.id"
        " WHERE i.status <> 'draft' GROUP BY i.id, i.company_id, i.number, i.kind, i.gross_minor"
    ):
        gross -= deducted.get(key, 0) - deducted.get(given_back.get(key), 0)
        if (entries, debit) != ((1, gross) if entries or gross else (0, 0)):
            yield _("entreprise %(company)s, %(number)s : %(entries)s écritures pour %(debit)s, %(gross)s attendus") % {
                "company": company,
                "number": number,
                "entries": entries,
                "debit": debit,
                "gross": gross,
            }


<<<<<<< ours
def last_credit_notes(books: Books) -> dict[Any, Any]:
    """The credit note that cancelled each invoice wholly credited → that invoice."""
    return {
        credit_note: invoice
        for invoice, credit_note in books.rows(
            "SELECT i.id, MAX(c.id) FROM invoicing_invoice i JOIN invoicing_invoice c ON c.corrects_id = i.id"
            " AND c.status <> 'draft' AND c.chain_position = (SELECT MAX(o.chain_position) FROM invoicing_invoice o"
            " WHERE o.corrects_id = i.id AND o.status <> 'draft') WHERE i.status = 'credited' GROUP BY i.id"
        )
    }


_LETTERS = {"invoice": "F", "deposit": "F", "credit_note": "A", "quote": "D"}
||||||| base
_LETTERS = {"invoice": "F", "credit_note": "A"}
=======
def _formats(books: Books) -> defaultdict[tuple[Any, str], list[tuple[str, str]]]:
    """By company and kind, every spelling and the day it was chosen for, the usual one since ever."""
    formats: defaultdict[tuple[Any, str], list[tuple[str, str]]] = defaultdict(list)
    for company, kind, pattern, day in books.rows(
        "SELECT company_id, kind, pattern, CAST(effective_date AS TEXT) FROM invoicing_seriesformat ORDER BY id"
    ):
        formats[company, kind].append((pattern, day))
    return formats


def _series_on(day: str, chosen: list[tuple[str, str]], usual: str) -> set[str]:
    """What the series of a document of this day may be: of the format of the latest day not after it. Several were
    perhaps chosen for that very day."""
    latest = max((since for _pattern, since in chosen if since <= day), default="")
    patterns = [pattern for pattern, since in chosen if since == latest] if latest else []
    if not latest or latest == day:
        former = max((since for _pattern, since in chosen if since < day), default="")
        patterns += [pattern for pattern, since in chosen if since == former] if former else [usual]
    return {
        pattern.replace("{AAAA}", day[:4]).replace("{AA}", day[2:4]).replace("{MM}", day[5:7]) for pattern in patterns
    }


_USUAL = {"invoice": "F{AAAA}-", "credit_note": "A{AAAA}-"}
>>>>>>> theirs
_SAID_TWICE = ("kind", "number", "net_minor", "vat_minor", "gross_minor", "issue_date", "due_date")
