"""A list of actions, filled by a decorator."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lab.simulation.stage import Stage

Run = Callable[["Stage"], None]


@dataclass(frozen=True, slots=True)
class Action:
    name: str  # actor.verb
    weight: int
    run: Run


class Actions(list[Action]):
    """`@ACTIONS.add(weight)` above a function makes it an action of this actor."""

    def __init__(self, actor: str) -> None:
        super().__init__()
        self._actor = actor

    def add(self, weight: int) -> Callable[[Run], Run]:
        def register(run: Run) -> Run:
            self.append(Action(f"{self._actor}.{run.__name__}", weight, run))
            return run

        return register
