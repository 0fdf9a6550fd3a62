"""*Recréer le point de réception*: somebody removed or disabled it at the provider; what it missed is asked for."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import Http404

from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.payments.models import ProviderAccount
from reglo.payments.models.provider_account import AccountNotReady
from reglo.payments.services.connect_account import connect_account
from reglo.payments.services.missed_events import heard_until
from reglo.payments.states import AccountState

CONNECTED = (AccountState.ACTIVE, AccountState.BROKEN)


def recreate_endpoint(
    *, company_id: int, account_id: UUID, now: datetime, actor_id: int | None = None
) -> ProviderAccount:
    """The account, called again; a reaction then asks for all that was not heard. Safe twice.

    Call outside any transaction. Raises AccountNotReady, and what `connect_account` raises.
    """
    account = ProviderAccount.objects.filter(company_id=company_id, id=account_id).first()
    if account is None:
        raise Http404
    if account.state not in CONNECTED:
        raise AccountNotReady(state=AccountState(account.state).label)
    since = heard_until(account)
    account = connect_account(company_id=company_id, account_id=account_id, now=now, actor_id=actor_id)
    with transaction.atomic():
        record(
            kind=Kind.ENDPOINT_RECREATED,
            company_id=company_id,
            subject=account,
            now=now,
            actor_id=actor_id,
            content={"since": since},
        )
    return account
