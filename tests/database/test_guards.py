"""Every guard refuses what it says, by raw SQL too, and leaves the rest alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from reglo.companies.models import Company
from reglo.database import guard_triggers
from reglo.database.guards import GUARDS
from reglo.invoicing.models import Invoice
from reglo.ports import ids
from tests.factories import make_company, make_credit, make_credit_draft, make_draft, make_issued


def execute(statement: str, *params: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def refused(statement: str, *params: object, because: str) -> None:
    with pytest.raises(IntegrityError, match=because):
        execute(statement, *params)


@pytest.mark.django_db
def test_every_guard_is_in_the_catalogue():
    assert guard_triggers.missing(connection) == []


def test_names_are_unique_and_fit_both_engines():
    names = [guard.name for guard in GUARDS]

    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 63


@pytest.mark.django_db
def test_a_dropped_guard_is_missed():
    guard_triggers.drop(connection)

    missing = guard_triggers.missing(connection)

    assert "guard_ledger_entry_balanced_insert" in missing
    assert len(missing) == len([g for g in GUARDS if connection.vendor != "sqlite" or g.event != "TRUNCATE"])


@pytest.mark.django_db
def test_an_altered_guard_is_missed():
    name = "guard_events_event_kept_update"
    if connection.vendor == "sqlite":
        execute(f"DROP TRIGGER {name}")
        execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON events_event WHEN FALSE BEGIN SELECT 1; END")
    else:
        execute(f"ALTER TABLE events_event DISABLE TRIGGER {name}")

    assert guard_triggers.missing(connection) == [name]


def test_an_issued_invoice_is_frozen(company: Company):
    invoice = make_issued(company)

    refused("UPDATE invoicing_invoice SET gross_minor = 1 WHERE id = %s", invoice.id, because="is frozen")
    refused("UPDATE invoicing_invoice SET status = 'draft' WHERE id = %s", invoice.id, because="only become credited")
    refused("DELETE FROM invoicing_invoice WHERE id = %s", invoice.id, because="is frozen")
    execute("UPDATE invoicing_invoice SET status = 'credited' WHERE id = %s", invoice.id)

    invoice.refresh_from_db()
    assert (invoice.status, invoice.gross_minor) == ("credited", 12000)


def test_credit_notes_never_exceed_their_invoice(company: Company):
    invoice = make_issued(company)
    make_credit(invoice, amount_minor=100_00)
    draft = make_credit_draft(invoice, amount_minor=20_00)
    issue = (
        "UPDATE invoicing_invoice SET status = 'issued', number = 'ESSAI-A2026-0002', issue_date = '2026-11-22',"
        " due_date = '2026-11-22', net_minor = %s, vat_minor = %s, gross_minor = %s WHERE id = %s"
    )

    for amounts in ((16_68, 3_33, 20_01), (16_67, 3_34, 20_01), (16_68, 3_32, 20_00)):
        refused(issue, *amounts, draft.id, because="more credited than invoiced")
    execute(issue, 16_67, 3_33, 20_00, draft.id)

    draft.refresh_from_db()
    assert draft.status == "issued"


def test_a_credit_note_stays_that_of_its_invoice(company: Company):
    invoice = make_issued(company)
    note, draft = make_credit(invoice, amount_minor=1_00), make_credit_draft(invoice, amount_minor=1_00)
    other = make_issued(company)

    refused("UPDATE invoicing_invoice SET status = 'credited' WHERE id = %s", note.id, because="only become credited")
    refused("UPDATE invoicing_invoice SET corrects_id = %s WHERE id = %s", other.id, draft.id, because="cannot change")
    refused(
        "UPDATE invoicing_invoice SET kind = 'invoice', corrects_id = NULL WHERE id = %s",
        draft.id,
        because="cannot change",
    )
    refused("UPDATE invoicing_settlement SET credited_minor = 0 WHERE invoice_id = %s", invoice.id, because="goes back")

    invoice.refresh_from_db()
    assert invoice.settlement.credited_minor == 1_00


def test_the_lines_of_an_issued_invoice_are_frozen(company: Company):
    invoice = make_issued(company)
    draft = make_draft(company)
    because = "is frozen with its invoicing_invoice"

    refused("UPDATE invoicing_invoiceline SET amount_minor = 1 WHERE invoice_id = %s", invoice.id, because=because)
    refused("DELETE FROM invoicing_invoiceline WHERE invoice_id = %s", invoice.id, because=because)
    refused(
        "UPDATE invoicing_invoiceline SET invoice_id = %s, rank = 99 WHERE invoice_id = %s",
        *(invoice.id, draft.id),
        because=because,
    )
    execute("UPDATE invoicing_invoiceline SET amount_minor = 1 WHERE invoice_id = %s", draft.id)
    execute("DELETE FROM invoicing_invoiceline WHERE invoice_id = %s", draft.id)

    assert [line.amount_minor for line in invoice.lines.all()] == [10000]


@pytest.mark.django_db(transaction=True)
def test_each_engines_own_way_round_is_refused(company: Company):
    """SQLite replaces a row without an UPDATE; PostgreSQL empties a table without a DELETE."""
    invoice = make_issued(company)
    columns = ", ".join(f'"{field.column}"' for field in Invoice._meta.concrete_fields)
    statement = {
        "sqlite": f"INSERT OR REPLACE INTO invoicing_invoice ({columns}) SELECT {columns} FROM invoicing_invoice",
        "postgresql": "TRUNCATE invoicing_invoice CASCADE",
    }

    refused(statement[connection.vendor], because="frozen|append-only")

    assert Invoice.objects.get().hash == invoice.hash


def test_the_number_of_a_practice_company_begins_with_essai(company: Company):
    invoice = make_issued(company)
    assert invoice.number is not None
    assert invoice.number.startswith("ESSAI-")
    draft = make_draft(company)

    refused(
        "UPDATE invoicing_invoice SET status = 'issued', number = 'F2026-0001', issue_date = '2026-11-22',"
        " due_date = '2026-11-22' WHERE id = %s",
        draft.id,
        because="practice",
    )


def test_practice_is_for_ever(company: Company):
    refused("UPDATE companies_company SET practice = FALSE WHERE id = %s", company.id, because="cannot change")

    company.refresh_from_db()
    assert company.practice is True


def test_counters_do_not_go_back(company: Company):
    make_issued(company)

    refused("UPDATE invoicing_numbersequence SET last_number = last_number - 1", because="never goes back")
    refused("DELETE FROM invoicing_documentchain", because="never goes back")


class TestLedger:
    """The lines come first, then the entry that seals them."""

    @pytest.fixture
    def insert_line(self, company: Company) -> Callable[..., None]:
        def insert_line(entry: str, rank: int, debit: object, credit: object, company_id: int = company.id) -> None:
            execute(
                "INSERT INTO ledger_entryline (company_id, entry_id, rank, account, account_label, auxiliary,"
                " auxiliary_label, label, debit_minor, credit_minor)"
                " VALUES (%s, %s, %s, '411000', 'Clients', '', '', 'Essai', %s, %s)",
                *(company_id, entry, rank, debit, credit),
            )

        return insert_line

    @pytest.fixture
    def insert_entry(self, company: Company) -> Callable[[str], None]:
        def insert_entry(entry: str) -> None:
            execute(
                "INSERT INTO ledger_entry (id, company_id, position, journal, entry_date, piece, piece_date, label,"
                " source, posted_at, previous_hash, hash) VALUES (%s, %s, 1, 'VE', '2026-11-22', 'P', '2026-11-22',"
                " 'Essai', 'test:1', '2026-11-22 09:00:00+00', '', '')",
                *(entry, company.id),
            )

        return insert_entry

    @pytest.fixture
    def entry(self) -> str:
        uuid = ids.new_uuid()
        return uuid.hex if connection.vendor == "sqlite" else str(uuid)

    @pytest.fixture
    def post(self, company: Company, entry: str, insert_line: Any, insert_entry: Any) -> Callable[..., None]:
        """The entry with these lines (debit, credit), all of its company unless told otherwise."""

        def post(*lines: tuple[int, int], company_ids: tuple[int, ...] = ()) -> None:
            with transaction.atomic():
                for rank, (debit, credit) in enumerate(lines):
                    insert_line(entry, rank, debit, credit, (company_ids or [company.id] * len(lines))[rank])
                insert_entry(entry)

        return post

    def test_a_balanced_entry_takes_no_more_lines(self, entry: str, post: Any, insert_line: Any):
        post((12000, 0), (0, 12000))

        with pytest.raises(IntegrityError, match="is sealed"):
            insert_line(entry, 3, 1, 0)

    @pytest.mark.parametrize("lines", [[(12000, 0), (0, 11999)], [(12000, 0)], []])
    def test_an_unbalanced_entry_is_refused(self, post: Any, lines: list[tuple[int, int]]):
        with pytest.raises(IntegrityError, match="does not balance"):
            post(*lines)

    def test_the_lines_of_two_companies_make_no_entry(self, company: Company, post: Any):
        other = make_company(name="Ailleurs SARL")

        with pytest.raises(IntegrityError, match="does not balance"):
            post((12000, 0), (0, 12000), company_ids=(company.id, other.id))

    @pytest.mark.django_db(transaction=True)
    def test_lines_without_their_entry_are_refused_at_commit(self, entry: str, insert_line: Any):
        with pytest.raises(IntegrityError):
            insert_line(entry, 1, 12000, 0)

    def test_posted_entries_stay(self, company: Company):
        make_issued(company)

        refused("UPDATE ledger_entryline SET debit_minor = debit_minor + 1", because="append-only")
        refused("DELETE FROM ledger_entryline", because="append-only")
        refused("UPDATE ledger_entry SET label = 'autre'", because="append-only")
        refused("DELETE FROM ledger_entry", because="append-only")
