"""A try to deliver one event to one endpoint: how it was answered, and when the next one is due."""

from dataclasses import dataclass

from sandbox.world import World

#: Seconds between tries; the last gap repeats. Given up three days after the event.
GAPS = (60, 300, 1800, 7200, 18_000, 36_000, 43_200)
GIVEN_UP_AFTER = 3 * 86_400


@dataclass(frozen=True)
class Receipt:
    """How a receiver answered: an HTTP status, or the reason why there is none."""

    status: int | None
    error: str | None

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def note(world: World, delivery: int, attempts: int, receipt: Receipt, *, at: int | None = None) -> None:
    """Write down how try number `attempts` ended, `at` that moment (now)."""
    now = world.clock.now() if at is None else at
    with world.store.transaction() as db:
        born = db.execute(
            "SELECT o.created FROM deliveries d JOIN objects o ON o.id = d.event WHERE d.id = ?", (delivery,)
        ).fetchone()
        if born is None:
            return
        gap = GAPS[min(attempts, len(GAPS)) - 1]
        too_late = now + gap > born["created"] + GIVEN_UP_AFTER
        state = "delivered" if receipt.accepted else "failed" if too_late else "pending"
        db.execute(
            "UPDATE deliveries SET state = ?, attempts = ?, next_at = ?, last_status = ?, last_error = ? "
            "WHERE id = ? AND state <> 'dropped'",
            (state, attempts, now + gap, receipt.status, receipt.error, delivery),
        )
