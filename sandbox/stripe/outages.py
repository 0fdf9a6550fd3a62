"""A receiver that does not answer for days, though its process may well be up: the line to it is cut on purpose."""

import json
from dataclasses import dataclass

from sandbox.stripe.tries import Receipt, note
from sandbox.world import World

SWITCH = "outage"
THREE_DAYS = 3 * 86_400
REFUSED = Receipt(None, "ConnectionRefusedError: the address is down")


def begin(world: World, *, seconds: int = THREE_DAYS, endpoint: str | None = None) -> int:
    """Cut the line to `endpoint`, or to all, from now on. Returns when it ends."""
    until = world.clock.now() + seconds
    world.set_switch(SWITCH, json.dumps({"until": until, "endpoint": endpoint}))
    return until


def end(world: World) -> None:
    """The tries that were due meanwhile have failed; the next ones will pass."""
    play(world)
    world.set_switch(SWITCH, None)


def is_down(world: World, endpoint: str) -> bool:
    outage = planned(world)
    return outage is not None and world.clock.now() < outage.until and outage.endpoint in {None, endpoint}


@dataclass(frozen=True)
class Outage:
    until: int
    #: None: every endpoint.
    endpoint: str | None


def planned(world: World) -> Outage | None:
    value = world.switch(SWITCH)
    return Outage(**json.loads(value)) if value else None


def play(world: World) -> None:
    """Every try that was due while the line was cut fails at its own moment, however far the clock has leapt since."""
    outage = planned(world)
    if outage is None:
        return
    end_of_it = min(world.clock.now(), outage.until)
    while True:
        with world.store.transaction() as db:
            row = db.execute(
                "SELECT id, attempts, next_at FROM deliveries WHERE state = 'pending' AND next_at < ? "
                "AND (? IS NULL OR endpoint = ?) ORDER BY next_at, id LIMIT 1",
                (end_of_it, outage.endpoint, outage.endpoint),
            ).fetchone()
        if row is None:
            return
        note(world, row["id"], row["attempts"] + 1, REFUSED, at=row["next_at"])
