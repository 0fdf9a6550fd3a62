"""The queue of reactions: claimed under a lease, finished under a fence, tried again, parked.

Two clocks: `not_before` follows the clock port, so that simulated time makes work due; a lease is measured by the
database's own clock, which nothing shifts, because it tells whether a real worker is dead.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from reglo.database.clock import database_now
from reglo.errors import RegloError
from reglo.events.models import Reaction
from reglo.events.states import ReactionState
from reglo.ports import ids

LEASE = timedelta(seconds=60)  # a reaction takes seconds; a worker silent for so long is dead
MAX_ATTEMPTS = 10  # with the delays below, about an hour and a half of failures
FIRST_DELAY = timedelta(seconds=10)
LONGEST_DELAY = timedelta(hours=1)


class ReactionNotParked(RegloError):
    code = "reaction_not_parked"
    status = 409
    message = _("Cette tâche n’est pas en échec : il n’y a rien à réessayer.")


def claim(*, now: datetime) -> Reaction | None:
    """The oldest due reaction, running under a new lease and fence for this worker; None when nothing is due.

    A reaction that was claimed too often without an end is parked: it may be what kills the workers.
    """
    if not _due(now, database_now()).exists():
        return None  # an idle worker takes no write lock
    with transaction.atomic():
        at = database_now()
        reaction = (
            _due(now, at)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("event")
            .order_by("not_before", "id")
            .first()
        )
        if reaction is None:
            return None
        if reaction.attempts >= MAX_ATTEMPTS:
            reaction.state = ReactionState.PARKED
            reaction.lease_until = None
            reaction.last_error = gettext_noop("le programme s’est arrêté avant la fin, à chaque essai")
        else:
            reaction.state = ReactionState.RUNNING
            reaction.lease_until = at + LEASE
            reaction.fence += 1
            reaction.attempts += 1
        reaction.save(update_fields=["state", "lease_until", "fence", "attempts", "last_error"])
        return reaction


def finish(reaction: Reaction, *, now: datetime) -> bool:
    """Mark a claimed reaction done. False where the lease was lost meanwhile: another worker has it."""
    return _close(reaction, state=ReactionState.DONE, last_error="", finished_at=now)


def fail(reaction: Reaction, *, error: str, now: datetime, hopeless: bool = False) -> bool:
    """Put a claimed reaction back for later, or park it after its last attempt. False where the lease was lost."""
    if hopeless or reaction.attempts >= MAX_ATTEMPTS:
        return _close(reaction, state=ReactionState.PARKED, last_error=error)
    not_before = now + delay_after(reaction.attempts)
    return _close(reaction, state=ReactionState.WAITING, last_error=error, not_before=not_before)


def postpone(reaction: Reaction, *, error: str, now: datetime, until: datetime | None = None) -> bool:
    """Put a claimed reaction back, however often it was tried; see `Postponed`. False where the lease was lost."""
    if until is None:
        attempts, not_before = min(reaction.attempts, MAX_ATTEMPTS - 1), now + delay_after(reaction.attempts)
    else:
        attempts, not_before = reaction.attempts - 1, min(until, now + LONGEST_DELAY)
    return _close(reaction, state=ReactionState.WAITING, last_error=error, attempts=attempts, not_before=not_before)


def hasten(*, company_id: int, names: Collection[str], now: datetime) -> int:
    """How many reactions of this company, by their names, waited for a later time and are due now."""
    return Reaction.objects.filter(
        state=ReactionState.WAITING, event__company_id=company_id, name__in=names, not_before__gt=now
    ).update(not_before=now)


def delay_after(attempts: int) -> timedelta:
    """Twice as long after each failure, capped, and at random in its second half: retries do not march in step."""
    longest: timedelta = min(FIRST_DELAY * 2 ** (attempts - 1), LONGEST_DELAY)
    return longest * (256 + ids.random_bytes(1)[0]) / 512


def retry_parked(*, reaction_id: int, company_id: int, now: datetime) -> None:
    """*Réessayer*: this company's parked reaction is due at once, with all its attempts. Raises ReactionNotParked."""
    if not _again(Reaction.objects.filter(id=reaction_id), company_id, now):
        raise ReactionNotParked


def retry_all_parked(*, company_id: int, now: datetime) -> int:
    """*Tout réessayer*: how many reactions of this company were parked, and are due at once."""
    return _again(Reaction.objects.all(), company_id, now)


def _again(reactions: QuerySet[Reaction], company_id: int, now: datetime) -> int:
    parked = reactions.filter(event__company_id=company_id, state=ReactionState.PARKED)
    return parked.update(state=ReactionState.WAITING, attempts=0, not_before=now)


def _due(now: datetime, at: datetime) -> QuerySet[Reaction]:
    """Waiting, or left by a dead worker: due at `now` by the clock port, `at` by the database's."""
    waiting = Q(state=ReactionState.WAITING) | Q(state=ReactionState.RUNNING, lease_until__lt=at)
    # Nothing is put off for longer: due further away, the clock went back since, and it would wait for ever.
    due = Q(not_before__lte=now) | Q(not_before__gt=now + LONGEST_DELAY)
    return Reaction.objects.filter(waiting, due)


def _close(reaction: Reaction, **changes: object) -> bool:
    held = Reaction.objects.filter(id=reaction.id, fence=reaction.fence, state=ReactionState.RUNNING)
    return bool(held.update(lease_until=None, **changes))
