"""Invoices taken over from a former tool: as they came, posted as à-nouveaux, and gone with their entry if undone."""

import hashlib
from collections.abc import Iterator
from typing import Any

from reglo.ports.terminal import gettext as _
from reglo.verify.books import Books


def openings_are_as_they_came(books: Books) -> Iterator[str]:
    """Each is in no series and not in the chain, its content has its hash, its entry is one of à-nouveaux that touches
    no account of sales; an entry of à-nouveaux without its invoice is reversed."""
    entries = _entries(books)
    for company, key, number, series, position, recorded, frozen in books.rows(
        "SELECT company_id, id, number, series, chain_position, hash, frozen FROM invoicing_invoice"
        " WHERE kind = 'opening'"
    ):
        where = _("entreprise %(company)s, %(number)s") % {"company": company, "number": number}
        digest = hashlib.sha256(frozen.encode()).hexdigest()
        if hashlib.sha256(digest.encode()).hexdigest() != recorded:
            yield _("%(where)s : son contenu n’est plus celui qui a été repris") % {"where": where}
        if series or position is not None:
            yield _("%(where)s : une facture reprise est dans une série de Réglo") % {"where": where}
        _piece, is_reversed, sales = entries.pop((company, f"invoice:{key}"), ("", True, True))
        if is_reversed or sales:
            yield _("%(where)s : elle n’est pas aux à-nouveaux, ou compte dans les ventes") % {"where": where}
    for (company, _source), (piece, is_reversed, _sales) in entries.items():
        if not is_reversed:
            yield _("entreprise %(company)s, %(number)s : facture reprise disparue, son écriture reste") % {
                "company": company,
                "number": piece,
            }


def _entries(books: Books) -> dict[tuple[Any, str], tuple[str, bool, bool]]:
    """The entries of à-nouveaux by company and source: piece, whether reversed, whether an account of sales or of VAT
    that is due is touched."""
    of_sales = set(
        books.rows(
            "SELECT company_id, number FROM ledger_accountmapping"
            " WHERE role IN ('sales_services', 'sales_goods', 'vat_collected')"
        )
    )
    entries: dict[tuple[Any, str], tuple[str, bool, bool]] = {}
    for company, source, piece, reversal, account in books.rows(
        "SELECT e.company_id, e.source, e.piece, r.id, l.account FROM ledger_entry e"
        " JOIN ledger_entryline l ON l.entry_id = e.id LEFT JOIN ledger_entry r ON r.reverses_id = e.id"
        " WHERE e.journal = 'AN' AND e.reverses_id IS NULL"
    ):
        _piece, _reversed, sales = entries.get((company, source), ("", False, False))
        entries[company, source] = (piece, reversal is not None, sales or (company, account) in of_sales)
    return entries
