"""Time: it passes, in leaps, and the clocks of our machines are sometimes wrong."""

from datetime import timedelta

from lab.simulation.actions.table import Actions
from lab.simulation.stage import Stage

ACTIONS = Actions("time")


@ACTIONS.add(6)
def minutes(stage: Stage) -> None:
    _pass(stage, timedelta(minutes=stage.draw.randint(1, 15)))


@ACTIONS.add(2)
def hours(stage: Stage) -> None:
    _pass(stage, timedelta(hours=stage.draw.randint(1, 13)))


@ACTIONS.add(1)
def days(stage: Stage) -> None:
    """Beyond the 24 hours for which a key is remembered."""
    _pass(stage, timedelta(hours=25) * stage.draw.choice((1, 1, 2, 4)))


@ACTIONS.add(1)
def next_year(stage: Stage) -> None:
    """Just before midnight on New Year's Eve, in Paris; then it strikes."""
    true = stage.outside.clock.true
    eve = true.replace(month=12, day=31, hour=22, minute=59, second=0)
    _pass(stage, max(eve - true, timedelta(minutes=2)))


@ACTIONS.add(1)
def our_clock_goes_wrong(stage: Stage) -> None:
    stage.outside.clock.ours = timedelta(seconds=stage.draw.choice((-86_400, -7_200, -240, 240, 7_200, 86_400)))


@ACTIONS.add(5)
def our_clock_is_set_right(stage: Stage) -> None:
    stage.outside.clock.set_right()


@ACTIONS.add(2)
def database_clock_jumps(stage: Stage) -> None:
    """Forwards, leases run out; backwards, they last."""
    stage.outside.clock.database += timedelta(seconds=stage.draw.choice((-30, 61, 400)))


def _pass(stage: Stage, duration: timedelta) -> None:
    stage.outside.clock.let_pass(duration)
