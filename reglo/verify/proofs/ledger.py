"""The ledger balances, has no hole, and nobody rewrote it."""

import hashlib
import json
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from reglo.ports.terminal import gettext as _
from reglo.verify.books import Books, Row


def entries_balance(books: Books) -> Iterator[str]:
    """Each entry has two lines or more, its debits are its credits, and every line belongs to an entry."""
    for company, position, lines, debit, credit in books.rows(
        "SELECT e.company_id, e.position, COUNT(l.id),"
        " COALESCE(SUM(l.debit_minor), 0), COALESCE(SUM(l.credit_minor), 0)"
        # The sign keeps SQLite from looking each entry's lines up among all those of the company.
        " FROM ledger_entry e LEFT JOIN ledger_entryline l ON l.entry_id = e.id AND +l.company_id = e.company_id"
        " GROUP BY e.id, e.company_id, e.position"
        " HAVING COUNT(l.id) < 2 OR COALESCE(SUM(l.debit_minor), 0) <> COALESCE(SUM(l.credit_minor), 0)"
    ):
        yield _(
            "entreprise %(company)s, écriture %(position)s : %(lines)s lignes, débit %(debit)s, crédit %(credit)s"
        ) % {"company": company, "position": position, "lines": lines, "debit": debit, "credit": credit}
    for (lost,) in books.rows(
        "SELECT COUNT(*) FROM ledger_entryline l LEFT JOIN ledger_entry e ON e.id = l.entry_id WHERE e.id IS NULL"
    ):
        if lost:
            yield _("%(lost)s lignes sans écriture") % {"lost": lost}


def entries_are_chained(books: Books) -> Iterator[str]:
    """Positions are 1, 2, 3…, each entry's hash is that of its content after the one before, the head is the last."""
    heads = {company: (position, head) for company, position, head in books.rows(_HEADS)}
    seen: dict[Any, tuple[int, str]] = dict.fromkeys(heads, (0, ""))
    for _id, lines in groupby(books.rows(_ENTRIES), key=itemgetter(0)):
        rows = list(lines)
        _id, company, position, *_sealed, previous, recorded = rows[0][:_ENTRY_COLUMNS]
        before_position, before_hash = seen.get(company, (0, ""))
        if position != before_position + 1:
            yield _("entreprise %(company)s : écriture %(position)s après %(before_position)s") % {
                "company": company,
                "position": position,
                "before_position": before_position,
            }
        if previous != before_hash or _hash(rows) != recorded:
            yield _("entreprise %(company)s, écriture %(position)s : son contenu n’est plus celui qui a été scellé") % {
                "company": company,
                "position": position,
            }
        seen[company] = (position, recorded)
    for company, head in heads.items():
        if seen[company] != head:
            yield _("entreprise %(company)s : la chaîne finit à l’écriture %(last)s, sa tête dit %(said)s") % {
                "company": company,
                "last": seen[company][0],
                "said": head[0],
            }


_HEADS = "SELECT company_id, position, head FROM ledger_entrychain"
_ENTRIES = (
    "SELECT CAST(e.id AS TEXT), e.company_id, e.position, e.journal, CAST(e.entry_date AS TEXT), e.piece,"
    " CAST(e.piece_date AS TEXT), e.label, e.source, e.previous_hash, e.hash,"
    " l.rank, l.account, l.account_label, l.auxiliary, l.auxiliary_label, l.label, l.debit_minor, l.credit_minor"
    " FROM ledger_entry e LEFT JOIN ledger_entryline l ON l.entry_id = e.id"
    " ORDER BY e.company_id, e.position, l.rank"
)


_ENTRY_COLUMNS = 11
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # made once: `json.dumps` makes one a call


def _hash(rows: list[Row]) -> str:
    """Of an entry that is repeated beside each of its lines."""
    _id, *sealed, previous, _recorded = rows[0][:_ENTRY_COLUMNS]
    text = _json([previous, *sealed, [row[_ENTRY_COLUMNS:] for row in rows]])
    return hashlib.sha256(text.encode()).hexdigest()
