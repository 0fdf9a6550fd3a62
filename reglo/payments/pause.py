"""Work that waits while a provider cannot be asked: no try is burnt, nothing is parked, nothing is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from reglo.events.models import Event
from reglo.events.reactions import Postponed
from reglo.payments.installation import AccountElsewhere
from reglo.payments.providers.contract import AccountBroken, Retryable, Unknown

LOOK_AGAIN = timedelta(minutes=10)  # an account that mends wakes its work at once: this is the second net
OUTAGE = timedelta(days=1)  # what a provider could not answer for so long is shown to a person


@contextmanager
def waiting_for_the_provider(*, event: Event, now: datetime) -> Iterator[None]:
    """Around a reaction that calls a provider. A refused key waits for a new one, however long; silence waits a day,
    each time longer. Raises Postponed.
    """
    try:
        yield
    except Exception as error:
        later = put_off(error, event=event, now=now)
        if later is error:
            raise
        raise later from error


def put_off(error: Exception, *, event: Event, now: datetime) -> Exception:
    """The Postponed that `error` means for a reaction to `event`, or the error itself, where it is another one."""
    match error:
        case AccountBroken() | AccountElsewhere():
            later = Postponed(until=now + LOOK_AGAIN)
        case Retryable() | Unknown() if now - event.occurred_at <= OUTAGE:
            later = Postponed()
        case _:
            return error
    later.__cause__ = error
    return later
