"""Ask the provider whether the chain still holds: key, rights, endpoint, clock."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import Http404

from reglo.payments.gateway import account_value, endpoint_url, provider_of
from reglo.payments.installation import installation
from reglo.payments.locks import lock_account
from reglo.payments.models import ProviderAccount
from reglo.payments.providers.contract import AccountBroken, Health
from reglo.payments.queries import endpoint_of
from reglo.payments.services.account_states import break_account, mend_account
from reglo.payments.states import AccountState


@dataclass(frozen=True, slots=True)
class Check:
    """`health` is None when the provider refused the key."""

    account: ProviderAccount
    health: Health | None


def check_account(*, company_id: int, account_id: UUID, now: datetime) -> Check:
    """What the provider says now, kept on the account; a refused key breaks it, one with all its rights mends it.

    Call outside any transaction. Raises AccountElsewhere, Retryable.
    """
    account = ProviderAccount.objects.filter(company_id=company_id, id=account_id).first()
    endpoint = endpoint_of(account) if account else None
    if account is None or endpoint is None:
        raise Http404
    try:
        health = provider_of(account).check(account_value(account, endpoint=endpoint), endpoint_url(endpoint), now)
    except AccountBroken:
        break_account(company_id=company_id, account_id=account_id, now=now)
        ProviderAccount.objects.filter(id=account_id).update(checked_at=now)
        account.refresh_from_db()
        return Check(account, None)
    with transaction.atomic():
        account = lock_account(company_id=company_id, account_id=account_id)
        account.keep_permissions([[one.name, one.label, one.granted] for one in health.permissions])
        account.endpoint_ok = health.endpoint_ok
        account.clock_skew_seconds = health.clock_skew_seconds
        account.checked_at = now
        if health.endpoint_ok and not account.installs:
            account.installs = [installation()]  # connected before an account knew its installation
        if account.state == AccountState.BROKEN and all(one.granted for one in health.permissions):
            mend_account(account, now=now)
        account.save(
            update_fields=[
                *("permissions", "listed_at", "endpoint_ok", "clock_skew_seconds", "checked_at", "installs", "state")
            ]
        )
    return Check(account, health)
