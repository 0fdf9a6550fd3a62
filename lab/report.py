"""One table at the end, the same as `var/lab.json`."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from lab.plan import Job
from lab.results import COLUMNS, Result

FILE = Path("var/lab.json")


@dataclass(frozen=True)
class Outcome:
    job: Job
    result: Result
    required: bool  # what could not run here is then a failure

    @property
    def good(self) -> bool:
        counts = self.result.counts
        complete = counts["caught"] == counts["planted"]  # a lab that misses a planted bug is broken
        return not self.result.violations and complete and not (self.result.missing and self.required)


def write(outcomes: list[Outcome], *, seed: int, seconds: float) -> bool:
    """Print the table and keep it; whether all is well."""
    rows = [_row(outcome) for outcome in outcomes]
    total: Counter[str] = Counter()
    for row in rows:
        total.update(row)
    total["seconds"] = round(seconds)
    good = all(outcome.good for outcome in outcomes)
    _print(outcomes, rows, total)
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(_as_json(outcomes, rows, total, seed, good), indent=2, ensure_ascii=False) + "\n")
    return good


def _row(outcome: Outcome) -> Counter[str]:
    return outcome.result.counts | Counter({"violations": len(outcome.result.violations)})


def _print(outcomes: list[Outcome], rows: list[Counter[str]], total: Counter[str]) -> None:
    widths = {column: max(len(column), 8) for column in COLUMNS}
    print(f"\n{'part':<26}" + " ".join(f"{column:>{widths[column]}}" for column in COLUMNS))
    for outcome, row in zip(outcomes, rows, strict=True):
        print(f"{_name(outcome.job):<26}" + _cells(row, widths))
    print(f"{'all':<26}" + _cells(total, widths))
    for outcome in outcomes:
        if outcome.result.missing:
            print(f"not run: {_name(outcome.job)}: {outcome.result.missing}")
        for violation in outcome.result.violations:
            print(f"VIOLATION in {_name(outcome.job)}: {violation}")
        if outcome.result.counts["caught"] < outcome.result.counts["planted"]:
            print(f"THE LAB IS BROKEN: {_name(outcome.job)} missed planted bugs")


def _name(job: Job) -> str:
    return f"{job.part} {job.order.engine}"


def _cells(row: Counter[str], widths: dict[str, int]) -> str:
    return " ".join(f"{row[column] or '':>{widths[column]}}" for column in COLUMNS)


def _as_json(
    outcomes: list[Outcome], rows: list[Counter[str]], total: Counter[str], seed: int, good: bool
) -> dict[str, object]:
    parts = [
        {
            "part": outcome.job.part,
            "engine": outcome.job.order.engine,
            "seed": outcome.job.order.seed,
            **{column: row[column] for column in COLUMNS},
            "missing": outcome.result.missing,
            "sentences": outcome.result.violations,
        }
        for outcome, row in zip(outcomes, rows, strict=True)
    ]
    return {"good": good, "fresh_seed": seed, "total": {column: total[column] for column in COLUMNS}, "parts": parts}
