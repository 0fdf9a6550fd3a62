"""Quotes: what was decided is what was sent, and no more is invoiced than was accepted."""

import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from reglo.money import round_half_up
from reglo.ports.terminal import gettext as _
from reglo.verify.books import Books


def versions_are_unchanged(books: Books) -> Iterator[str]:
    """Each finalised version's hash is that of its frozen text, which says what its columns and its lines say."""
    lines: dict[object, list[tuple[int, int]]] = {}
    for version, rank, amount in books.rows(
        "SELECT l.version_id, l.rank, l.amount_minor FROM invoicing_quoteline l"
        " JOIN invoicing_quoteversion v ON v.id = l.version_id WHERE v.hash <> '' ORDER BY l.version_id, l.rank"
    ):
        lines.setdefault(version, []).append((rank, amount))
    for company, key, quote_number, number, recorded, frozen, net, vat, gross in books.rows(
        "SELECT v.company_id, v.id, q.number, v.number, v.hash, v.frozen, v.net_minor, v.vat_minor, v.gross_minor"
        " FROM invoicing_quoteversion v JOIN invoicing_quote q ON q.id = v.quote_id WHERE v.hash <> ''"
    ):
        where = _("entreprise %(company)s, %(number)s, version %(version)s") % {
            "company": company,
            "number": quote_number,
            "version": number,
        }
        if hashlib.sha256(frozen.encode()).hexdigest() != recorded:
            yield _("%(where)s : son contenu n’est plus celui qui a été envoyé") % {"where": where}
        content = json.loads(frozen)
        said = (content["number"], content["net_minor"], content["vat_minor"], content["gross_minor"])
        amounts = [line["amount_minor"] if _is_article(line) else 0 for line in content["lines"]]
        if said != (quote_number, net, vat, gross) or amounts != [amount for _rank, amount in lines.get(key, [])]:
            yield _("%(where)s : le devis figé et la base ne disent pas la même chose") % {"where": where}


def decisions_are_about_what_was_sent(books: Books) -> Iterator[str]:
    """Each decision carries the hash of its version; a quote is accepted when a decision says so, about what is
    offered, of an amount that its lines and options make, and only then."""
    for company, quote_number, decided, sent in books.rows(
        "SELECT d.company_id, q.number, d.version_hash, v.hash FROM invoicing_quotedecision d"
        " JOIN invoicing_quoteversion v ON v.id = d.version_id JOIN invoicing_quote q ON q.id = d.quote_id"
        " WHERE d.version_hash <> v.hash OR v.quote_id <> d.quote_id"
    ):
        yield _("entreprise %(company)s, %(number)s : la réponse porte sur %(decided)s, la version est %(sent)s") % {
            "company": company,
            "number": quote_number,
            "decided": decided,
            "sent": sent,
        }
    for company, quote_number, status, decisions in books.rows(
        "SELECT q.company_id, q.number, q.status, COUNT(d.id) FROM invoicing_quote q"
        " LEFT JOIN invoicing_quotedecision d ON d.quote_id = q.id AND d.outcome = 'accepted'"
        " AND d.version_id = q.offered_id"
        " GROUP BY q.id, q.company_id, q.number, q.status"
        " HAVING (q.status = 'accepted' AND COUNT(d.id) <> 1)"
        " OR (q.status NOT IN ('accepted', 'cancelled') AND COUNT(d.id) > 0)"
    ):
        yield _("entreprise %(company)s, %(number)s : « %(status)s », avec %(decisions)s acceptations") % {
            "company": company,
            "number": quote_number,
            "status": status,
            "decisions": decisions,
        }
    yield from _accepted_amounts(books)


def _accepted_amounts(books: Books) -> Iterator[str]:
    """What was accepted is the sum of the lines that are not optional and of the options taken, as they were typed,
    less the discount of the quote: its percentage of that sum, rounded once, or its amount."""
    for company, quote_number, includes_vat, net, vat, gross, options, frozen in books.rows(
        "SELECT d.company_id, q.number, v.prices_include_vat, d.net_minor, d.vat_minor, d.gross_minor, d.options,"
        " v.frozen FROM invoicing_quotedecision d JOIN invoicing_quoteversion v ON v.id = d.version_id"
        " JOIN invoicing_quote q ON q.id = d.quote_id WHERE d.outcome = 'accepted'"
    ):
        taken, content = set(json.loads(options)), json.loads(frozen)
        expected = sum(
            line["amount_minor"]
            for rank, line in enumerate(content["lines"], start=1)
            if _is_article(line) and ("option" not in line or rank in taken)
        )
        if discount := content.get("discount"):
            rate = discount["rate"]
            expected -= round_half_up(expected * Decimal(rate) / 100) if rate else discount["amount_minor"]
        if gross != net + vat or (gross if includes_vat else net) != expected:
            yield _(
                "entreprise %(company)s, %(number)s : %(net)s et %(vat)s de TVA acceptés, %(expected)s attendus"
            ) % {
                "company": company,
                "number": quote_number,
                "net": net,
                "vat": vat,
                "expected": expected,
            }


def _is_article(line: dict[str, Any]) -> bool:
    return bool(line.get("kind", "article") == "article")


def no_more_is_invoiced_than_was_accepted(books: Books) -> Iterator[str]:
    """Per quote, what was issued, credit notes taken off, is within what was accepted, as its prices were typed; so are
    its deposits, VAT included."""
    issued: dict[object, list[int]] = {}
    deposits: dict[object, int] = {}
    for quote, kind, whose, net, gross in books.rows(
        "SELECT COALESCE(i.quote_id, o.quote_id), i.kind, COALESCE(o.kind, i.kind),"
        " i.net_minor, i.gross_minor FROM invoicing_invoice i"
        " LEFT JOIN invoicing_invoice o ON o.id = i.corrects_id"
        " WHERE i.status <> 'draft' AND COALESCE(i.quote_id, o.quote_id) IS NOT NULL"
    ):
        sign = -1 if kind == "credit_note" else 1
        sums = issued.setdefault(quote, [0, 0])
        if whose == "deposit":
            deposits[quote] = deposits.get(quote, 0) + sign * gross
            continue
        sums[0] += sign * net
        sums[1] += sign * gross
    accepted = {
        quote: (net, gross, includes_vat)
        for quote, net, gross, includes_vat in books.rows(
            "SELECT d.quote_id, d.net_minor, d.gross_minor, v.prices_include_vat FROM invoicing_quotedecision d"
            " JOIN invoicing_quoteversion v ON v.id = d.version_id WHERE d.outcome = 'accepted'"
        )
    }
    for company, quote, number in books.rows("SELECT company_id, id, number FROM invoicing_quote"):
        if quote not in issued:
            continue
        net, gross, includes_vat = accepted.get(quote, (0, 0, False))
        most, sum_issued = (gross, issued[quote][1]) if includes_vat else (net, issued[quote][0])
        if deposits.get(quote, 0) > gross:
            most, sum_issued = gross, deposits[quote]
        if sum_issued > most:
            yield _("entreprise %(company)s, %(number)s : %(issued)s facturés, %(most)s acceptés") % {
                "company": company,
                "number": number,
                "issued": sum_issued,
                "most": most,
            }
