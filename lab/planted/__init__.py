"""Bugs planted on purpose, so that the lab itself is tested: one that misses any of them is broken, and says so.

In the gate (`order.amount` 0) each must be caught by its kept trace, which must be clean without the patch. In the long
run each must be caught from fresh seeds, and shrunk to MOST_STEPS or fewer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from lab.planted import credit_notes, disputes, documents, mails, payments, payouts, refunds, work
from lab.planted.bug import Bug
from lab.results import Order, Result, Tell
from lab.simulation import STEPS
from lab.simulation.play import Failure, examine, fails_again
from lab.simulation.shrink import shrink
from lab.simulation.stage import Stage, staged
from lab.simulation.trace import DEEPEST, Regression, Step, trace_of

BUGS: tuple[Bug, ...] = (
    *(*documents.BUGS, *credit_notes.BUGS),
    *(*payments.BUGS, *refunds.BUGS, *disputes.BUGS, *payouts.BUGS),
    *(*mails.BUGS, *work.BUGS),
)
TRACES = Path(__file__).parent / "traces"
MOST_STEPS = 8
MOST_CATCHES = 6  # that may be shrunk before one is short enough
MOST_SEEDS = 60  # schedules that a hunt may take


def run(order: Order, tell: Tell) -> Result:
    """Each planted bug, caught or missed."""
    with staged(order.engine) as stage:
        return judge(stage, BUGS, order, tell)


def judge(stage: Stage, bugs: Sequence[Bug], order: Order, tell: Tell) -> Result:
    result = Result()
    for bug in bugs:
        missed = _hunted(stage, bug, order, tell) if order.amount else _replayed(stage, bug)
        result.counts["planted"] += 1
        result.counts["caught"] += not missed
        if missed:
            result.violations.append(f"planted {bug.name}: {missed}")
    tell(f"{result.counts['caught']} of {result.counts['planted']} planted bugs caught")
    return result


def _replayed(stage: Stage, bug: Bug) -> str:
    """Empty where the kept trace catches the bug and is clean without it; else what is wrong."""
    path = TRACES / f"{bug.name}.json"
    if not path.exists():
        return "no trace is kept; python -m lab plant " + bug.name
    trace = list(Regression.read(path).trace)
    if len(trace) > MOST_STEPS:
        return f"its trace has {len(trace)} steps"
    if clean := examine(stage, trace):
        return f"its trace fails without it: {clean.sentence}"
    if any(with_bug(stage, bug, aimed) for aimed in _aims(trace)):
        return ""
    return f"the lab is broken: missed ({bug.story}); python -m lab plant {bug.name}"


def _aims(trace: list[Step]) -> Iterator[list[Step]]:
    """The trace, then its last crash at every other depth: a statement more or less must not blind the lab."""
    yield trace
    crashing = [index for index, step in enumerate(trace) if step.crash is not None]
    if crashing:
        last = crashing[-1]
        for depth in range(DEEPEST):
            yield [*trace[:last], replace(trace[last], crash=depth), *trace[last + 1 :]]


def with_bug(stage: Stage, bug: Bug, trace: list[Step]) -> Failure | None:
    with bug.patch():
        return examine(stage, trace)


def _hunted(stage: Stage, bug: Bug, order: Order, tell: Tell) -> str:
    trace = hunt(stage, bug, order, tell)
    if trace is None:
        return f"the lab is broken: missed from {MOST_SEEDS} seeds ({bug.story})"
    return "" if len(trace) <= MOST_STEPS else f"caught, and shrunk to {len(trace)} steps only"


def hunt(stage: Stage, bug: Bug, order: Order, tell: Tell) -> list[Step] | None:
    """The shrunk trace that catches the bug, from fresh seeds; None where none did. A long one is tried again."""
    shortest: list[Step] | None = None
    catches = 0
    for seed in range(order.seed, order.seed + MOST_SEEDS):
        trace = trace_of(seed, STEPS)
        failure = with_bug(stage, bug, trace)
        if failure is None:
            continue
        found = _shrunk(stage, bug, trace, failure)
        tell(f"{bug.name}: seed {seed}, step {failure.step}, {len(found)} steps: {failure.sentence.splitlines()[0]}")
        shortest = found if shortest is None or len(found) < len(shortest) else shortest
        catches += 1
        if len(shortest) <= MOST_STEPS or catches == MOST_CATCHES:
            break
    return shortest


def _shrunk(stage: Stage, bug: Bug, trace: list[Step], failure: Failure) -> list[Step]:
    """Any complaint will do: without the bug there is none."""

    def fails(shorter: list[Step]) -> bool:
        with bug.patch():
            return fails_again(stage, shorter, failure, len(trace)) is not None

    return shrink(trace[: failure.step + 1], fails)


def is_kept(bug: Bug) -> bool:
    """Whether a trace of MOST_STEPS or fewer is kept for it."""
    path = TRACES / f"{bug.name}.json"
    return path.exists() and len(Regression.read(path).trace) <= MOST_STEPS


def keep(bug: Bug, trace: list[Step]) -> None:
    TRACES.mkdir(exist_ok=True)
    Regression(bug.story, "sqlite", trace).write(TRACES / f"{bug.name}.json")
