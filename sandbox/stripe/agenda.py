"""What time alone will do: written down when it is begun, done by the courier when it is due (`chores`)."""

from sandbox.stripe.calls import Call

DAY = 86_400


def later(call: Call, kind: str, subject: str, *, days: int = 0, seconds: int = 0) -> None:
    """`kind` is a key of `chores.WORK`."""
    due = call.now + days * DAY + seconds
    call.db.execute("INSERT INTO chores (kind, subject, due) VALUES (?, ?, ?)", (kind, subject, due))
    call.world.bell.set()
