"""Inside a document: subtotals are sums, titles have no amount, and a discount is shared by the rates."""

import json
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from reglo.money import round_half_up
from reglo.ports.terminal import gettext as _
from reglo.verify.books import Books

Parts = dict[Decimal, dict[str, int]]


def subtotals_and_discounts_are_right(books: Books) -> Iterator[str]:
    """A discount takes its percentage, rounded once, or its amount; each rate bears its part to within a cent, and what
    is left of the lines is the document. Subtotals are the sums above them; titles and comments have no amount. Options
    of a quote are in none of its sums."""
    for company, kind, number, frozen in books.rows(
        "SELECT company_id, kind, number, frozen FROM invoicing_invoice WHERE status <> 'draft'"
        " UNION ALL SELECT v.company_id, 'quote', q.number, v.frozen FROM invoicing_quoteversion v"
        " JOIN invoicing_quote q ON q.id = v.quote_id WHERE v.hash <> ''"
    ):
        content = json.loads(frozen)
        where = _("entreprise %(company)s, %(number)s") % {"company": company, "number": number}
        content["lines"] = [line for line in content["lines"] if "option" not in line]
        if not _lines_sum_up(content["lines"]):
            yield _("%(where)s : un sous-total n’est pas la somme de ses lignes") % {"where": where}
        if "discount" in content and not _is_shared(content, whole=kind != "credit_note"):
            yield _("%(where)s : la remise n’est pas répartie selon les taux") % {"where": where}


def _lines_sum_up(lines: list[dict[str, Any]]) -> bool:
    since = 0
    for line in lines:
        kind = line.get("kind", "article")
        if kind == "article":
            since += line["amount_minor"]
            continue
        if (line["amount_minor"], line["net_minor"]) != (since if kind == "subtotal" else 0, 0):
            return False
        since = since if kind == "comment" else 0
    return True


def _is_shared(content: dict[str, Any], *, whole: bool) -> bool:
    """`whole`: of an invoice, whose discount is decided at once; that of a credit note is cumulated over several."""
    discount, inclusive = content["discount"], content["prices_include_vat"]
    sold = _by_rate([line for line in content["lines"] if line.get("kind", "article") == "article"], "amount_minor")
    parts = _by_rate(discount["parts"], "amount_minor", "net_minor", "base_minor")
    rates = _by_rate(content["rates"], "net_minor", "vat_minor")
    total, taken = sum(one["amount_minor"] for one in sold.values()), discount["amount_minor"]
    for name in ("amount_minor", "net_minor"):
        if discount[name] != sum(part[name] for part in parts.values()):
            return False
    if whole and discount["rate"] and taken != round_half_up(total * Decimal(discount["rate"]) / 100):
        return False
    for rate, left in rates.items():
        part, typed = parts[rate], sold[rate]["amount_minor"]
        if left["net_minor"] + (left["vat_minor"] if inclusive else 0) != typed - part["amount_minor"]:
            return False
        if whole and abs(part["amount_minor"] * total - taken * typed) > total:
            return False
        if not 0 <= part["net_minor"] <= part["amount_minor"]:
            return False
        if part["amount_minor"] and whole and not part["base_minor"] - part["net_minor"] <= left["net_minor"]:
            return False
    return set(parts) <= set(rates)


def _by_rate(rows: list[dict[str, Any]], *names: str) -> Parts:
    sums: Parts = defaultdict(lambda: defaultdict(int))
    for row in rows:
        for name in names:
            sums[Decimal(row["vat_rate"])][name] += row[name]
    return sums
