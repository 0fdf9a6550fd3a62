"""The table: what makes the lab fail."""

import json
from collections import Counter
from pathlib import Path

import pytest

from lab import plan, report
from lab.plan import Job
from lab.report import Outcome
from lab.results import COLUMNS, Order, Result

JOB = Job("simulation", Order("sqlite", 1, 1))


def outcome(result: Result, *, required: bool = True) -> Outcome:
    return Outcome(JOB, result, required)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "FILE", tmp_path / "lab.json")


def test_nothing_found_is_good_and_the_file_says_the_same_as_the_table(capsys: pytest.CaptureFixture[str]):
    found = outcome(Result(Counter(schedules=3, steps=750, seconds=12)))

    assert report.write([found], seed=42, seconds=12.3)

    kept = json.loads(report.FILE.read_text(encoding="utf-8"))
    assert (kept["good"], kept["fresh_seed"]) == (True, 42)
    assert kept["total"] == {**dict.fromkeys(COLUMNS, 0), "schedules": 3, "steps": 750, "seconds": 12}
    assert " 750 " in capsys.readouterr().out


@pytest.mark.parametrize(
    "bad",
    [
        Result(violations=["a cent is lost"]),
        Result(Counter(planted=25, caught=24)),
        Result(missing="no PostgreSQL answers"),
    ],
)
def test_a_violation_a_missed_bug_or_a_missing_part_fails(bad: Result):
    assert not report.write([outcome(bad)], seed=1, seconds=1)
    assert not json.loads(report.FILE.read_text(encoding="utf-8"))["good"]


def test_what_nobody_required_may_be_missing():
    assert report.write([outcome(Result(missing="no PostgreSQL"), required=False)], seed=1, seconds=1)


def test_four_gates_in_a_row_take_every_crash_point_of_postgresql():
    seeds = [
        next(job.order.seed for job in plan.gate(fresh) if job.part == "enumeration" and job.order.amount < 100)
        for fresh in range(40, 44)
    ]

    assert {seed % (100 // plan.QUARTER) for seed in seeds} == {0, 1, 2, 3}
