"""What customers owe: each settlement is the sum of its allocations, and the ledger says the same."""

import json
from collections.abc import Iterator

from reglo.ports.terminal import gettext as _
from reglo.verify.books import Books
from reglo.verify.proofs.deposits import advances_sharing_the_surplus


def settlements_are_their_allocations(books: Books) -> Iterator[str]:
    """Settled = sum of allocations, between nothing and what credit notes leave of the total; every issued invoice has
    its settlement, and a credit note has none."""
    for (settled_credit_notes,) in books.rows(
        "SELECT COUNT(*) FROM invoicing_settlement s JOIN invoicing_invoice i ON i.id = s.invoice_id"
        " WHERE i.kind = 'credit_note'"
    ):
        if settled_credit_notes:
            yield _("%(count)s avoirs attendent de l’argent") % {"count": settled_credit_notes}
    for company, number, total, gross, less, settled, allocated in books.rows(
        "SELECT i.company_id, i.number, i.gross_minor, s.gross_minor, s.deducted_minor + s.credited_minor,"
        " s.settled_minor,"
        " COALESCE(a.amount, 0)"
        " FROM invoicing_invoice i LEFT JOIN invoicing_settlement s ON s.invoice_id = i.id"
        " LEFT JOIN (SELECT invoice_id, SUM(amount_minor) AS amount FROM payments_allocation GROUP BY invoice_id) a"
        " ON a.invoice_id = i.id WHERE i.status <> 'draft' AND i.kind <> 'credit_note'"
    ):
        if gross != total:
            yield _("entreprise %(company)s, %(number)s : total %(total)s, %(gross)s à régler") % {
                "company": company,
                "number": number,
                "total": total,
                "gross": gross,
            }
        elif settled != allocated or not 0 <= settled <= gross - less:
            yield _(
                "entreprise %(company)s, %(number)s : %(settled)s réglés, %(allocated)s affectés, %(gross)s facturés"
            ) % {
                "company": company,
                "number": number,
                "settled": settled,
                "allocated": allocated,
                "gross": gross - less,
            }


def due_dates_are_those_agreed(books: Books) -> Iterator[str]:
    """What is owed falls due on the day of its invoice; in instalments, which add up to the total, on the day of the
    first that money and credit notes leave unpaid."""
    for company, number, kind, due, settlement_due, gross, credited, settled, frozen in books.rows(
        "SELECT i.company_id, i.number, i.terms_kind, CAST(i.due_date AS TEXT), CAST(s.due_date AS TEXT),"
        " s.gross_minor, s.credited_minor, s.settled_minor, i.frozen"
        " FROM invoicing_settlement s JOIN invoicing_invoice i ON i.id = s.invoice_id"
        " WHERE s.due_date <> i.due_date OR i.terms_kind = 'instalments'"
    ):
        where = _("entreprise %(company)s, %(number)s") % {"company": company, "number": number}
        instalments = json.loads(frozen).get("instalments", []) if kind == "instalments" else []
        expected, reached = due, 0
        for instalment in reversed(instalments):
            before = gross - reached - instalment["amount_minor"]  # what is due before this one
            reached += instalment["amount_minor"]
            if min(gross - credited, before) <= settled < min(gross - credited, before + instalment["amount_minor"]):
                expected = instalment["due_date"]
        if instalments and (reached != gross or instalments[-1]["due_date"] != due):
            yield _("%(where)s : les échéances ne font pas le total") % {"where": where}
        elif settlement_due != expected:
            yield _("%(where)s : échéance au %(due)s, %(expected)s attendu") % {
                "where": where,
                "due": settlement_due,
                "expected": expected,
            }


def what_is_on_its_way_is_announced(books: Books) -> Iterator[str]:
    """What a document waits for is what its payments under way would bring; a payment that ended holds no document."""
    for company, number, pending, announced in books.rows(
        "SELECT i.company_id, i.number, s.pending_minor, COALESCE(a.amount, 0)"
        " FROM invoicing_settlement s JOIN invoicing_invoice i ON i.id = s.invoice_id"
        " LEFT JOIN (SELECT l.invoice_id, SUM(l.amount_minor) AS amount FROM payments_attemptline l"
        " JOIN payments_paymentattempt p ON p.id = l.attempt_id WHERE p.state = 'processing' GROUP BY l.invoice_id) a"
        " ON a.invoice_id = i.id WHERE s.pending_minor <> COALESCE(a.amount, 0)"
    ):
        yield _("entreprise %(company)s, %(number)s : %(pending)s attendus, %(announced)s en cours de paiement") % {
            "company": company,
            "number": number,
            "pending": pending,
            "announced": announced,
        }
    for attempt, state, total, lines, held in books.rows(
        "SELECT CAST(p.id AS TEXT), p.state, p.amount_minor, COALESCE(SUM(l.amount_minor), 0),"
        " SUM(CASE WHEN l.open THEN 1 ELSE 0 END)"
        " FROM payments_paymentattempt p LEFT JOIN payments_attemptline l ON l.attempt_id = p.id"
        " GROUP BY p.id, p.state, p.amount_minor"
    ):
        if total != lines:
            yield _("paiement commencé %(attempt)s : %(total)s demandés, %(lines)s sur ses documents") % {
                "attempt": attempt,
                "total": total,
                "lines": lines,
            }
        if bool(held) != (state in {"unknown", "open", "processing"}):
            yield _("paiement commencé %(attempt)s : « %(state)s », et %(held)s documents retenus") % {
                "attempt": attempt,
                "state": state,
                "held": held,
            }


def payments_cover_their_allocations(books: Books) -> Iterator[str]:
    """No payment, undone ones included, settles more than it brought."""
    for payment, amount, allocated in books.rows(
        "SELECT CAST(p.id AS TEXT), p.amount_minor, SUM(a.amount_minor) FROM payments_payment p"
        " JOIN payments_allocation a ON a.payment_id = p.id GROUP BY p.id, p.amount_minor"
    ):
        if abs(allocated) > abs(amount) or allocated * amount < 0:
            yield _("encaissement %(payment)s : %(allocated)s affectés pour %(amount)s reçus") % {
                "payment": payment,
                "allocated": allocated,
                "amount": amount,
            }


def receivables_are_what_is_owed(books: Books) -> Iterator[str]:
    """Per company, the customers' account is the sum of what documents leave to pay."""
    for company, owed, booked in books.rows(
        "SELECT c.id, COALESCE(o.owed, 0), COALESCE(l.booked, 0) FROM companies_company c"
        " LEFT JOIN (SELECT company_id, SUM(gross_minor - deducted_minor - credited_minor - settled_minor) AS owed"
        " FROM invoicing_settlement GROUP BY company_id) o ON o.company_id = c.id"
        " LEFT JOIN (SELECT l.company_id, SUM(l.debit_minor - l.credit_minor) AS booked FROM ledger_entryline l"
        " WHERE EXISTS (SELECT 1 FROM ledger_accountmapping m WHERE m.company_id = l.company_id"
        " AND m.role = 'receivable' AND m.number = l.account) GROUP BY l.company_id) l ON l.company_id = c.id"
    ):
        if owed != booked:
            yield _("entreprise %(company)s : %(owed)s à recevoir, %(booked)s au compte clients") % {
                "company": company,
                "owed": owed,
                "booked": booked,
            }


def surpluses_are_what_is_not_allocated(books: Books) -> Iterator[str]:
    """Per company, the account of surpluses is what payments brought, less refunds and what lost disputes took for
    good, and no document took.

    Money in another currency counts for what the provider credited, once it told. Where the account serves deposits as
    well, it is the sum of both.
    """
    advances = advances_sharing_the_surplus(books)
    for company, unallocated, booked in books.rows(
        "SELECT c.id, COALESCE(p.amount, 0) - COALESCE(r.amount, 0) - COALESCE(d.amount, 0) - COALESCE(a.amount, 0),"
        " COALESCE(l.booked, 0) FROM companies_company c"
        " LEFT JOIN (SELECT d.company_id, SUM(d.withdrawn_minor - d.lost_minor) AS amount FROM payments_dispute d"
        " JOIN companies_company o ON o.id = d.company_id WHERE d.outcome <> '' AND d.withdrawn_currency = o.currency"
        " GROUP BY d.company_id) d ON d.company_id = c.id"
        " LEFT JOIN (SELECT p.company_id, SUM(CASE WHEN p.currency = o.currency THEN p.amount_minor"
        " WHEN p.settled_currency = o.currency THEN p.settled_minor ELSE 0 END) AS amount FROM payments_payment p"
        " JOIN companies_company o ON o.id = p.company_id GROUP BY p.company_id) p ON p.company_id = c.id"
        " LEFT JOIN (SELECT r.company_id, SUM(r.amount_minor) AS amount FROM payments_refund r"
        " JOIN companies_company o ON o.id = r.company_id"
        " WHERE r.state = 'succeeded' AND r.currency = o.currency GROUP BY r.company_id) r ON r.company_id = c.id"
        " LEFT JOIN (SELECT company_id, SUM(amount_minor) AS amount FROM payments_allocation GROUP BY company_id) a"
        " ON a.company_id = c.id"
        " LEFT JOIN (SELECT l.company_id, SUM(l.credit_minor - l.debit_minor) AS booked FROM ledger_entryline l"
        " WHERE EXISTS (SELECT 1 FROM ledger_accountmapping m WHERE m.company_id = l.company_id"
        " AND m.role = 'surplus' AND m.number = l.account) GROUP BY l.company_id) l ON l.company_id = c.id"
    ):
        unallocated += advances.get(company, 0)
        if unallocated != booked:
            yield _("entreprise %(company)s : %(unallocated)s non affectés, %(booked)s au compte des trop-perçus") % {
                "company": company,
                "unallocated": unallocated,
                "booked": booked,
            }
