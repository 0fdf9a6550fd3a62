"""Notifications of the inbox: fetch the object that each names, apply what it is now."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from reglo.payments.gateway import account_value, provider_of
from reglo.payments.installation import AccountElsewhere
from reglo.payments.models import PaymentAttempt, ProviderEvent
from reglo.payments.providers.contract import AccountBroken, Retryable, RightMissing
from reglo.payments.providers.facts import Ref
from reglo.payments.services.account_states import break_account
from reglo.payments.services.apply_snapshot import apply_snapshot
from reglo.payments.services.note_unmatched import note_unmatched
from reglo.payments.services.take_object import take_lacking_lines
from reglo.payments.states import AccountState, NoticeState
from reglo.ports import clock

LONGEST = timedelta(seconds=20).total_seconds()  # a worker's lease is a minute, and the last call may be slow


def apply_events(*, provider_event_ids: Sequence[UUID], now: datetime) -> dict[UUID, Exception]:
    """What could not be applied, and why. Safe twice; outside any transaction.

    An answer that tells of several of these objects is the truth about all of them: they were stored before it was
    asked for. An account that does not answer once is not asked again for the others.
    """
    waiting = {event.id: event for event in _waiting(provider_event_ids)}
    failures: dict[UUID, Exception] = {}
    troubled: dict[UUID, Exception] = {}
    began = clock.monotonic()
    while waiting:
        event = waiting.pop(next(iter(waiting)))
        if trouble := troubled.get(event.account_id):
            failures[event.id] = trouble
            continue
        try:
            if clock.monotonic() - began > LONGEST:
                raise Retryable
            for told in _apply(event, list(waiting.values()), now):
                del waiting[told.id]
        except RightMissing as error:
            failures[event.id] = error
        except (AccountBroken, AccountElsewhere, Retryable) as error:
            failures[event.id] = troubled[event.account_id] = error
        except Exception as bug:  # noqa: BLE001 (it is kept with this notice; the others are other people's money)
            failures[event.id] = bug
    return failures


def apply_event(*, provider_event_id: UUID, now: datetime) -> NoticeState:
    """One of them, alone. Raises AccountBroken (the account is then marked so), AccountElsewhere, Retryable."""
    if failures := apply_events(provider_event_ids=[provider_event_id], now=now):
        raise failures[provider_event_id]
    return NoticeState(ProviderEvent.objects.values_list("state", flat=True).get(id=provider_event_id))


def _waiting(provider_event_ids: Sequence[UUID]) -> list[ProviderEvent]:
    """First those that name a page of ours: its answer tells the most."""
    events = list(
        ProviderEvent.objects.select_related("account").filter(id__in=provider_event_ids, state=NoticeState.RECEIVED)
    )
    named = PaymentAttempt.objects.filter(
        account_id__in={event.account_id for event in events}, external_id__in={event.object_id for event in events}
    )
    pages = set(named.values_list("external_id", flat=True)) if len(events) > 1 else set()
    return sorted(events, key=lambda event: (event.object_id not in pages, event.received_at, str(event.id)))


def _apply(event: ProviderEvent, others: Sequence[ProviderEvent], now: datetime) -> list[ProviderEvent]:
    """Apply what the provider says of `event`; which of the `others` that answers too.

    What matches no attempt of ours is kept as a payment without invoice.
    """
    account = event.account
    if account.state == AccountState.DISCONNECTED:
        _finish([event], NoticeState.IGNORED, now)
        return []
    if account.state == AccountState.BROKEN:
        raise AccountBroken  # known already: the queue waits without knocking for each of its notices
    try:
        snapshot = provider_of(account).fetch(account_value(account), Ref(event.object_kind, event.object_id))
    except AccountBroken:
        break_account(company_id=event.company_id, account_id=account.id, now=now)
        raise
    if snapshot.payout is not None:
        take_lacking_lines(account=account, fact=snapshot.payout, now=now)
    ours = apply_snapshot(account=account, snapshot=snapshot, now=now)
    noted = ours or note_unmatched(account=account, snapshot=snapshot, now=now)
    told = [one for one in others if one.account_id == account.id and one.object_id in snapshot.covers]
    _finish([event, *told], NoticeState.APPLIED if noted else NoticeState.IGNORED, now)
    return told


def _finish(events: Sequence[ProviderEvent], state: NoticeState, now: datetime) -> None:
    ProviderEvent.objects.filter(id__in=[event.id for event in events]).update(state=state, applied_at=now)
