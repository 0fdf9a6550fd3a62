"""*Renouveler le secret*: another signs from now on, the one before is accepted for a day, and the chain is tried."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.payments.gateway import account_value, endpoint_url, provider_of
from reglo.payments.models import Endpoint, ProviderAccount
from reglo.payments.models.provider_account import AccountNotReady
from reglo.payments.providers.contract import Renewals
from reglo.payments.queries import endpoint_of
from reglo.payments.services.connect_account import connect_account, take_endpoint
from reglo.payments.services.missed_events import heard_until
from reglo.payments.states import AccountState


class SecretNotRenewable(RegloError):
    code = "secret_not_renewable"
    status = 409
    message = _(
        "Ce compte est connecté par la plateforme de cette installation : son secret sert à plusieurs entreprises, "
        "et se renouvelle par qui administre le serveur."
    )


class SecretJustRenewed(RegloError):
    code = "secret_just_renewed"
    status = 409
    message = _("Le secret a changé il y a moins d’un jour, et l’ancien est encore accepté. Renouvelez-le demain.")


def renew_secret(*, company_id: int, account_id: UUID, now: datetime, actor_id: int | None = None) -> Endpoint:
    """The endpoint under its new secret. Call outside any transaction.

    Raises AccountNotReady, SecretNotRenewable, SecretJustRenewed, and what `connect_account`, the self-test, raises.
    """
    account = ProviderAccount.objects.filter(company_id=company_id, id=account_id).first()
    endpoint = endpoint_of(account) if account else None
    if account is None or endpoint is None:
        raise Http404
    if not account.is_active:
        raise AccountNotReady(state=AccountState(account.state).label)
    provider = provider_of(account)
    if endpoint.account_id != account.id or not isinstance(provider, Renewals):
        raise SecretNotRenewable
    if endpoint.previous_until is not None and now < endpoint.previous_until:
        raise SecretJustRenewed
    since = heard_until(account)
    info = provider.renew_endpoint(account_value(account, endpoint=endpoint), endpoint_url(endpoint))
    with transaction.atomic():
        take_endpoint(endpoint.id, info, now)
        record(
            kind=Kind.ENDPOINT_SECRET_RENEWED,
            company_id=company_id,
            subject=account,
            now=now,
            actor_id=actor_id,
            content={"since": since},
        )
    connect_account(company_id=company_id, account_id=account_id, now=now, actor_id=actor_id)
    endpoint.refresh_from_db()
    return endpoint
