"""Books written in bulk are books like any other: every proof holds, and the verbs go on from them."""

import random

import pytest

from lab import large_books
from lab.large_books import prove, write_books
from lab.results import Order
from reglo.companies.models import Company
from reglo.ledger.models import EntryLine
from reglo.verify.run import PROOFS
from tests.factories import make_issued
from tests.settings import TEST_ENGINE
from tests.verify.test_proofs import address, faults

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> int:
    """Three transactions of copies."""
    monkeypatch.setattr(large_books, "CHUNK", 20)
    return write_books(400, random.Random(1), lambda line: None)


def test_bulk_written_books_are_proved(written: int):
    assert faults(address()) == {}
    assert EntryLine.objects.count() == written
    assert 400 <= written < 410


def test_the_next_invoice_follows_them(written: int):
    last = Company.objects.get().invoices.count()

    following = make_issued(Company.objects.get())

    assert following.number == f"ESSAI-F2026-{last + 1:04d}"
    assert faults(address()) == {}


def test_the_command_proves_them_in_time_and_in_little_memory(written: int):
    told: list[str] = []

    result = prove(Order(TEST_ENGINE, 400, 1), written, told.append)

    assert result.violations == []
    assert [line[0] for line in told[:-1]] == ["✓"] * len(PROOFS)
    assert told[-1].startswith(f"{written} lines proved in ")


def test_too_long_too_large_and_unproved_are_violations(written: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(large_books, "MOST_SECONDS", 0.01)
    monkeypatch.setattr(large_books, "MOST_MEMORY", 1)
    monkeypatch.setattr(large_books, "_address", lambda: "var/rien.sqlite3")

    found = prove(Order(TEST_ENGINE, 400, 1), written, lambda line: None).violations

    assert len(found) == 3
    assert "ended with 41" in found[0]
    assert f" s for {written} lines" in found[1]
    assert f" MiB for {written} lines" in found[2]
    assert all(violation.endswith(f"large_books {TEST_ENGINE} 400 1 result.json") for violation in found)
