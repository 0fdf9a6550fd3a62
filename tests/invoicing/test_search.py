from datetime import UTC, datetime, timedelta

import pytest

from reglo.companies.models import Company
from reglo.invoicing.queries import Cursor, Filter, invoice_list
from reglo.invoicing.search import EACH_ALONE, numbers_meant
from tests.factories import make_customer, make_issued

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SERIES = dict.fromkeys(["F2025-", "F2026-", "ESSAI-F2026-"], 4)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("143", {"143", "F2025-0143", "F2026-0143", "ESSAI-F2026-0143"}),
        ("0143", {"0143", "F2025-0143", "F2026-0143", "ESSAI-F2026-0143"}),
        ("26-143", {"26-143", "F2026-0143", "ESSAI-F2026-0143"}),
        ("f2026-0143", {"F2026-0143", "ESSAI-F2026-0143"}),
        ("12345", {"12345", "F2025-12345", "F2026-12345", "ESSAI-F2026-12345"}),
        ("ravel", {"RAVEL"}),
        ("Ravel 3", {"RAVEL 3"}),
    ],
)
def test_a_number_is_written_whole_or_from_any_place_of_it(typed: str, meant: set[str]):
    assert numbers_meant(typed, SERIES) == meant


def found(company: Company, search: str, shown: Filter = Filter.ALL, **more: object):
    return invoice_list(company, shown=shown, search=search, today=NOW.date(), limit=2, **more)


def test_the_beginning_of_a_series_finds_its_invoices_latest_first(company: Company):
    invoices = [make_issued(company, now=NOW + timedelta(minutes=minute)) for minute in range(3)]

    assert found(company, "essai-f2026") == invoices[:0:-1]
    assert found(company, "F2025") == []


def test_a_clock_behind_another_hides_no_invoice_of_its_series(company: Company):
    first = make_issued(company, now=NOW)
    second = make_issued(company, now=NOW - timedelta(seconds=2))

    assert found(company, "essai-f2026") == [first, second]


def test_customers_found_together_make_one_list(company: Company):
    customers = [make_customer(company, name=f"Boulangerie {rank}") for rank in range(3)]
    invoices = [
        make_issued(company, customer=customer, now=NOW + timedelta(minutes=minute))
        for minute, customer in enumerate(customers)
    ]

    first = found(company, "boulangerie")
    rest = found(company, "boulangerie", after=Cursor(first[-1].edited_at, first[-1].pk))
    back = found(company, "boulangerie", before=Cursor(rest[0].edited_at, rest[0].pk))

    assert [*first, *rest] == invoices[::-1]
    assert back == first


def test_more_customers_than_are_read_alone_are_found_too(company: Company):
    customers = [make_customer(company, name=f"Boulangerie {rank}") for rank in range(EACH_ALONE + 1)]
    wanted = make_issued(company, customer=customers[-1], now=NOW)

    assert found(company, "boulangerie") == [wanted]


def test_a_search_is_narrowed_by_the_filter(company: Company):
    owed = make_issued(company, customer=make_customer(company, name="Boulangerie Ravel"), now=NOW)

    assert found(company, "ravel", Filter.DUE) == [owed]
    assert found(company, "0001", Filter.DUE) == [owed]
    assert found(company, "ravel", Filter.PAID) == []
