"""Every crash point of every money operation: die there, restart, let the workers and the sweep recover, check it all.

`order.amount` is a percentage: 100 takes every point; 25 takes one in four, `order.seed` choosing which, so that four
seeds in a row take them all. At every other point the person who saw the error does it again first.
"""

from collections.abc import Callable
from contextlib import suppress

from django.http import Http404

from lab.crash import SimCrash
from lab.enumeration.operations import OPERATIONS, Operation
from lab.results import Order, Result, Tell
from lab.simulation.heal import heal
from lab.simulation.play import complaints, die, take_hold
from lab.simulation.stage import Stage, staged
from reglo.errors import RegloError

WITHOUT_END = 1_000_000  # a budget that no operation spends


def run(order: Order, tell: Tell) -> Result:
    result = Result()
    stride = max(100 // order.amount, 1)
    with staged(order.engine) as stage:
        for operation in OPERATIONS:
            points = prepare(stage, operation)
            chosen = range(order.seed % stride, points, stride)
            for point in chosen:
                for sentence in die_at(stage, operation, point, again=(point // stride) % 2 == 1):
                    result.violations.append(f"{operation.name} dies at {point} on {order.engine}: {sentence}")
            result.counts["crash_points"] += len(chosen)
            tell(f"{order.engine}: {operation.name}, {len(chosen)} of {points} points")
    return result


def prepare(stage: Stage, operation: Operation) -> int:
    """Bring the world to where the operation begins, keep it as "operation", and count the points."""
    stage.restore()
    take_hold(stage, f"before {operation.name}")
    operation.prepare(stage)
    stage.keep("operation")
    stage.crasher.arm(WITHOUT_END)
    take_hold(stage, operation.name)
    operation.act(stage)
    points = stage.crasher.points
    stage.crasher.disarm()
    return points


def die_at(stage: Stage, operation: Operation, point: int, *, again: bool) -> list[str]:
    """What is wrong after the process died there, at once or once everything was recovered."""
    stage.restore("operation")
    take_hold(stage, operation.name)
    stage.outside.mail.in_hand.clear()
    stage.crasher.arm(point)
    try:
        operation.act(stage)
    except SimCrash:
        die(stage)
    stage.crasher.disarm()
    if found := complaints(stage):
        return found
    if again:
        take_hold(stage, f"{operation.name} again")
        _despite_refusals(operation.act, stage)
    return heal(stage, days=1)


def _despite_refusals(act: Callable[[Stage], None], stage: Stage) -> None:
    with suppress(RegloError, Http404):  # done already, or not possible any more: an answer
        act(stage)
