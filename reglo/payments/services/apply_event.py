"""A notification of the inbox: fetch the object it names, apply what it is now."""

from datetime import datetime
from uuid import UUID

from reglo.payments.gateway import account_value, provider_of
from reglo.payments.models import ProviderEvent
from reglo.payments.providers.contract import AccountBroken, Ref
from reglo.payments.services.account_states import break_account
from reglo.payments.services.apply_snapshot import apply_snapshot
from reglo.payments.services.take_object import take_lacking_lines
from reglo.payments.states import AccountState, NoticeState


def apply_event(*, provider_event_id: UUID, now: datetime) -> NoticeState:
    """Safe twice; outside any transaction. Raises AccountBroken (the account is then marked so), Retryable."""
    event = ProviderEvent.objects.select_related("account").get(id=provider_event_id)
    if event.state != NoticeState.RECEIVED:
        return NoticeState(event.state)
    account = event.account
    if account.state == AccountState.DISCONNECTED:
        return _finish(event, NoticeState.IGNORED, now)
    try:
        snapshot = provider_of(account).fetch(account_value(account), Ref(event.object_kind, event.object_id))
    except AccountBroken:
        break_account(company_id=event.company_id, account_id=account.id, now=now)
        raise
    if snapshot.payout is not None:
        take_lacking_lines(account=account, fact=snapshot.payout, now=now)
    ours = apply_snapshot(account=account, snapshot=snapshot, now=now)
    return _finish(event, NoticeState.APPLIED if ours else NoticeState.IGNORED, now)


def _finish(event: ProviderEvent, state: NoticeState, now: datetime) -> NoticeState:
    ProviderEvent.objects.filter(id=event.id).update(state=state, applied_at=now)
    return state
