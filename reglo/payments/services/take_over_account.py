"""*Cette installation remplace l'autre*: the database was moved here, and the account follows it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.payments.installation import installation, is_elsewhere
from reglo.payments.locks import lock_account
from reglo.payments.models import ProviderAccount
from reglo.payments.services.recreate_endpoint import recreate_endpoint


def take_over_account(
    *, company_id: int, account_id: UUID, now: datetime, actor_id: int | None = None
) -> ProviderAccount:
    """The account is ours, its endpoint at our address and the other installation's removed. Safe twice.

    Call outside any transaction. Raises what `recreate_endpoint` raises: the account is ours then, still to be called.
    """
    with transaction.atomic():
        account = lock_account(company_id=company_id, account_id=account_id)
        if is_elsewhere(account):
            before = account.installs[-1]
            account.installs = [*account.installs, installation()]
            account.endpoint_ok = False  # until it is made
            account.save(update_fields=["installs", "endpoint_ok"])
            record(
                kind=Kind.ACCOUNT_TAKEN_OVER,
                company_id=company_id,
                subject=account,
                now=now,
                actor_id=actor_id,
                content={"before": before, "after": installation()},
            )
    return recreate_endpoint(company_id=company_id, account_id=account_id, now=now, actor_id=actor_id)
