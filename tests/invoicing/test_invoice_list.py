from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from reglo.companies.models import Company
from reglo.invoicing.locks import lock_invoice
from reglo.invoicing.queries import Cursor, Filter, invoice_list
from reglo.invoicing.services import apply_settlement
from tests.factories import make_customer, make_draft, make_issued

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)


def listed(
    company: Company, shown: Filter = Filter.ALL, search: str = "", after: Cursor | None = None, limit: int = 50
):
    return invoice_list(company, shown=shown, search=search, today=TODAY, after=after, limit=limit)


def test_latest_first_and_page_after_page(company: Company):
    invoices = [make_issued(company, now=NOW + timedelta(minutes=minute)) for minute in range(5)]
    numbers = [invoice.number for invoice in reversed(invoices)]

    first = listed(company, limit=3)
    second = listed(company, limit=3, after=Cursor(first[-1].edited_at, first[-1].id))

    assert [invoice.number for invoice in first + second] == numbers


def test_each_filter_shows_its_own(company: Company):
    draft = make_draft(company, now=NOW)
    due = make_issued(company, now=NOW)
    paid = make_issued(company, now=NOW)
    with transaction.atomic():
        locked = lock_invoice(company_id=company.id, invoice_id=paid.id)
        apply_settlement(invoice=locked, settled_minor=12000, pending_minor=0, disputed_minor=0, now=NOW)

    assert listed(company, Filter.DUE) == [due]
    assert listed(company, Filter.PAID) == [paid]
    assert listed(company, Filter.DRAFT) == [draft]
    assert {invoice.id for invoice in listed(company)} == {draft.id, due.id, paid.id}


def test_overdue_begins_the_day_after(company: Company):
    invoice = make_issued(company, due_days=0, now=NOW - timedelta(days=1))
    make_issued(company, due_days=0, now=NOW)

    assert listed(company, Filter.OVERDUE) == [invoice]


def test_search_by_number_and_by_customer(company: Company):
    first = make_issued(company, now=NOW)
    second = make_issued(company, customer=make_customer(company, name="Boulangerie Ravel"), now=NOW)

    assert listed(company, search="ESSAI-F2026-0001") == [first]
    assert listed(company, search="0002") == [second]
    assert listed(company, search="ravel") == [second]
    assert listed(company, search="introuvable") == []


def test_another_company_s_invoices_are_not_listed(company: Company, mallory):
    make_issued(mallory.memberships.get().company, now=NOW)

    assert listed(company) == []
