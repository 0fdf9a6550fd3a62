"""Real processes, killed at any instant: what was acknowledged is there, and nothing is half there.

`amount` is the number of SIGKILLs. `docs/algorithms/interleavings-and-kills.md`.
"""

import psycopg

from lab.kills.books import Ledger
from lab.kills.crowd import Crowd
from lab.results import Order, Result, Tell
from lab.scratch import scratch
from tests.settings import TEST_POSTGRESQL

CHECKED_EVERY = 5  # kills; reading everything takes longer as the books grow


def run(order: Order, tell: Tell) -> Result:
    if order.engine == "postgresql":
        try:
            psycopg.connect(TEST_POSTGRESQL, connect_timeout=3).close()
        except psycopg.OperationalError as error:
            return Result(missing=f"no PostgreSQL answers at {TEST_POSTGRESQL}: {error}")
    with scratch(order.engine):
        return kill_writers(order, tell)


def kill_writers(order: Order, tell: Tell) -> Result:
    """On the database in use."""
    result = Result()
    with Crowd(order.seed) as crowd:
        ledger = Ledger(crowd)
        for count in range(1, order.amount + 1):
            crowd.work_a_while()
            victim = crowd.kill_one()
            result.counts["kills"] += 1
            faults = ledger.after_a_kill(victim)
            if count % CHECKED_EVERY == 0:
                faults += ledger.light()
                tell(f"{count} of {order.amount} kills, {crowd.told_so_far}, {len(faults)} violations")
            if faults:
                break
            crowd.start(victim.trade)
        crowd.stop()
        faults += ledger.whole() if not faults else []
    again = f"python -m lab.part kills {order.engine} {order.amount} {order.seed} /dev/stdout"
    result.violations += [f"after {result.counts['kills']} kills: {fault}\n  again: {again}" for fault in faults]
    return result
