"""Processes killed at any instant: nothing acknowledged is missing; and what is missing would be seen."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from lab import kills
from lab.kills import writers
from lab.kills.books import Ledger, _lock_is_free
from lab.kills.crowd import Crowd
from lab.results import Order
from lab.scratch import address
from reglo.events.models import Reaction
from reglo.payments.models import Payment
from tests.harness.racing import FORK, in_process
from tests.settings import TEST_ENGINE

NOBODY = -1  # a process that holds nothing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> Iterator[Crowd]:
    """Nobody at work: its books are ours to spoil."""
    monkeypatch.setattr("lab.kills.crowd.TRADES", {})
    with Crowd(1) as crowd:
        yield crowd


def test_a_few_kills_lose_nothing():
    told: list[str] = []

    result = kills.kill_writers(Order(TEST_ENGINE, 5, 1), told.append)

    assert result.violations == []
    assert result.counts["kills"] == 5
    assert [line.partition(",")[0] for line in told] == ["5 of 5 kills"]
    assert Payment.objects.count() > 1


def boast(trade: writers.Trade) -> None:
    """The mistake that the lab is for: said before it is so."""
    trade.say("issued", id=999, number="ESSAI-F2026-0999", hash="f" * 64, gross=12000)
    signal.pause()


def test_what_is_acknowledged_before_the_commit_is_missed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lab.kills.crowd.TRADES", {"clerk": boast})
    monkeypatch.setattr(kills, "CHECKED_EVERY", 1)

    [violation] = kills.kill_writers(Order(TEST_ENGINE, 3, 1), lambda line: None).violations

    assert violation.startswith("after 1 kills: ESSAI-F2026-0999 was acknowledged, and is None")
    assert violation.endswith(f"python -m lab.part kills {TEST_ENGINE} 3 1 /dev/stdout")


def test_a_writer_that_ends_by_itself_is_told(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):
    def stumble(trade: writers.Trade) -> None:
        raise LookupError("no draft")

    monkeypatch.setattr("lab.kills.crowd.TRADES", {"clerk": stumble})

    [violation] = kills.kill_writers(Order(TEST_ENGINE, 1, 1), lambda line: None).violations

    assert "the clerk broke: LookupError: no draft" in violation


def test_sound_books_have_no_fault(crowd: Crowd):
    assert Ledger(crowd).whole() == []


def test_money_at_the_till_that_was_never_booked_is_missed(crowd: Crowd):
    crowd.till._create("end-nobody", {"state": "paid", "minor": 5})

    assert Ledger(crowd).whole() == ["ch_nobody was paid at the till and never booked"]


def test_a_lost_reaction_is_missed(crowd: Crowd):
    Reaction.objects.filter(name="reglo.rendering.tasks.render_issued_invoice").delete()

    faults = Ledger(crowd).light()

    assert [fault.endswith("(invoice.issued) has 0 reactions") for fault in faults] == [True]


def test_a_reaction_that_stays_stuck_is_missed(crowd: Crowd):
    Reaction.objects.update(state="parked")

    assert "is parked" in Ledger(crowd).whole()[0]


def test_a_forgotten_acknowledgement_is_missed(crowd: Crowd):
    crowd.acknowledged += [
        {"kind": "collected", "id": "1e2f", "invoice": 1, "minor": 5},
        {"kind": "applied", "key": "k"},
        {"kind": "told", "event": "evt_k", "key": "k"},
    ]

    assert Ledger(crowd).light() == [
        "the collection 1e2f was acknowledged, and is not booked as it was",
        "the payment k was acknowledged, and is not booked",
        "the notification evt_k was acknowledged, and is not kept",
    ]


def hold(told: Any) -> None:
    with transaction.atomic():
        Payment.objects.filter(note="nobody's").update(fee_minor=1)
        told.send(os.getpid())
        signal.pause()


@pytest.mark.skipif(TEST_ENGINE != "sqlite", reason="the queue of SQLite's writers")
def test_the_writers_queue_is_watched(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lab.kills.books.LOCK_SECONDS", 0.1)
    lock = Path(f"{address()}.lock")
    hear, tell = FORK.Pipe(duplex=False)
    writer = in_process(hold, tell)
    pid = hear.recv()

    try:
        held = _lock_is_free(lock, pid)
        waited = _lock_is_free(lock, NOBODY)
    finally:
        os.kill(pid, signal.SIGKILL)
        writer.join()

    assert [fault.partition("[")[0] for fault in held] == ["the dead still holds "]
    assert waited == ["nobody could take the write lock within 0.1 s of the death"]
    assert _lock_is_free(lock, pid) == []
