"""Two workers: they take turns, are overtaken while they wait, and die anywhere (the step's crash budget)."""

from datetime import timedelta

from lab.simulation.actions.table import Actions
from lab.simulation.stage import Stage
from reglo.events import queue, worker
from reglo.events.states import ReactionState
from reglo.ports import clock

ACTIONS = Actions("worker")


@ACTIONS.add(26)
def tick(stage: Stage) -> None:
    for _ in range(stage.draw.randint(1, 6)):
        if not worker.run_some():
            return


@ACTIONS.add(4)
def catch_up(stage: Stage) -> None:
    for _ in range(40):
        if not worker.run_some():
            return


@ACTIONS.add(5)
def overtaken(stage: Stage) -> None:
    """While it waits for an answer its lease runs out, and the other worker takes the same work."""

    def other_worker() -> None:
        stage.outside.clock.database += timedelta(seconds=400)
        worker.run_some()
        stage.outside.mail.excuse_in_hand()

    stage.meanwhile.plan(other_worker)
    for _ in range(3):
        worker.run_some()
    stage.meanwhile.forget()


@ACTIONS.add(2)
def overtaken_by_one_that_hangs(stage: Stage) -> None:
    """The other worker takes the work and is slow: who lost the lease may not write the end of it."""
    taken: list[tuple[int, int]] = []

    def other_worker() -> None:
        stage.outside.clock.database += timedelta(seconds=400)
        for claimed in queue.claim(now=clock.now()):
            if claimed.state == ReactionState.RUNNING:
                taken.append((claimed.pk, claimed.fence))
        stage.outside.mail.excuse_in_hand()

    stage.meanwhile.plan(other_worker)
    worker.run_some()
    stage.meanwhile.forget()
    for identifier, fence in taken:
        row = stage.rows(f"SELECT state, fence FROM events_reaction WHERE id = {identifier}")  # noqa: S608 (its own number)
        if row != [("running", fence)]:
            stage.faults.append(f"fence: a reaction that another worker holds became {row[0]}")


@ACTIONS.add(1)
def beat(stage: Stage) -> None:
    worker.beat(worker="lab", started_at=clock.now())
