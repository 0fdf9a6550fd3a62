"""What was given back: never more than came in, each in the ledger once, and what is left over is where we say."""

from collections import defaultdict
from collections.abc import Iterator

from reglo.ports.terminal import gettext as _
from reglo.verify.books import Books


def refunds_are_covered_and_booked(books: Books) -> Iterator[str]:
    """No payment gives back more than it brought; the ledger holds what succeeded, and nothing of the rest."""
    for payment, amount, refunded in books.rows(
        "SELECT CAST(p.id AS TEXT), p.amount_minor, SUM(r.amount_minor) FROM payments_payment p"
        " JOIN payments_refund r ON r.payment_id = p.id"
        " WHERE r.state IN ('succeeded', 'pending') AND r.currency = p.currency"
        " GROUP BY p.id, p.amount_minor HAVING SUM(r.amount_minor) > p.amount_minor"
    ):
        yield _("encaissement %(payment)s : %(refunded)s remboursés pour %(amount)s reçus") % {
            "payment": payment,
            "refunded": refunded,
            "amount": amount,
        }
    booked = _booked(books)
    for company, refund, state, amount in books.rows(
        "SELECT r.company_id, CAST(r.id AS TEXT), r.state, r.amount_minor FROM payments_refund r"
        " JOIN companies_company c ON c.id = r.company_id WHERE r.currency = c.currency"
    ):
        left = booked.pop(refund.replace("-", ""), 0)
        expected = amount if state == "succeeded" else 0
        if left != expected:
            yield _(
                "entreprise %(company)s, remboursement %(refund)s « %(state)s » : %(expected)s à comptabiliser, "
                "%(left)s comptabilisés"
            ) % {"company": company, "refund": refund, "state": state, "expected": expected, "left": left}
    for refund, left in booked.items():
        if left:
            yield _("remboursement %(refund)s : %(left)s comptabilisés, et il n’existe pas") % {
                "refund": refund,
                "left": left,
            }


def _booked(books: Books) -> dict[str, int]:
    """What left the provider's account for each refund, by its id without dashes; what came back is taken off."""
    booked: dict[str, int] = defaultdict(int)
    for source, left in books.rows(
        "SELECT e.source, SUM(l.credit_minor - l.debit_minor) FROM ledger_entry e"
        " JOIN ledger_entryline l ON l.entry_id = e.id"
        " WHERE (e.source LIKE 'refund:%' OR e.source LIKE 'refund-failed:%')"
        " AND EXISTS (SELECT 1 FROM ledger_accountmapping m WHERE m.company_id = l.company_id"
        " AND m.role = 'stripe_clearing' AND m.number = l.account) GROUP BY e.source"
    ):
        booked[source.partition(":")[2].replace("-", "")] += left
    return booked


def each_surplus_is_what_no_document_took(books: Books) -> Iterator[str]:
    """What a payment says of its own surplus is what it brought, less refunds, allocations and what disputes took."""
    for payment, said, unallocated in books.rows(
        "SELECT CAST(p.id AS TEXT), p.surplus_minor, CASE WHEN p.currency = c.currency THEN p.amount_minor"
        " WHEN p.settled_currency = c.currency THEN p.settled_minor ELSE 0 END"
        " - COALESCE(a.amount, 0) - COALESCE(r.amount, 0) - COALESCE(d.amount, 0) AS unallocated"
        " FROM payments_payment p JOIN companies_company c ON c.id = p.company_id"
        " LEFT JOIN (SELECT payment_id, SUM(amount_minor) AS amount FROM payments_allocation GROUP BY payment_id) a"
        " ON a.payment_id = p.id"
        " LEFT JOIN (SELECT r.payment_id, SUM(r.amount_minor) AS amount FROM payments_refund r"
        " JOIN companies_company o ON o.id = r.company_id"
        " WHERE r.state = 'succeeded' AND r.currency = o.currency GROUP BY r.payment_id) r ON r.payment_id = p.id"
        " LEFT JOIN (SELECT d.payment_id, SUM(d.withdrawn_minor - d.lost_minor) AS amount FROM payments_dispute d"
        " JOIN companies_company o ON o.id = d.company_id"
        " WHERE d.outcome <> '' AND d.withdrawn_currency = o.currency GROUP BY d.payment_id) d ON d.payment_id = p.id"
    ):
        if said != unallocated:
            yield _("encaissement %(payment)s : %(unallocated)s non affectés, %(said)s annoncés en trop-perçu") % {
                "payment": payment,
                "unallocated": unallocated,
                "said": said,
            }
