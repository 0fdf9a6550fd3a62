"""Our rows, read once per check straight from the driver, with one spelling for both engines."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.functional import cached_property

Row = tuple[Any, ...]


class Document(NamedTuple):
    id: int
    company: int
    customer: int
    series: str
    number: str
    issue_date: str
    issued_at: str
    net: int
    vat: int
    gross: int
    vat_on_receipts: int
    position: int
    previous: str
    hash: str
    frozen: str
    kind: str
    corrects: int | None
    status: str

    @property
    def sign(self) -> int:
        """A credit note goes the other way."""
        return -1 if self.kind == "credit_note" else 1


class Payment(NamedTuple):
    id: str
    company: int
    external: str | None
    amount: int
    fee: int | None
    by_hand: bool


class Books:
    """`rows(sql)` reads. Each property is a table as the invariants want it."""

    def __init__(self, rows: Callable[[str], list[Row]], log: list[str]) -> None:
        self.rows = rows
        self.log = log

    @cached_property
    def documents(self) -> list[Document]:
        return [
            Document(*row)
            for row in self.rows(
                "SELECT id, company_id, customer_id, series, number, CAST(issue_date AS TEXT),"
                " CAST(issued_at AS TEXT), net_minor, vat_minor, gross_minor, vat_on_receipts_minor,"
                " chain_position, previous_hash, hash,"
                " frozen, kind, corrects_id, status FROM invoicing_invoice WHERE status <> 'draft'"
                " ORDER BY company_id, chain_position"
            )
        ]

    @cached_property
    def settlements(self) -> dict[int, Row]:
        """Invoice → gross, credited, settled."""
        return {
            invoice: (gross, credited, settled)
            for invoice, gross, credited, settled in self.rows(
                "SELECT invoice_id, gross_minor, credited_minor, settled_minor FROM invoicing_settlement"
            )
        }

    @cached_property
    def credit_notes(self) -> dict[int, list[Document]]:
        """Invoice → the credit notes issued for it, in the order of their issue."""
        found: dict[int, list[Document]] = defaultdict(list)
        for document in self.documents:
            if document.corrects is not None:
                found[document.corrects].append(document)
        return found

    @cached_property
    def entries(self) -> list[Row]:
        """id, company, position, source, previous, hash, lines, debit, credit; in the order of their chain."""
        return [
            (hexadecimal(row[0]), *row[1:6], row[6], int(row[7]), int(row[8]))
            for row in self.rows(
                "SELECT e.id, e.company_id, e.position, e.source, e.previous_hash, e.hash, COUNT(l.id),"
                " COALESCE(SUM(l.debit_minor), 0), COALESCE(SUM(l.credit_minor), 0) FROM ledger_entry e"
                " LEFT JOIN ledger_entryline l ON l.entry_id = e.id"
                " GROUP BY e.id, e.company_id, e.position, e.source, e.previous_hash, e.hash"
                " ORDER BY e.company_id, e.position"
            )
        ]

    @cached_property
    def accounts(self) -> dict[tuple[int, str, str], int]:
        """(company, role, auxiliary) → debit minus credit."""
        return {
            (company, role, auxiliary): int(balance)
            for company, role, auxiliary, balance in self.rows(
                "SELECT l.company_id, m.role, l.auxiliary, SUM(l.debit_minor - l.credit_minor)"
                " FROM ledger_entryline l JOIN ledger_accountmapping m"
                " ON m.company_id = l.company_id AND m.number = l.account"
                " WHERE m.role IN ('receivable', 'surplus', 'stripe_clearing', 'payment_fees', 'vat_awaiting',"
                " 'disputed', 'bad_debts')"
                " GROUP BY l.company_id, m.role, l.auxiliary"
            )
        }

    @cached_property
    def payments(self) -> dict[str, Payment]:
        return {
            hexadecimal(row[0]): Payment(hexadecimal(row[0]), row[1], row[2], row[3], row[4], row[5] is None)
            for row in self.rows(
                "SELECT id, company_id, external_id, amount_minor, fee_minor, account_id FROM payments_payment"
            )
        }

    @cached_property
    def by_charge(self) -> dict[str, list[Payment]]:
        found: dict[str, list[Payment]] = defaultdict(list)
        for payment in self.payments.values():
            if payment.external is not None:
                found[payment.external].append(payment)
        return found

    @cached_property
    def payouts(self) -> dict[str, Row]:
        """External id → company, state, amount, gap."""
        return {
            external: (company, state, amount, gap)
            for external, company, state, amount, gap in self.rows(
                "SELECT external_id, company_id, state, amount_minor, gap_minor FROM payments_payout"
            )
        }

    @cached_property
    def allocations(self) -> list[Row]:
        """payment, invoice, amount."""
        return [
            (hexadecimal(payment), invoice, amount)
            for payment, invoice, amount in self.rows(
                "SELECT payment_id, invoice_id, amount_minor FROM payments_allocation ORDER BY id"
            )
        ]

    @cached_property
    def settling_on_arrival(self) -> set[str]:
        """Payments that settled something when they came, not later, by a refund that failed or as a surplus given."""
        sql = (
            "SELECT payment_id FROM payments_allocation"
            " WHERE amount_minor > 0 AND refund_id IS NULL AND dispute_id IS NULL AND from_surplus = FALSE"
        )
        return {hexadecimal(payment) for (payment,) in self.rows(sql)}

    @cached_property
    def refunds(self) -> list[Row]:
        """id, external, payment, state, amount."""
        return [
            (hexadecimal(row[0]), row[1], hexadecimal(row[2]), row[3], row[4])
            for row in self.rows("SELECT id, external_id, payment_id, state, amount_minor FROM payments_refund")
        ]

    @cached_property
    def disputes(self) -> list[Row]:
        """id, external, payment, state, company, outcome, what it holds of ours."""
        return [
            (hexadecimal(row[0]), row[1], hexadecimal(row[2]), *row[3:])
            for row in self.rows(
                "SELECT id, external_id, payment_id, state, company_id, outcome, withdrawn_minor FROM payments_dispute"
            )
        ]

    @cached_property
    def dispute_moves(self) -> list[Row]:
        """external, dispute, amount, fee, company."""
        return [
            (row[0], hexadecimal(row[1]), *row[2:])
            for row in self.rows(
                "SELECT external_id, dispute_id, amount_minor, fee_minor, company_id FROM payments_disputemove"
            )
        ]

    @cached_property
    def notices(self) -> dict[str, Row]:
        """The house's id of a notice → (our id, state)."""
        return {
            event: (hexadecimal(own), state)
            for event, own, state in self.rows("SELECT event_id, id, state FROM payments_providerevent")
        }

    @cached_property
    def reactions(self) -> list[Row]:
        """name, state, last error, kind of event, subject; those that are not done."""
        return self.rows(
            "SELECT r.name, r.state, r.last_error, e.kind, e.subject_id FROM events_reaction r"
            " JOIN events_event e ON e.id = r.event_id WHERE r.state <> 'done' ORDER BY r.id"
        )

    @cached_property
    def messages(self) -> list[Row]:
        """message_id, kind, state, payment."""
        return [
            (message_id, kind, state, hexadecimal(payment) if payment else None)
            for message_id, kind, state, payment in self.rows(
                "SELECT message_id, kind, state, payment_id FROM delivery_message"
            )
        ]


def hexadecimal(identifier: Any) -> str:
    """A UUID as SQLite keeps it: 32 digits."""
    return str(identifier).replace("-", "")
