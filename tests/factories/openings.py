from datetime import date
from typing import Any

from reglo.companies.models import Company
from reglo.invoicing.models import Invoice
from reglo.invoicing.opening_rows import OpeningRow
from reglo.invoicing.services import import_openings
from reglo.invoicing.services.undo_openings import openings_of
from reglo.ports import clock, ids


def opening_row(number: str = "2026-117", **fields: Any) -> OpeningRow:
    """700,00 € left of an invoice of 1 200,00 €, of a customer not known yet, unless told otherwise."""
    usual: dict[str, Any] = {
        "line": 2,
        "issue_date": date(2026, 10, 3),
        "due_date": date(2026, 11, 2),
        "customer_name": "Café des Halles",
        "email": "compta@halles.test",
        "total_minor": 1200_00,
        "remaining_minor": 700_00,
    }
    return OpeningRow(number=number, **{**usual, **fields})


def make_opening(company: Company, number: str = "2026-117", **fields: Any) -> Invoice:
    """An invoice taken over from a former tool."""
    made = import_openings(
        company_id=company.id, rows=[opening_row(number, **fields)], key=ids.new_uuid(), name="", now=clock.now()
    )
    return openings_of(made).select_related("company", "customer", "settlement").get()
