"""A schedule written down: what happened in which order, and where the process died. Steps can be taken out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from lab.simulation.actions import ACTIONS

CRASHES = 0.15  # of the steps have a crash budget
DEEPEST = 90  # a budget beyond the last statement lets the step end


@dataclass(frozen=True, slots=True)
class Step:
    """`action` draws from `seed` alone; `crash` is the point where the process dies, None where it lives."""

    action: str
    seed: int
    crash: int | None = None


Trace = Sequence[Step]


def trace_of(seed: int, steps: int) -> list[Step]:
    """The schedule of a seed. Only its own draws decide it: the same on every engine and machine."""
    draw = Random(f"schedule {seed}")
    names = list(ACTIONS)
    weights = [ACTIONS[name].weight for name in names]
    return [_step(draw, name) for name in draw.choices(names, weights, k=steps)]


def _step(draw: Random, action: str) -> Step:
    seed, dies, budget = draw.getrandbits(48), draw.random() < CRASHES, int(DEEPEST * draw.random() ** 2)
    return Step(action, seed, budget if dies else None)


def to_json(trace: Trace) -> str:
    return json.dumps([[step.action, step.seed, step.crash] for step in trace])


def from_json(text: str) -> list[Step]:
    return [Step(*fields) for fields in json.loads(text)]


@dataclass(frozen=True)
class Regression:
    """A trace that failed once, kept to be replayed first ever after."""

    why: str
    engine: str
    trace: Trace

    def write(self, path: Path) -> None:
        steps = [[step.action, step.seed, step.crash] for step in self.trace]
        lines = ",\n    ".join(json.dumps(step) for step in steps)
        told = {"why": self.why, "engine": self.engine}
        head = json.dumps(told, ensure_ascii=False, indent=2).rstrip("}").rstrip()
        path.write_text(f'{head},\n  "steps": [\n    {lines}\n  ]\n}}\n', encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Regression":
        told = json.loads(path.read_text(encoding="utf-8"))
        return cls(told["why"], told["engine"], [Step(*fields) for fields in told["steps"]])
