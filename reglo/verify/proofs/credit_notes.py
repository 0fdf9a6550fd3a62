"""Credit notes: each cites the invoice that it corrects, and together they never take back more than it."""

import json
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from reglo.money import round_half_up
from reglo.ports.terminal import gettext as _
from reglo.verify.books import Books

Key = tuple[str, str]  # category and rate

CENTS = 2  # of VAT: goods and services of one rate are rounded apart


def credit_notes_stay_within_their_invoices(books: Books) -> Iterator[str]:
    """Per VAT rate the credit notes of an invoice take back no more net and no more VAT than it has, all the VAT when
    all the net, and otherwise its proportion; each names its invoice and is not older."""
    invoice: tuple[Any, str, dict[str, Any]] | None = None
    taken: dict[Key, list[int]] = {}
    for company, key, number, frozen, credit_number, credit_frozen in books.rows(
        "SELECT i.company_id, i.id, i.number, i.frozen, c.number, c.frozen"
        " FROM invoicing_invoice c JOIN invoicing_invoice i ON i.id = c.corrects_id"
        " WHERE c.status <> 'draft' AND c.kind = 'credit_note' ORDER BY i.id, c.id"
    ):
        where = _("entreprise %(company)s, %(number)s") % {"company": company, "number": credit_number}
        if invoice is None or invoice[0] != key:
            invoice, taken = (key, number, json.loads(frozen)), defaultdict(lambda: [0, 0])
        credit = json.loads(credit_frozen)
        cited = credit["correction"]
        if (cited["number"], cited["issue_date"]) != (number, invoice[2]["issue_date"]):
            yield _("%(where)s : la facture citée n’est pas celle qui est corrigée") % {"where": where}
        if credit["issue_date"] < invoice[2]["issue_date"]:
            yield _("%(where)s : l’avoir est daté d’avant sa facture") % {"where": where}
        if _sums(cited["shares"]) != _sums(credit["rates"]):
            yield _("%(where)s : ce que l’avoir reprend n’est pas ce qu’il imprime") % {"where": where}
        for key_of_rate, (net, vat) in _sums(credit["rates"]).items():
            taken[key_of_rate][0] += net
            taken[key_of_rate][1] += vat
        whole = _sums(invoice[2]["rates"])
        for (category, rate), (net, vat) in taken.items():
            if not _within(net, vat, whole.get((category, rate), [0, 0])):
                yield _(
                    "%(where)s : à %(rate)s %%, %(net)s et %(vat)s de TVA repris en tout à la facture %(number)s"
                ) % {
                    "where": where,
                    "rate": rate,
                    "net": net,
                    "vat": vat,
                    "number": number,
                }


def invoices_are_credited_by_their_credit_notes(books: Books) -> Iterator[str]:
    """What a settlement says credited, and its VAT on receipts, are the sums of the credit notes issued; an invoice is
    cancelled when they make its total, and only then."""
    for company, number, status, gross, credited, vat, sum_credited, sum_vat in books.rows(
        "SELECT i.company_id, i.number, i.status, i.gross_minor, s.credited_minor, s.credited_vat_on_receipts_minor,"
        " COALESCE(c.gross, 0), COALESCE(c.vat, 0)"
        " FROM invoicing_settlement s JOIN invoicing_invoice i ON i.id = s.invoice_id"
        " LEFT JOIN (SELECT corrects_id, SUM(gross_minor) AS gross, SUM(vat_on_receipts_minor) AS vat"
        " FROM invoicing_invoice WHERE kind = 'credit_note' AND status <> 'draft' GROUP BY corrects_id) c"
        " ON c.corrects_id = i.id"
        " WHERE i.status = 'credited' OR s.credited_minor <> 0 OR c.gross IS NOT NULL"
    ):
        if (credited, vat) != (sum_credited, sum_vat) or (status == "credited") != (credited == gross):
            yield _(
                "entreprise %(company)s, %(number)s : %(credited)s crédités sur %(gross)s, %(sum)s par ses avoirs"
            ) % {
                "company": company,
                "number": number,
                "credited": credited,
                "gross": gross,
                "sum": sum_credited,
            }


def waiting_vat_is_that_of_what_is_owed(books: Books) -> Iterator[str]:
    """Per company, the VAT that waits for the money is that of what credit notes leave of its invoices, less the
    proportion of what is settled. Where one account serves both roles, it cannot be told apart."""
    waiting: dict[Any, int] = defaultdict(int)
    for company, vat, owed, settled in books.rows(
        "SELECT i.company_id, i.vat_on_receipts_minor - s.credited_vat_on_receipts_minor - s.delivered_vat_minor,"
        " s.gross_minor - s.deducted_minor - s.credited_minor, s.settled_minor"
        " FROM invoicing_settlement s JOIN invoicing_invoice i ON i.id = s.invoice_id"
        " WHERE i.vat_on_receipts_minor <> 0"
    ):
        waiting[company] += vat - (round_half_up(Decimal(vat * settled) / Decimal(owed)) if owed else vat)
    roles: dict[Any, set[str]] = defaultdict(set)
    for company, number, role in books.rows("SELECT company_id, number, role FROM ledger_accountmapping"):
        roles[company, number].add(role)
    shared = {company for (company, _number), of_number in roles.items() if of_number > {"vat_awaiting"}}
    for company, booked in books.rows(
        "SELECT c.id, COALESCE(l.booked, 0) FROM companies_company c"
        " LEFT JOIN (SELECT l.company_id, SUM(l.credit_minor - l.debit_minor) AS booked FROM ledger_entryline l"
        " WHERE EXISTS (SELECT 1 FROM ledger_accountmapping m WHERE m.company_id = l.company_id"
        " AND m.role = 'vat_awaiting' AND m.number = l.account) GROUP BY l.company_id) l ON l.company_id = c.id"
    ):
        if company not in shared and waiting[company] != booked:
            yield _("entreprise %(company)s : %(waiting)s de TVA en attente, %(booked)s à son compte") % {
                "company": company,
                "waiting": waiting[company],
                "booked": booked,
            }


def _sums(parts: list[dict[str, Any]]) -> dict[Key, list[int]]:
    sums: dict[Key, list[int]] = {}
    for part in parts:
        key = part["vat_category"], part["vat_rate"]
        net, vat = sums.get(key, [0, 0])
        sums[key] = [net + part["net_minor"], vat + part["vat_minor"]]
    return sums


def _within(net: int, vat: int, whole: list[int]) -> bool:
    """Whether net and VAT are a part of the `whole` net and VAT of a rate."""
    if not (0 <= net <= whole[0] and 0 <= vat <= whole[1]):
        return False
    if net == whole[0]:
        return vat == whole[1]
    return abs(vat * whole[0] - whole[1] * net) <= CENTS * whole[0]
