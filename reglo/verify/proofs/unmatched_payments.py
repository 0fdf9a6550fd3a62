"""Payments without invoice: in the books once a person attached them, and as the provider told them."""

from collections.abc import Iterator

from reglo.ports.terminal import gettext as _
from reglo.verify.books import Books


def attached_payments_are_in_the_books(books: Books) -> Iterator[str]:
    """Attached: its payment is the same charge, of the same account and company, for the same money. Else: none."""
    for charge, state, found in books.rows(
        "SELECT u.external_id, u.state, p.external_id FROM payments_unmatchedpayment u"
        " LEFT JOIN payments_payment p ON p.id = u.payment_id"
        " WHERE (u.state = 'attached') <> (u.payment_id IS NOT NULL)"
        " OR (u.payment_id IS NOT NULL AND NOT (p.external_id = u.external_id AND p.account_id = u.account_id"
        " AND p.company_id = u.company_id AND p.amount_minor = u.amount_minor AND p.currency = u.currency))"
    ):
        yield _("paiement %(charge)s : « %(state)s », et dans les comptes %(found)s") % {
            "charge": charge,
            "state": state,
            "found": found or "—",
        }
