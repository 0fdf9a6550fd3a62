"""Eight writers on one company: the race is sound, and each fault that it looks for would be told."""

import os

import pytest

from lab import writers
from lab.results import Order
from lab.writers import WRITERS, latency_faults, numbering_faults, p99, prepare, race
from reglo.invoicing.models import Invoice
from tests.factories import make_company, make_draft
from tests.settings import TEST_ENGINE

pytestmark = pytest.mark.django_db(transaction=True)

AMOUNT = 240


def test_eight_writers_leave_sound_books():
    told: list[str] = []

    result = race(Order(TEST_ENGINE, AMOUNT, 1), told.append)

    # How long they waited says as much of the machine that runs the tests.
    assert [violation for violation in result.violations if "p99" not in violation] == []
    assert result.counts["steps"] == AMOUNT
    assert sorted(Invoice.objects.values_list("number", flat=True)) == [
        f"ESSAI-F2026-{rank:04d}" for rank in range(1, AMOUNT + 1)
    ]
    assert told[-1].startswith(f"{AMOUNT} invoices, ")
    assert "p99" in told[-1]


def test_copied_drafts_are_those_the_verbs_write():
    company = make_company()

    first, *others = prepare(company, 20)

    for row in Invoice.objects.filter(id__in=others):
        model = Invoice.objects.get(id=first)
        for field in Invoice._meta.concrete_fields:
            assert field.name == "id" or getattr(row, field.attname) == getattr(model, field.attname)
        assert list(row.lines.order_by("rank").values_list("rank", "description", "amount_minor")) == list(
            model.lines.order_by("rank").values_list("rank", "description", "amount_minor")
        )
    assert len(others) == 19


def test_a_writer_that_dies_is_told(monkeypatch: pytest.MonkeyPatch):
    issue = writers.issue_invoice

    def issue_or_die(*, company_id, invoice_id, now):
        if invoice_id % (2 * WRITERS) == 1:
            os._exit(9)
        return issue(company_id=company_id, invoice_id=invoice_id, now=now)

    monkeypatch.setattr(writers, "issue_invoice", issue_or_die)

    result = race(Order(TEST_ENGINE, 64, 1), lambda line: None)

    assert [violation for violation in result.violations if "a writer died with exit code 9" in violation] != []


def test_numbers_issued_behind_the_writers_back_are_told():
    company = make_company()
    draft = make_draft(company)

    faults = list(writers._other_books([(draft.id, "ESSAI-F2026-0001", 0.1)]))

    assert faults == [
        f"1 invoices do not have the number that their writer was told, the first is {draft.id}",
    ]


@pytest.mark.parametrize(
    ("ranks", "told"),
    [
        ((1, 2, 3), []),
        ((3, 1), ["1 numbers were given to nobody, the first is 2"]),
        ((1, 2, 2), ["1 numbers were given twice", "1 numbers were given to nobody, the first is 3"]),
        ((1, 2, 4), ["1 numbers were given to nobody, the first is 3", "1 numbers are beyond 3"]),
    ],
)
def test_a_hole_and_a_double_are_told(ranks: tuple[int, ...], told: list[str]):
    issued = [(invoice, f"ESSAI-F2026-{rank:04d}", 0.01) for invoice, rank in enumerate(ranks)]

    assert list(numbering_faults(issued, 3)) == told


def test_waiting_longer_than_300_ms_is_a_violation_on_sqlite_alone():
    spent = [0.05] * 980 + [0.4] * 20

    assert p99(spent) == pytest.approx(0.4)
    assert list(latency_faults("sqlite", spent)) == ["p99 of an issue is 400 ms, 300 at most"]
    assert list(latency_faults("postgresql", spent)) == []
    assert list(latency_faults("sqlite", [0.05] * 1000)) == []
