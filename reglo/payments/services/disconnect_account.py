"""*Déconnecter*: close the open pages, remove our endpoint, forget the secrets. Payments stay in the books."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.payments.gateway import AccountUnreadable, account_value, provider_of
from reglo.payments.installation import is_elsewhere
from reglo.payments.locks import lock_account
from reglo.payments.models import Endpoint, ProviderAccount
from reglo.payments.queries import endpoint_of, pending_attempts, refunds_under_way
from reglo.payments.services.close_attempt import close_attempt
from reglo.payments.services.pursue_refund import pursue_refund
from reglo.payments.states import AccountState


class PaymentsUnderWay(RegloError):
    code = "payments_under_way"
    status = 409
    message = _("Un paiement ou un remboursement est en cours sur ce compte. Déconnectez-le quand il sera terminé.")


def disconnect_account(
    *, company_id: int, account_id: UUID, now: datetime, actor_id: int | None = None
) -> ProviderAccount:
    """Safe twice; call outside any transaction. Raises PaymentsUnderWay, Retryable, Unknown.

    On a copy, whose account another installation uses, and where the key cannot be read, nothing is undone at the
    provider: it is forgotten here only.
    """
    account = ProviderAccount.objects.filter(company_id=company_id, id=account_id).first()
    if account is None:
        raise Http404
    if account.state == AccountState.DISCONNECTED:
        return account
    if is_elsewhere(account):
        return _forget(account, now, actor_id)
    if account.is_active:
        for attempt in pending_attempts(account):
            if close_attempt(attempt_id=attempt.id, now=now).is_pending:
                raise PaymentsUnderWay
        for refund in refunds_under_way(account):
            if pursue_refund(refund_id=refund.id, now=now).is_under_way:
                raise PaymentsUnderWay
    endpoint = endpoint_of(account)
    own = endpoint if endpoint is not None and endpoint.account_id == account.id else None
    with suppress(AccountUnreadable):
        provider_of(account).disconnect(account_value(account, endpoint=own))
    return _forget(account, now, actor_id)


def _forget(known: ProviderAccount, now: datetime, actor_id: int | None) -> ProviderAccount:
    with transaction.atomic():
        account = lock_account(company_id=known.company_id, account_id=known.id)
        under_way = pending_attempts(account).exists() or refunds_under_way(account).exists()
        if account.is_active and not is_elsewhere(account) and under_way:
            raise PaymentsUnderWay  # begun meanwhile: without the secrets its money would never be known
        account.move_to(AccountState.DISCONNECTED)
        account.sealed_secrets, account.installs = "", []
        account.save(update_fields=["state", "sealed_secrets", "installs"])
        Endpoint.objects.filter(account=account, removed_at=None).update(removed_at=now)
        record(
            kind=Kind.ACCOUNT_DISCONNECTED,
            company_id=account.company_id,
            subject=account,
            now=now,
            actor_id=actor_id,
            content={"provider": account.provider, "name": account.name},
        )
    return account
