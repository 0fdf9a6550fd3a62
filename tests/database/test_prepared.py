"""Statements built once do what the ORM's do."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from reglo.companies.models import Company
from reglo.database.prepared import Parameter, PreparedRead, insert, insert_all, update
from reglo.invoicing.locks import lock_document_chain
from reglo.invoicing.models import Invoice, InvoiceLine, NumberSequence
from tests.factories import line, make_draft

INVOICES = PreparedRead(
    lambda: Invoice.objects.select_related("customer", "settlement").filter(id=Parameter("invoice_id"))
)
PRICES = PreparedRead(
    lambda: (
        InvoiceLine.objects.filter(invoice_id=Parameter("invoice_id"))
        .order_by("rank")
        .values_list("unit_price", "description")
    )
)


def sequence(company: Company, series: str, number: int = 1) -> NumberSequence:
    return NumberSequence(company=company, series=series, last_number=number, last_date=date(2026, 11, 22))


def test_an_instance_is_read_as_the_orm_reads_it(company: Company) -> None:
    draft = make_draft(company, lines=[line("12.50")])
    [read] = INVOICES(invoice_id=draft.id)
    kept = Invoice.objects.get(id=draft.id)
    for field in Invoice._meta.concrete_fields:
        assert getattr(read, field.attname) == getattr(kept, field.attname)
    assert read.customer == kept.customer
    assert not hasattr(read, "settlement")


def test_each_call_has_its_own_values(company: Company) -> None:
    first, second = make_draft(company, lines=[line("12.50")]), make_draft(company, lines=[line("7")])
    assert [str(price) for price, _ in PRICES(invoice_id=first.id)] == ["12.5000"]
    assert [str(price) for price, _ in PRICES(invoice_id=second.id)] == ["7.0000"]
    assert PRICES(invoice_id=0) == []


def test_an_inserted_row_gets_its_key(company: Company) -> None:
    row = insert(sequence(company, "F2031-", 41))
    assert NumberSequence.objects.get(pk=row.pk).last_number == 41
    assert not row._state.adding


def test_rows_are_inserted_in_one_statement(company: Company) -> None:
    with CaptureQueriesContext(transaction.get_connection()) as seen:
        insert_all([sequence(company, "A"), sequence(company, "B", 2)])
        insert_all([])
    assert len(seen) == 1
    assert list(
        NumberSequence.objects.filter(company=company).order_by("series").values_list("series", "last_number")
    ) == [("A", 1), ("B", 2)]


def test_only_the_named_fields_are_written(company: Company) -> None:
    row = insert(sequence(company, "F2031-"))
    row.last_number, row.series = 2, "changed"
    update(row, "last_number")
    row.refresh_from_db()
    assert (row.last_number, row.series) == (2, "F2031-")


def test_writing_a_row_that_is_not_there_is_a_mistake(company: Company) -> None:
    with pytest.raises(AssertionError):
        update(NumberSequence(pk=0, company=company, series="F", last_number=1), "last_number")


def test_guards_and_constraints_hold(company: Company) -> None:
    insert(sequence(company, "F2031-"))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(sequence(company, "F2031-"))


@pytest.mark.django_db(transaction=True)
def test_a_lock_outside_a_transaction_is_refused() -> None:
    with pytest.raises(TransactionManagementError):
        lock_document_chain(1)
