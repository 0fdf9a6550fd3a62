"""No list sorts what it reads, nor walks past what it does not show: SQLite's plans, the same however full it is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reglo.companies.models import Company
from reglo.invoicing.queries import Filter, invoice_list
from tests.factories import make_draft, make_issued
from tests.factories.companies import FOUNDED_AT
from tests.settings import TEST_ENGINE

pytestmark = pytest.mark.skipif(TEST_ENGINE != "sqlite", reason="PostgreSQL's plans depend on how full it is")


@pytest.mark.parametrize(
    ("shown", "search", "index"),
    [
        (Filter.ALL, "", "invoices_latest_first"),
        (Filter.PAID, "", "invoices_latest_first"),
        (Filter.DUE, "", "unsettled_latest_first"),
        (Filter.OVERDUE, "", "unsettled_latest_first"),
        (Filter.DRAFT, "", "drafts_latest_first"),
        (Filter.CREDIT_NOTES, "", "credit_notes_latest_first"),
        (Filter.ALL, "claire", "invoices_of_customer"),
        (Filter.ALL, "ESSAI", "invoices_latest_first"),
    ],
)
def test_a_list_reads_its_own_index_in_order(company: Company, shown: Filter, search: str, index: str):
    make_issued(company, now=FOUNDED_AT)
    make_draft(company, now=FOUNDED_AT)

    plan = plan_of(company, shown, search)

    assert f"INDEX {index}" in plan
    assert "TEMP B-TREE" not in plan


def plan_of(company: Company, shown: Filter, search: str) -> str:
    """How the last read of the list goes, as SQLite explains it with its values."""
    with CaptureQueriesContext(connection) as seen:
        invoice_list(company, shown=shown, search=search, today=FOUNDED_AT.date(), limit=51)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {seen[-1]['sql']}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())
