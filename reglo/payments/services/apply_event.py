"""A notification of the inbox: fetch the object it names, apply what it is now."""

from datetime import datetime
from uuid import UUID

from reglo.payments.gateway import account_value, provider_of
from reglo.payments.models import ProviderEvent
from reglo.payments.providers.contract import AccountBroken, Ref
from reglo.payments.services.account_states import break_account
from reglo.payments.services.apply_snapshot import apply_snapshot
from reglo.payments.services.note_unmatched import note_unmatched
from reglo.payments.states import AccountState, NoticeState


def apply_event(*, provider_event_id: UUID, now: datetime) -> NoticeState:
    """Safe twice; outside any transaction. What matches no attempt of ours is kept as a payment without invoice.

    Raises AccountBroken (the account is then marked so), AccountElsewhere, Retryable.
    """
    event = ProviderEvent.objects.select_related("account").get(id=provider_event_id)
    if event.state != NoticeState.RECEIVED:
        return NoticeState(event.state)
    account = event.account
    if account.state == AccountState.DISCONNECTED:
        return _finish(event, NoticeState.IGNORED, now)
    if account.state == AccountState.BROKEN:
        raise AccountBroken  # known already: the queue waits without knocking for each of its notices
    try:
        snapshot = provider_of(account).fetch(account_value(account), Ref(event.object_kind, event.object_id))
    except AccountBroken:
        break_account(company_id=event.company_id, account_id=account.id, now=now)
        raise
    ours = apply_snapshot(account=account, snapshot=snapshot, now=now)
    noted = ours or note_unmatched(account=account, snapshot=snapshot, now=now)
    return _finish(event, NoticeState.APPLIED if noted else NoticeState.IGNORED, now)


def _finish(event: ProviderEvent, state: NoticeState, now: datetime) -> NoticeState:
    ProviderEvent.objects.filter(id=event.id).update(state=state, applied_at=now)
    return state
