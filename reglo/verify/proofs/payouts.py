"""What the provider paid out: on the bank account once, explained by its lines, and nothing of it left behind."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from reglo.ports.terminal import gettext as _
from reglo.verify.books import Books


def payouts_are_posted(books: Books) -> Iterator[str]:
    """A payout that was paid has its amount on the books once; one that was not, or came back, has nothing there."""
    posted: dict[str, int] = defaultdict(int)
    for source, minor in books.rows(_POSTED):
        posted[_hexadecimal(source.removeprefix("payout:"))] += int(minor)
    for identifier, external, state, amount, home in books.rows(
        "SELECT CAST(p.id AS TEXT), p.external_id, p.state, p.amount_minor, p.currency = c.currency"
        " FROM payments_payout p JOIN companies_company c ON c.id = p.company_id"
    ):
        expected = amount if state == "paid" and home else 0
        found = posted.pop(_hexadecimal(identifier), 0)
        if found != expected:
            yield _("virement %(payout)s : « %(state)s », %(amount)s versés, %(found)s comptabilisés") % {
                "payout": external,
                "state": state,
                "amount": amount,
                "found": found,
            }
    for identifier, found in posted.items():
        if found:
            yield _("%(found)s comptabilisés pour un virement inconnu, %(payout)s") % {
                "found": found,
                "payout": identifier,
            }


# What its entry, and the one that reverses it, took from the provider's account.
_POSTED = (
    "SELECT o.source, SUM(l.credit_minor - l.debit_minor) FROM ledger_entry o"
    " JOIN ledger_entry e ON e.id = o.id OR e.reverses_id = o.id"
    " JOIN ledger_entryline l ON l.entry_id = e.id"
    " WHERE o.source LIKE 'payout:%' AND EXISTS (SELECT 1 FROM ledger_accountmapping m"
    " WHERE m.company_id = l.company_id AND m.role = 'stripe_clearing' AND m.number = l.account) GROUP BY o.source"
)


def payouts_are_their_lines(books: Books) -> Iterator[str]:
    """Once its lines are told, a payout is their sum, or its difference is said; each line is net of its fee."""
    sums = {
        payout: (lines, int(net))
        for payout, lines, net in books.rows(
            "SELECT payout_id, COUNT(*), SUM(net_minor) FROM payments_payoutline GROUP BY payout_id"
        )
    }
    for identifier, external, amount, gap in books.rows(
        "SELECT id, external_id, amount_minor, gap_minor FROM payments_payout"
    ):
        lines, net = sums.get(identifier, (0, 0))
        if gap is None and lines:
            yield _("virement %(payout)s : %(lines)s lignes qui n’ont pas été annoncées") % {
                "payout": external,
                "lines": lines,
            }
        elif gap is not None and amount - net != gap:
            yield _("virement %(payout)s : %(amount)s versés, %(net)s de lignes, un écart dit de %(gap)s") % {
                "payout": external,
                "amount": amount,
                "net": net,
                "gap": gap,
            }
    for external, net in books.rows(
        "SELECT external_id, net_minor FROM payments_payoutline WHERE net_minor <> gross_minor - fee_minor"
    ):
        yield _("ligne %(line)s : %(net)s n’est pas son montant moins ses frais") % {"line": external, "net": net}


# What each kind of fact moved on the provider's account, per company, in the company's currency.
_MOVEMENTS = (
    # Payments: what the provider credited, which is the amount where it told no other.
    "SELECT p.company_id, SUM(CASE WHEN p.currency = c.currency THEN p.amount_minor"
    " WHEN p.settled_currency = c.currency THEN p.settled_minor ELSE 0 END) FROM payments_payment p"
    " JOIN companies_company c ON c.id = p.company_id WHERE p.account_id IS NOT NULL GROUP BY p.company_id",
    "SELECT p.company_id, -SUM(p.fee_minor) FROM payments_payment p JOIN companies_company c ON c.id = p.company_id"
    " WHERE p.fee_minor IS NOT NULL AND p.settled_currency = c.currency GROUP BY p.company_id",
    "SELECT r.company_id, -SUM(r.amount_minor) FROM payments_refund r JOIN companies_company c ON c.id = r.company_id"
    " WHERE r.state = 'succeeded' AND r.currency = c.currency GROUP BY r.company_id",
    # Disputes: their funds, and what the provider keeps for each.
    "SELECT m.company_id, SUM(m.amount_minor - m.fee_minor) FROM payments_disputemove m"
    " JOIN companies_company c ON c.id = m.company_id WHERE m.currency = c.currency GROUP BY m.company_id",
    # What nothing of ours caused and a payout took along.
    "SELECT l.company_id, SUM(l.net_minor) FROM payments_payoutline l JOIN companies_company c ON c.id = l.company_id"
    " WHERE CAST(l.booked AS INTEGER) = 0 AND l.currency = c.currency GROUP BY l.company_id",
    "SELECT p.company_id, -SUM(p.amount_minor) FROM payments_payout p JOIN companies_company c ON c.id = p.company_id"
    " WHERE p.state = 'paid' AND p.currency = c.currency GROUP BY p.company_id",
)


def nothing_is_left_of_what_was_paid_out(books: Books) -> Iterator[str]:
    """Per company, the provider's account is what came in, less what was given back, kept, and paid out."""
    expected: dict[Any, int] = defaultdict(int)
    for sql in _MOVEMENTS:
        for company, minor in books.rows(sql):
            expected[company] += int(minor)
    booked = {company: int(minor) for company, minor in books.rows(_CLEARING)}
    for company in sorted(expected.keys() | booked.keys()):
        if expected[company] != booked.get(company, 0):
            yield _("entreprise %(company)s : %(expected)s chez le prestataire, %(booked)s à son compte") % {
                "company": company,
                "expected": expected[company],
                "booked": booked.get(company, 0),
            }


_CLEARING = (
    "SELECT l.company_id, SUM(l.debit_minor - l.credit_minor) FROM ledger_entryline l"
    " WHERE EXISTS (SELECT 1 FROM ledger_accountmapping m WHERE m.company_id = l.company_id"
    " AND m.role = 'stripe_clearing' AND m.number = l.account) GROUP BY l.company_id"
)


def _hexadecimal(identifier: str) -> str:
    """One spelling of a UUID for both engines, and for a source."""
    return str(identifier).replace("-", "")
