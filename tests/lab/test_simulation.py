"""The simulation itself: it replays, it crashes like a kill, it shrinks, it remembers."""

import hashlib
from contextlib import nullcontext
from pathlib import Path

import pytest
from django.db import connection

from lab import planted, simulation
from lab.crash import SimCrash
from lab.planted.bug import Bug
from lab.results import Order
from lab.simulation.play import complaints, examine, play, take_step
from lab.simulation.shrink import shrink
from lab.simulation.stage import Stage
from lab.simulation.trace import Regression, Step, trace_of
from tests.harness.rows import everything
from tests.settings import TEST_ENGINE

BILL = Step("accountant.bill", 270565636983210)
# Sealed columns are under a nonce that nobody may predict.
SEALED = ("payments_endpoint", "payments_provideraccount", "payments_providerevent", "delivery_message")


def books() -> dict[str, str]:
    """Each table's rows, as one hash."""
    return {
        table: hashlib.sha256(repr(sorted(rows.items())).encode()).hexdigest()
        for table, rows in everything().items()
        if table not in {*SEALED, "delivery_mailsettings"}
    }


def planted_bug(name: str) -> Bug:
    return next(bug for bug in planted.BUGS if bug.name == name)


def test_a_seed_writes_the_same_books_each_time(stage: Stage):
    trace = trace_of(7, 60)
    assert play(stage, trace) is None
    first = books()

    assert play(stage, trace) is None

    assert books() == first


def test_another_seed_writes_others(stage: Stage):
    play(stage, trace_of(7, 60))
    first = books()

    play(stage, trace_of(8, 60))

    assert books() != first


@pytest.mark.parametrize("point", [3, 12, 20])
def test_a_process_that_dies_in_a_transaction_leaves_nothing_of_it(stage: Stage, point: int):
    stage.restore()
    issued = len(stage.rows("SELECT id FROM invoicing_invoice WHERE status <> 'draft'"))

    lived = take_step(stage, Step("accountant.bill", 11, crash=point))

    assert not lived
    assert not connection.in_atomic_block
    assert len(stage.rows("SELECT id FROM invoicing_invoice WHERE status <> 'draft'")) == issued
    assert complaints(stage) == []


def test_a_dead_process_executes_nothing_more(stage: Stage):
    stage.restore()
    stage.crasher.arm(0)
    with pytest.raises(SimCrash), connection.cursor() as cursor:
        cursor.execute("SELECT 1")

    with pytest.raises(SimCrash), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    stage.crasher.restart()

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_shrinking_keeps_what_is_needed_and_no_more():
    trace = [Step("worker.tick", number, crash=5) for number in range(40)]
    needed = {trace[3], trace[31]}

    def fails(shorter: list[Step]) -> bool:
        return {step.seed for step in needed} <= {step.seed for step in shorter}

    shortest = shrink(trace, fails)

    assert shortest == [Step("worker.catch_up", 3), Step("worker.catch_up", 31)]  # and does at once what a tick begins


@pytest.mark.skipif(TEST_ENGINE != "sqlite", reason="the kept trace counts SQLite's statements")
def test_a_failure_that_was_kept_is_replayed_first(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    bug = planted_bug("settlement_of_the_net")
    Regression("a test", TEST_ENGINE, [BILL]).write(tmp_path / "kept.json")
    monkeypatch.setattr(simulation, "REGRESSIONS", tmp_path)
    assert examine(stage, [BILL]) is None

    with bug.patch():
        result = simulation.rerun_regressions(stage)

    assert len(result.violations) == 1
    assert result.violations[0].startswith("kept is back: I2: ")


def test_a_trace_reads_back_as_it_was_written(tmp_path: Path):
    kept = Regression("why", "sqlite", trace_of(3, 20))

    kept.write(tmp_path / "kept.json")

    assert Regression.read(tmp_path / "kept.json") == kept


@pytest.mark.skipif(TEST_ENGINE != "sqlite", reason="the kept traces count SQLite's statements")
def test_a_planted_bug_that_is_not_caught_breaks_the_lab(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    caught, harmless = planted_bug("settlement_of_the_net"), Bug("harmless", "does nothing", nullcontext)
    monkeypatch.setattr(planted, "TRACES", tmp_path)
    for bug in (caught, harmless):
        planted.keep(bug, [BILL])

    result = planted.judge(stage, (caught, harmless), Order("sqlite", 0, 0), lambda line: None)

    assert (result.counts["planted"], result.counts["caught"]) == (2, 1)
    assert "the lab is broken" in result.violations[0]
