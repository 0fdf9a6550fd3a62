"""Deposits: what invoices deduct of each is what it invoiced, and the account of advances is what they have left."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from reglo.ports.terminal import gettext as _
from reglo.verify.books import Books


def deposits_are_deducted_within(books: Books) -> Iterator[str]:
    """Per rate, what issued invoices deduct of a deposit and what its credit notes take back add up to no more than it;
    when all of it is taken, to all of its VAT."""
    taken: dict[tuple[Any, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for company, status, frozen in books.rows(
        "SELECT i.company_id, i.status, i.frozen FROM invoicing_invoice i WHERE i.status = 'issued'"
        " AND i.kind = 'invoice' AND EXISTS (SELECT 1 FROM invoicing_deduction d WHERE d.invoice_id = i.id)"
    ):
        assert status == "issued", "asked for"
        for one in json.loads(frozen)["deductions"]:
            _add(taken[company, one["number"]], one["shares"])
    for company, number, frozen in books.rows(
        "SELECT c.company_id, p.number, c.frozen FROM invoicing_invoice c JOIN invoicing_invoice p"
        " ON p.id = c.corrects_id WHERE p.kind = 'deposit' AND c.status <> 'draft'"
    ):
        _add(taken[company, number], json.loads(frozen)["correction"]["shares"])
    for company, number, frozen in books.rows(
        "SELECT company_id, number, frozen FROM invoicing_invoice WHERE kind = 'deposit' AND status <> 'draft'"
    ):
        content = json.loads(frozen)
        whole = {rate["vat_rate"]: (rate["net_minor"], rate["vat_minor"]) for rate in content["rates"]}
        for rate, (net, vat) in taken[company, number].items():
            net_whole, vat_whole = whole.get(rate, (0, 0))
            every_cent = net + vat == net_whole + vat_whole
            if not (net <= net_whole and vat <= vat_whole) or (every_cent and vat != vat_whole):
                yield _("entreprise %(company)s, %(number)s : à %(rate)s %%, %(net)s et %(vat)s de TVA repris") % {
                    "company": company,
                    "number": number,
                    "rate": rate,
                    "net": net,
                    "vat": vat,
                }
        if content.get("type_code") != "386":
            yield _("entreprise %(company)s, %(number)s : l’acompte ne porte pas le code 386") % {
                "company": company,
                "number": number,
            }


def invoices_deduct_what_they_cite(books: Books) -> Iterator[str]:
    """The rows, the frozen text and the settlement of an invoice say the same deductions, each of an earlier deposit of
    its customer; a cancelled invoice deducts nothing; the VAT delivered of a deposit is that of its goods."""
    rows: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)
    delivered: dict[Any, int] = defaultdict(int)
    for invoice, deposit, status, *amounts, number, day, goods_vat, same in books.rows(
        "SELECT d.invoice_id, d.deposit_id, i.status, d.net_minor, d.vat_minor, d.gross_minor, p.number,"
        " CAST(p.issue_date AS TEXT), d.goods_vat_minor, p.customer_id = i.customer_id AND p.kind = 'deposit'"
        " AND p.company_id = i.company_id AND d.company_id = i.company_id AND p.chain_position < i.chain_position"
        " FROM invoicing_deduction d JOIN invoicing_invoice i ON i.id = d.invoice_id"
        " JOIN invoicing_invoice p ON p.id = d.deposit_id WHERE i.status <> 'draft'"
    ):
        rows[invoice].append((number, day, *amounts) if same else ())
        if status == "issued":
            delivered[deposit] += goods_vat
    for key, company, number, kind, status, flag, frozen, deducted, delivered_vat in books.rows(
        "SELECT i.id, i.company_id, i.number, i.kind, i.status, i.has_deductions, i.frozen, s.deducted_minor,"
        " s.delivered_vat_minor"
        " FROM invoicing_invoice i JOIN invoicing_settlement s ON s.invoice_id = i.id"
    ):
        content = json.loads(frozen) if rows[key] or '"deductions":' in frozen else {}
        said = [
            tuple(one[name] for name in ("number", "issue_date", "net_minor", "vat_minor", "gross_minor"))
            for one in content.get("deductions", ())
        ]
        expected = sum(one[-1] for one in said) if status == "issued" else 0
        parts = all(
            one["gross_minor"] == sum(share["net_minor"] + share["vat_minor"] for share in one["shares"])
            for one in content.get("deductions", ())
        )
        same = sorted(said) == sorted(rows[key]) and bool(flag) == bool(said)
        if not same or deducted != expected or not parts or (said and kind != "invoice"):
            yield _("entreprise %(company)s, %(number)s : %(deducted)s déduits, %(expected)s cités") % {
                "company": company,
                "number": number,
                "deducted": deducted,
                "expected": expected,
            }
        if delivered_vat != delivered[key]:
            yield _("entreprise %(company)s, %(number)s : %(said)s de TVA livrée, %(expected)s déduits") % {
                "company": company,
                "number": number,
                "said": delivered_vat,
                "expected": delivered[key],
            }


def advances_are_what_is_not_deducted(books: Books) -> Iterator[str]:
    """Per company, the account of deposits is their net, less that of their credit notes and of what issued invoices
    deduct. Where the account serves *trop-perçus* as well, their proof adds both."""
    expected, shared = _advances(books), _sharing(books)
    for company, booked in books.rows(
        "SELECT c.id, COALESCE(l.booked, 0) FROM companies_company c"
        " LEFT JOIN (SELECT l.company_id, SUM(l.credit_minor - l.debit_minor) AS booked FROM ledger_entryline l"
        " WHERE EXISTS (SELECT 1 FROM ledger_accountmapping m WHERE m.company_id = l.company_id"
        " AND m.role = 'deposits' AND m.number = l.account) GROUP BY l.company_id) l ON l.company_id = c.id"
    ):
        if company not in shared and expected.get(company, 0) != booked:
            yield _("entreprise %(company)s : %(expected)s d’acomptes à déduire, %(booked)s à leur compte") % {
                "company": company,
                "expected": expected.get(company, 0),
                "booked": booked,
            }


def advances_sharing_the_surplus(books: Books) -> dict[Any, int]:
    """What is not deducted yet, of the companies where one account serves deposits and *trop-perçus*."""
    expected = _advances(books)
    return {company: expected.get(company, 0) for company in _sharing(books)}


def _advances(books: Books) -> dict[Any, int]:
    return dict(
        books.rows(
            "SELECT company_id, SUM(net) FROM ("
            "SELECT company_id, net_minor AS net FROM invoicing_invoice WHERE kind = 'deposit' AND status <> 'draft'"
            " UNION ALL SELECT c.company_id, -c.net_minor FROM invoicing_invoice c JOIN invoicing_invoice p"
            " ON p.id = c.corrects_id WHERE p.kind = 'deposit' AND c.status <> 'draft'"
            " UNION ALL SELECT d.company_id, -d.net_minor FROM invoicing_deduction d JOIN invoicing_invoice i"
            " ON i.id = d.invoice_id WHERE i.status = 'issued') advances GROUP BY company_id"
        )
    )


def _sharing(books: Books) -> set[Any]:
    return {
        company
        for (company,) in books.rows(
            "SELECT DISTINCT d.company_id FROM ledger_accountmapping d JOIN ledger_accountmapping s"
            " ON s.company_id = d.company_id AND s.number = d.number"
            " WHERE d.role = 'deposits' AND s.role = 'surplus'"
        )
    }


def _add(sums: dict[str, list[int]], shares: list[dict[str, Any]]) -> None:
    for share in shares:
        sums[share["vat_rate"]][0] += share["net_minor"]
        sums[share["vat_rate"]][1] += share["vat_minor"]
