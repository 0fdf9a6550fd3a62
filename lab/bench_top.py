"""One trace under the lamp: played again step by step, or hunted for a planted bug."""

from pathlib import Path

from lab import planted
from lab.results import Order
from lab.simulation import STEPS
from lab.simulation.play import complaints, examine, take_step
from lab.simulation.stage import staged
from lab.simulation.trace import Regression, Step, trace_of


def replay(words: list[str]) -> int:
    """`replay ENGINE SEED` or `replay FILE`: each step on a line, and what was wrong after it."""
    if words[0].endswith(".json"):
        regression = Regression.read(Path(words[0]))
        engine, trace = regression.engine, list(regression.trace)
    else:
        engine, trace = words[0], trace_of(int(words[1]), STEPS)
    with staged(engine) as stage:
        failure = examine(stage, trace)
        stage.restore()
        for index, step in enumerate(trace[: failure.step + 1] if failure else trace):
            lived = take_step(stage, step)
            print(f"{index:4} {stage.clock.now():%d/%m %H:%M:%S} {told(step)}{'' if lived else '  DIED'}")
            for sentence in complaints(stage):
                print(f"     !! {sentence}")
    print(failure or "nothing is wrong")
    return 1 if failure else 0


def told(step: Step) -> str:
    return f"{step.action} {step.seed:x}" + ("" if step.crash is None else f" dies at {step.crash}")


def plant(words: list[str]) -> int:
    """`plant NAME…`, or those without a short trace: hunt from fresh seeds, shrink, keep."""
    missed = 0
    for bug in planted.BUGS:
        if bug.name not in words if words else planted.is_kept(bug):
            continue
        with staged("sqlite") as stage:
            trace = planted.hunt(stage, bug, Order("sqlite", 0, 1), print)
        if trace is None:
            missed += 1
            print(f"{bug.name}: MISSED")
            continue
        planted.keep(bug, trace)
        print(f"{bug.name}: {len(trace)} steps", flush=True)
    return 1 if missed else 0
