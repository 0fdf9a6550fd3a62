"""*Connecter*: endpoint, secret, self-test; only then may a page be opened. Also repairs a connected account."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.payments.gateway import account_value, endpoint_url, provider_of
from reglo.payments.installation import installation
from reglo.payments.locks import lock_account
from reglo.payments.models import Endpoint, ProviderAccount
from reglo.payments.models.provider_account import AccountNotReady
from reglo.payments.providers.contract import AccountInfo
from reglo.payments.services.account_states import wake
from reglo.payments.services.propose_account import PermissionsMissing, take_info
from reglo.payments.states import AccountState
from reglo.ports import ids

# A secret that was replaced may still sign what is on its way.
OVERLAP = timedelta(hours=24)


class AnotherAccountConnected(RegloError):
    code = "another_account_connected"
    status = 409
    message = _("Le compte « %(name)s » est déjà connecté. Déconnectez-le d’abord.")


def connect_account(
    *, company_id: int, account_id: UUID, now: datetime, actor_id: int | None = None
) -> ProviderAccount:
    """Make the whole chain work, then let payments in. Safe twice; call outside any transaction.

    Raises PermissionsMissing (what was probed is kept), AccountNotReady, AnotherAccountConnected, AccountElsewhere,
    BadSecrets, EndpointRefused, AccountBroken, Retryable, Unknown.
    """
    account, endpoint = _prepare(company_id, account_id, now)
    info = provider_of(account).connect(account_value(account, endpoint=endpoint), endpoint_url(endpoint))
    assert info.external_id == account.external_id, "the secrets open the account they were proposed for"
    with transaction.atomic():
        account = lock_account(company_id=company_id, account_id=account_id)
        take_info(account, info, now=now)
        if not info.missing:
            take_endpoint(endpoint.id, info, now)
            account.endpoint_ok = True
            account.installs = account.installs or [installation()]
            _activate(account, now, actor_id)
        account.save()
    if info.missing:
        raise PermissionsMissing.of(info)
    return account


def _prepare(company_id: int, account_id: UUID, now: datetime) -> tuple[ProviderAccount, Endpoint]:
    """The account, and its endpoint's row: its address is committed before the provider is told of it."""
    with transaction.atomic():
        account = lock_account(company_id=company_id, account_id=account_id)
        if not account.sealed_secrets:
            raise AccountNotReady(state=AccountState(account.state).label)  # disconnected: it needs a key again
        other = (
            ProviderAccount.objects.filter(
                company_id=company_id,
                provider=account.provider,
                state__in=[AccountState.ACTIVE, AccountState.BROKEN],
            )
            .exclude(id=account.id)
            .first()
        )
        if other is not None:
            raise AnotherAccountConnected(name=other.name)
        shared = provider_of(account).shares_endpoint(account_value(account).secrets)
        endpoint, _created = Endpoint.objects.get_or_create(
            provider=account.provider,
            live=account.is_live,
            account=None if shared else account,
            removed_at=None,
            defaults={"id": ids.new_uuid(), "token": ids.new_token(), "created_at": now},
        )
        if not endpoint.is_readable(now):
            endpoint.forget_secret()  # the provider tells a secret once: it is asked for another endpoint
    return account, endpoint


def take_endpoint(endpoint_id: UUID, info: AccountInfo, now: datetime) -> None:
    """Keep what the provider says of our endpoint there. In the caller's transaction."""
    endpoint = Endpoint.objects.select_for_update().get(id=endpoint_id)
    endpoint.external_id = info.endpoint_id
    if info.endpoint_secret:
        endpoint.seal_secret(info.endpoint_secret, previous_until=now + OVERLAP)
    assert endpoint.sealed_secret, "the provider tells the secret of the endpoint it creates"
    endpoint.save()


def _activate(account: ProviderAccount, now: datetime, actor_id: int | None) -> None:
    if account.is_active:
        return
    account.move_to(AccountState.ACTIVE)
    account.connected_at = now
    record(
        kind=Kind.ACCOUNT_CONNECTED,
        company_id=account.company_id,
        subject=account,
        now=now,
        actor_id=actor_id,
        content={"provider": account.provider, "name": account.name, "mode": account.mode},
    )
    wake(company_id=account.company_id, now=now)
