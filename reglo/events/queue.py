"""The queue of reactions: claimed under a lease, finished under a fence, tried again, parked.

Two clocks: `not_before` follows the clock port, so that simulated time makes work due; a lease is measured by the
database's own clock, which nothing shifts, because it tells whether a real worker is dead.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from reglo.database.clock import database_now
from reglo.database.prepared import Parameter, PreparedRead, update
from reglo.errors import RegloError
from reglo.events.models import Reaction
from reglo.events.reactions import takes_several
from reglo.events.states import ReactionState
from reglo.ports import ids

SEVERAL = 24  # events handed at once to a reaction that takes several
LEASE = timedelta(seconds=60)  # a reaction takes seconds; a worker silent for so long is dead
MAX_ATTEMPTS = 10  # with the delays below, about an hour and a half of failures
FIRST_DELAY = timedelta(seconds=10)
LONGEST_DELAY = timedelta(hours=1)
STOPPED = gettext_noop("le programme s’est arrêté avant la fin, à chaque essai")


class ReactionNotParked(RegloError):
    code = "reaction_not_parked"
    status = 409
    message = _("Cette tâche n’est pas en échec : il n’y a rien à réessayer.")


def claim(*, now: datetime) -> list[Reaction]:
    """The oldest due reaction, running under a new lease and fence for this worker; empty when nothing is due.

    Where it takes several events, those that wait for it too, up to SEVERAL; what was tried before comes alone, so
    that what fails or kills its worker takes nobody with it. A reaction that was claimed too often without an end is
    parked: it may be what kills the workers.
    """
    at = database_now()
    if not _DUE_AT_ALL(now=now, far=now + LONGEST_DELAY, at=at):
        return []  # an idle worker takes no write lock
    with transaction.atomic():
        at = database_now()
        oldest = _OLDEST(now=now, far=now + LONGEST_DELAY, at=at)
        if not oldest:
            return []
        [reaction] = oldest
        if reaction.attempts >= MAX_ATTEMPTS:
            reaction.state, reaction.lease_until = ReactionState.PARKED, None
            reaction.last_error = STOPPED
            update(reaction, "state", "lease_until", "last_error")
            return oldest
        claimed = [*oldest, *_others_like(reaction, now, at)]
        ids_claimed = [one.id for one in claimed]
        Reaction.objects.filter(id__in=ids_claimed).update(
            state=ReactionState.RUNNING, lease_until=at + LEASE, fence=F("fence") + 1, attempts=F("attempts") + 1
        )
        for one in claimed:
            one.state, one.lease_until = ReactionState.RUNNING, at + LEASE
            one.fence, one.attempts = one.fence + 1, one.attempts + 1
        return claimed


def finish(reactions: Sequence[Reaction], *, now: datetime) -> int:
    """Mark claimed reactions done; how many still were this worker's: of the others the lease was lost meanwhile."""
    return _close(reactions, state=ReactionState.DONE, last_error="", finished_at=now)


def fail(reaction: Reaction, *, error: str, now: datetime, hopeless: bool = False) -> int:
    """Put a claimed reaction back for later, or park it after its last attempt. 0 where the lease was lost."""
    if hopeless or reaction.attempts >= MAX_ATTEMPTS:
        return _close([reaction], state=ReactionState.PARKED, last_error=error)
    not_before = now + delay_after(reaction.attempts)
    return _close([reaction], state=ReactionState.WAITING, last_error=error, not_before=not_before)


def postpone(reaction: Reaction, *, error: str, now: datetime, until: datetime | None = None) -> int:
    """Put a claimed reaction back, however often it was tried; see `Postponed`. 0 where the lease was lost."""
    if until is None:
        attempts, not_before = min(reaction.attempts, MAX_ATTEMPTS - 1), now + delay_after(reaction.attempts)
    else:
        attempts, not_before = reaction.attempts - 1, min(until, now + LONGEST_DELAY)
    return _close([reaction], state=ReactionState.WAITING, last_error=error, attempts=attempts, not_before=not_before)


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


def _due() -> QuerySet[Reaction]:
    """Waiting, or left by a dead worker: due at `now` by the clock port, `at` by the database's.

    Nothing is put off for longer than LONGEST_DELAY: due further away (`far`), the clock went back since, and it would
    wait for ever.
    """
    waiting = Q(state=ReactionState.WAITING) | Q(state=ReactionState.RUNNING, lease_until__lt=Parameter("at"))
    due = Q(not_before__lte=Parameter("now")) | Q(not_before__gt=Parameter("far"))
    return Reaction.objects.filter(waiting, due)


def _claimable(reactions: QuerySet[Reaction]) -> QuerySet[Reaction]:
    locked = reactions.select_for_update(skip_locked=True, of=("self",))
    return locked.select_related("event").order_by("not_before", "id")


_DUE_AT_ALL = PreparedRead(lambda: _due().values_list("id")[:1])
_OLDEST = PreparedRead(lambda: _claimable(_due())[:1])
_OTHERS = PreparedRead(
    lambda: _claimable(
        _due().filter(state=ReactionState.WAITING, attempts=0, name=Parameter("name")).exclude(id=Parameter("but"))
    )[: SEVERAL - 1]
)


def _others_like(reaction: Reaction, now: datetime, at: datetime) -> list[Reaction]:
    """What waits for the same reaction and was never tried, where that reaction takes several."""
    untried = reaction.state == ReactionState.WAITING and reaction.attempts == 0
    if not (untried and takes_several(reaction.name)):
        return []
    return _OTHERS(now=now, far=now + LONGEST_DELAY, at=at, name=reaction.name, but=reaction.id)


def _close(reactions: Sequence[Reaction], **changes: object) -> int:
    mine = Q(*(Q(id=one.id, fence=one.fence) for one in reactions), _connector=Q.OR)
    held = Reaction.objects.filter(mine, state=ReactionState.RUNNING)
    return held.update(lease_until=None, **changes) if reactions else 0
