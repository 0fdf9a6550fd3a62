"""Closed periods: one chain without a gap, whose totals are added up again from the documents and the ledger."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from reglo.ports.terminal import gettext as _
from reglo.verify.books import Books

_COUNTED = ("invoices", "credit_notes", "payments", "undone", "refunds")
_COLUMNS = (
    *("company_id", "position", "kind", "first_day", "last_day", "begins_at", "ends_at"),
    *("document_position", "entry_position"),
    *(f"{name}_{what}" for name in _COUNTED for what in ("count", "minor")),
    *("perpetual_invoiced_minor", "perpetual_collected_minor", "closed_at", "previous_hash", "hash"),
)
_AS_TEXT = {"first_day", "last_day", "begins_at", "ends_at", "closed_at"}
_SELECTED = ", ".join(f"CAST({name} AS TEXT)" if name in _AS_TEXT else name for name in _COLUMNS)
Sums = dict[str, int]


def closings_are_the_books(books: Books) -> Iterator[str]:
    """Each closing has its hash after the one before; days follow one another to the instant; a day is what came after
    the places where the day before ended, a month or a year the sum of its days; perpetual totals are their sum."""
    documents, money = _documents(books), _money(books)
    last: dict[Any, dict[str, Any]] = {}
    days: dict[Any, dict[str, Sums]] = defaultdict(dict)
    for row in books.rows(f"SELECT {_SELECTED} FROM archives_closing ORDER BY company_id, position"):  # noqa: S608 (our own columns)
        one = dict(zip(_COLUMNS, row, strict=True))
        company, before = one["company_id"], last.get(one["company_id"])
        where = _("entreprise %(company)s, clôture %(kind)s du %(day)s") % {
            "company": company,
            "kind": one["kind"],
            "day": one["first_day"],
        }
        if _hash(one) != one["hash"]:
            yield _("%(where)s : elle a été réécrite") % {"where": where}
        if not _follows(one, before):
            yield _("%(where)s : elle ne suit pas celle d’avant") % {"where": where}
        said = {name: int(one[name]) for name in _COLUMNS if name.endswith(("_count", "_minor"))}
        figures = {name: amount for name, amount in said.items() if not name.startswith("perpetual")}
        if one["kind"] == "day":
            found = _between(documents[company], before, one, "document_position")
            found |= _between(money[company], before, one, "entry_position")
            days[company][one["first_day"]] = figures
        else:
            period = one["first_day"][: 7 if one["kind"] == "month" else 4]
            found = _sum(sums for day, sums in days[company].items() if day.startswith(period))
        if figures != {**dict.fromkeys(figures, 0), **found}:
            yield _("%(where)s : ses totaux ne sont pas ceux des comptes") % {"where": where}
        if not _goes_on(said, before, counts=one["kind"] == "day"):
            yield _("%(where)s : le total perpétuel n’est pas la suite de celui d’avant") % {"where": where}
        last[company] = one


def _follows(one: dict[str, Any], before: dict[str, Any] | None) -> bool:
    if before is None:
        return bool(one["position"] == 1 and one["previous_hash"] == "")
    tied = one["position"] == before["position"] + 1 and one["previous_hash"] == before["hash"]
    if one["kind"] == "day":
        return bool(tied and _instant(one["begins_at"]) == _instant(before["ends_at"]))
    return bool(tied and one["last_day"] == before["last_day"])


def _goes_on(said: Sums, before: dict[str, Any] | None, *, counts: bool) -> bool:
    invoiced, collected = (
        int(before[name]) if before else 0 for name in ("perpetual_invoiced_minor", "perpetual_collected_minor")
    )
    if counts:
        invoiced += said["invoices_minor"] - said["credit_notes_minor"]
        collected += said["payments_minor"] - said["undone_minor"] - said["refunds_minor"]
    return (said["perpetual_invoiced_minor"], said["perpetual_collected_minor"]) == (invoiced, collected)


def _between(
    happened: list[tuple[int, str, int]], before: dict[str, Any] | None, one: dict[str, Any], place: str
) -> Sums:
    """The sums of what has a place after the closing before, up to this one. `happened` is consumed."""
    sums: Sums = defaultdict(int)
    while happened and happened[-1][0] <= one[place]:
        _position, name, minor = happened.pop()
        sums[f"{name}_count"] += 1
        sums[f"{name}_minor"] += minor
    return dict(sums)


def _sum(many: Iterator[Sums]) -> Sums:
    total: Sums = defaultdict(int)
    for sums in many:
        for name, amount in sums.items():
            total[name] += amount
    return dict(total)


def _documents(books: Books) -> dict[Any, list[tuple[int, str, int]]]:
    """By company, the last first: place, name, amount."""
    found: dict[Any, list[tuple[int, str, int]]] = defaultdict(list)
    for company, position, kind, gross in books.rows(
        "SELECT company_id, chain_position, kind, gross_minor FROM invoicing_invoice"
        " WHERE chain_position IS NOT NULL ORDER BY company_id, chain_position DESC"
    ):
        found[company].append((position, "credit_notes" if kind == "credit_note" else "invoices", gross))
    return found


def _money(books: Books) -> dict[Any, list[tuple[int, str, int]]]:
    """By company, the last first: place, name, and what the entry credits to the accounts of customers."""
    of_payers = set(
        books.rows("SELECT company_id, number FROM ledger_accountmapping WHERE role IN ('receivable', 'surplus')")
    )
    brought: dict[tuple[Any, int, str], int] = defaultdict(int)
    for company, position, source, account, minor in books.rows(
        "SELECT e.company_id, e.position, e.source, l.account, l.credit_minor - l.debit_minor FROM ledger_entry e"
        " JOIN ledger_entryline l ON l.entry_id = e.id LEFT JOIN ledger_entry r ON r.id = e.reverses_id"
        " WHERE e.source LIKE 'payment:%' OR e.source LIKE 'refund:%' OR e.source LIKE 'refund-failed:%'"
        " OR r.source LIKE 'payment:%'"
    ):
        brought[company, position, source] += minor if (company, account) in of_payers else 0
    found: dict[Any, list[tuple[int, str, int]]] = defaultdict(list)
    for (company, position, source), minor in sorted(brought.items(), key=lambda item: -item[0][1]):
        name = {"payment": "payments", "reversal": "undone"}.get(source.partition(":")[0], "refunds")
        found[company].append((position, name, minor if name == "payments" else -minor))
    return found


def _hash(one: dict[str, Any]) -> str:
    figures = _COLUMNS[_COLUMNS.index("document_position") : _COLUMNS.index("closed_at")]
    words = [
        *(one["previous_hash"], one["company_id"], one["position"], one["kind"], one["first_day"], one["last_day"]),
        *(_instant(one["begins_at"]), _instant(one["ends_at"]), *(one[name] for name in figures)),
        _instant(one["closed_at"]),
    ]
    return hashlib.sha256("|".join(map(str, words)).encode()).hexdigest()


def _instant(text: str) -> str:
    """`2026-11-22T09:00:00.000000`, from either engine's way of writing a UTC instant."""
    day, _space, rest = text.replace("T", " ").partition(" ")
    seconds, _dot, fraction = rest.partition("+")[0].partition(".")
    return f"{day}T{seconds}.{fraction:0<6}"
