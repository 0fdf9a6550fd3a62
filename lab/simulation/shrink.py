"""Delta debugging: the fewest steps that still fail in the same way, and the shallowest crashes."""

from collections.abc import Callable
from dataclasses import replace

from lab.simulation.trace import Step

Fails = Callable[[list[Step]], bool]
MOST_REPLAYS = 500
# What does a little of the same → what does it all.
STRONGER = {
    "customer.pay": "customer.card",
    "deliverer.deliver": "deliverer.deliver_all",
    "worker.overtaken": "worker.catch_up",
    "worker.tick": "worker.catch_up",
}


def shrink(trace: list[Step], fails: Fails) -> list[Step]:
    """A part of `trace` from which no step can be taken without losing the failure (or what MOST_REPLAYS reach)."""
    budget = _Budget(fails)
    trace = _fewer_crashes(_fewer_steps(trace, budget), budget)
    return _fewer_steps(_stronger(trace, budget), budget)


class _Budget:
    def __init__(self, fails: Fails) -> None:
        self._fails, self._left = fails, MOST_REPLAYS

    def __call__(self, trace: list[Step]) -> bool:
        self._left -= 1
        return self._left >= 0 and self._fails(trace)


def _fewer_steps(trace: list[Step], fails: Fails) -> list[Step]:
    """Take pieces out, halves first, then smaller and smaller ones."""
    size = max(len(trace) // 2, 1)
    while size:
        start, taken = 0, False
        while start < len(trace):
            without = trace[:start] + trace[start + size :]
            if without and fails(without):
                trace, taken = without, True
            else:
                start += size
        if size == 1 and not taken:
            break
        size = size if taken and size == 1 else size // 2
    return trace


def _stronger(trace: list[Step], fails: Fails) -> list[Step]:
    """Steps that do at once what several did a little of, so that the others can go."""
    for index, step in enumerate(trace):
        if step.action in STRONGER:
            bolder = [*trace[:index], replace(step, action=STRONGER[step.action]), *trace[index + 1 :]]
            if fails(bolder):
                trace = bolder
    return trace


def _fewer_crashes(trace: list[Step], fails: Fails) -> list[Step]:
    for index, step in enumerate(trace):
        if step.crash is not None:
            living = [*trace[:index], replace(step, crash=None), *trace[index + 1 :]]
            if fails(living):
                trace = living
    return trace
