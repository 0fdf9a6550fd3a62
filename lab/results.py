"""What a part is asked for, and what it answers."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

# The columns of the table, and the keys of `Result.counts`; the last is filled in by whoever ran the part.
COLUMNS = (
    "schedules",
    "steps",
    "crash_points",
    "interleavings",
    "kills",
    "images",
    "violations",
    "planted",
    "caught",
    "seconds",
)

Tell = Callable[[str], None]  # one line of progress


@dataclass(frozen=True)
class Order:
    """`amount` is counted in the part's own unit; everything drawn at random follows from `seed`."""

    engine: str  # sqlite or postgresql
    amount: int
    seed: int


@dataclass
class Result:
    """`violations` are sentences, each with the command that shows it again; `missing` says what could not run here."""

    counts: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    missing: str = ""

    def as_json(self) -> dict[str, Any]:
        counts = {**self.counts, "violations": len(self.violations)}
        return {"counts": counts, "violations": self.violations, "missing": self.missing}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Result":
        return cls(Counter(told["counts"]), told["violations"], told["missing"])
