"""Deterministic simulation: the real code, on a real database, in a world that a seed decides.

`run` replays the regressions first, then plays `order.amount` schedules; what fails is shrunk and kept as a file.
"""

import time
from pathlib import Path

from lab.results import Order, Result, Tell
from lab.simulation.play import Failure, examine, fails_like
from lab.simulation.shrink import shrink
from lab.simulation.stage import Stage, staged
from lab.simulation.trace import Regression, Step, trace_of

STEPS = 250
REGRESSIONS = Path(__file__).resolve().parent.parent / "regressions"
EVERY = 10  # schedules between two lines of progress


def run(order: Order, tell: Tell) -> Result:
    """`order.amount` schedules, the first of them `order.seed`."""
    began = time.monotonic()
    with staged(order.engine) as stage:
        result = rerun_regressions(stage)
        for number in range(order.amount):
            _judge(stage, order.seed + number, result, tell)
            result.counts["schedules"] += 1
            if (number + 1) % EVERY == 0:
                speed = result.counts["steps"] / (time.monotonic() - began)
                tell(f"{order.engine}: {number + 1} of {order.amount} schedules, {speed:.0f} steps/s")
    return result


def rerun_regressions(stage: Stage) -> Result:
    """What failed once must never again."""
    result = Result()
    for path in sorted(REGRESSIONS.glob("*.json")):
        regression = Regression.read(path)
        if regression.engine != stage.engine:
            continue
        failure = examine(stage, regression.trace)
        result.counts["steps"] += len(regression.trace)
        if failure is not None:
            result.violations.append(f"{path.stem} is back: {failure.sentence}\n    python -m lab replay {path}")
    return result


def _judge(stage: Stage, seed: int, result: Result, tell: Tell) -> None:
    trace = trace_of(seed, STEPS)
    failure = examine(stage, trace)
    result.counts["steps"] += len(trace)
    if failure is None:
        return
    tell(f"seed {seed} failed at step {failure.step}: {failure.sentence.splitlines()[0]}; shrinking")
    kept = keep(stage, trace, failure)
    command = f"python -m lab replay {stage.engine} {seed}"
    result.violations.append(f"seed {seed}, step {failure.step}: {failure.sentence}\n    {command}; shrunk: {kept}")


def keep(stage: Stage, trace: list[Step], failure: Failure) -> Path:
    """The failure shrunk, as a regression file."""
    shortest = shrink(trace[: failure.step + 1], lambda shorter: fails_like(stage, shorter, failure, len(trace)))
    path = REGRESSIONS / f"{stage.engine}-{shortest[-1].seed:x}.json"
    Regression(failure.sentence.splitlines()[0], stage.engine, shortest).write(path)
    return path
