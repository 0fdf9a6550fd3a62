"""Contested payments: what disputes took is what their funds say, what the ledger holds, and what documents show."""

from collections.abc import Iterator

from reglo.ports.terminal import gettext as _
from reglo.verify.books import Books


def disputes_are_their_moves(books: Books) -> Iterator[str]:
    """Each dispute took what its funds add up to; per company, two accounts hold what is open and what was lost."""
    for dispute, taken, moved in books.rows(
        "SELECT CAST(d.id AS TEXT), d.withdrawn_minor, COALESCE(m.amount, 0) FROM payments_dispute d"
        " LEFT JOIN (SELECT dispute_id, -SUM(amount_minor) AS amount FROM payments_disputemove GROUP BY dispute_id) m"
        " ON m.dispute_id = d.id WHERE d.withdrawn_minor <> COALESCE(m.amount, 0)"
    ):
        yield _("contestation %(dispute)s : %(taken)s repris, %(moved)s par ses mouvements") % {
            "dispute": dispute,
            "taken": taken,
            "moved": moved,
        }
    for company, is_open, lost, disputed, losses in books.rows(
        "SELECT c.id, COALESCE(d.open, 0), COALESCE(d.lost, 0), COALESCE(l.disputed, 0), COALESCE(l.losses, 0)"
        " FROM companies_company c"
        " LEFT JOIN (SELECT d.company_id, SUM(d.lost_minor) AS lost,"
        " SUM(CASE WHEN d.outcome = '' THEN d.withdrawn_minor ELSE 0 END) AS open FROM payments_dispute d"
        " JOIN companies_company o ON o.id = d.company_id WHERE d.withdrawn_currency = o.currency"
        " GROUP BY d.company_id) d ON d.company_id = c.id"
        " LEFT JOIN (SELECT m.company_id,"
        " SUM(CASE WHEN m.role = 'disputed' THEN l.debit_minor - l.credit_minor ELSE 0 END) AS disputed,"
        " SUM(CASE WHEN m.role = 'bad_debts' THEN l.debit_minor - l.credit_minor ELSE 0 END) AS losses"
        " FROM (SELECT DISTINCT company_id, role, number FROM ledger_accountmapping"
        " WHERE role IN ('disputed', 'bad_debts')) m"
        " JOIN ledger_entryline l ON l.company_id = m.company_id AND l.account = m.number"
        " GROUP BY m.company_id) l ON l.company_id = c.id"
    ):
        if (is_open, lost) != (disputed, losses):
            yield _(
                "entreprise %(company)s : %(open)s contestés et %(lost)s perdus, "
                "%(disputed)s et %(losses)s dans leurs comptes"
            ) % {"company": company, "open": is_open, "lost": lost, "disputed": disputed, "losses": losses}


def what_is_disputed_is_what_disputes_took(books: Books) -> Iterator[str]:
    """A document shows as disputed what open disputes took of the money that settles it, *trop-perçu* first."""
    left = {}
    for payment, amount, taken, refunded, gone in books.rows(
        "WITH held AS (SELECT payment_id FROM payments_dispute WHERE outcome = '' AND withdrawn_minor > 0)"
        " SELECT CAST(p.id AS TEXT), p.amount_minor, t.taken, COALESCE(r.amount, 0), t.gone FROM payments_payment p"
        " JOIN (SELECT payment_id,"
        " SUM(CASE WHEN outcome <> '' OR withdrawn_minor <= 0 THEN 0"
        " WHEN withdrawn_currency = currency THEN withdrawn_minor ELSE amount_minor END) AS taken,"
        " SUM(CASE WHEN outcome <> '' AND withdrawn_currency = currency"
        " THEN withdrawn_minor - lost_minor ELSE 0 END) AS gone"
        " FROM payments_dispute WHERE payment_id IN (SELECT payment_id FROM held) GROUP BY payment_id) t"
        " ON t.payment_id = p.id"
        " LEFT JOIN (SELECT payment_id, SUM(amount_minor) AS amount FROM payments_refund"
        " WHERE state = 'succeeded' AND payment_id IN (SELECT payment_id FROM held) GROUP BY payment_id) r"
        " ON r.payment_id = p.id"
    ):
        left[payment] = (taken, amount - refunded - gone)
    allocated: dict[str, list[tuple[int, int]]] = {}
    for payment, invoice, amount in books.rows(
        "WITH held AS (SELECT payment_id FROM payments_dispute WHERE outcome = '' AND withdrawn_minor > 0)"
        " SELECT CAST(payment_id AS TEXT), invoice_id, SUM(amount_minor) FROM payments_allocation"
        " WHERE payment_id IN (SELECT payment_id FROM held)"
        " GROUP BY payment_id, invoice_id ORDER BY payment_id, MIN(id) DESC"
    ):
        allocated.setdefault(payment, []).append((invoice, amount))
    expected: dict[int, int] = {}
    for payment, parts in allocated.items():
        taken, held = left[payment]
        taken -= max(0, held - sum(amount for _invoice, amount in parts))
        for invoice, amount in parts:
            part = max(0, min(taken, amount))
            expected[invoice] = expected.get(invoice, 0) + part
            taken -= part
    for invoice, company, number, disputed in books.rows(
        "WITH held AS (SELECT payment_id FROM payments_dispute WHERE outcome = '' AND withdrawn_minor > 0)"
        " SELECT s.invoice_id, i.company_id, i.number, s.disputed_minor FROM invoicing_settlement s"
        " JOIN invoicing_invoice i ON i.id = s.invoice_id WHERE s.disputed_minor <> 0 OR s.invoice_id IN"
        " (SELECT invoice_id FROM payments_allocation WHERE payment_id IN (SELECT payment_id FROM held))"
    ):
        if disputed != expected.get(invoice, 0):
            yield _("entreprise %(company)s, %(number)s : %(disputed)s contestés, %(taken)s repris") % {
                "company": company,
                "number": number,
                "disputed": disputed,
                "taken": expected.get(invoice, 0),
            }
