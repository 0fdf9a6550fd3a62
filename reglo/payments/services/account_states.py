"""An account stops answering, or answers again: one place writes it down."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.payments.locks import lock_account
from reglo.payments.states import AccountState


def break_account(*, company_id: int, account_id: UUID, now: datetime) -> None:
    """The provider refuses our access: no more page is opened, nothing is lost, a banner asks for a new key."""
    with transaction.atomic():
        account = lock_account(company_id=company_id, account_id=account_id)
        if not account.is_active:
            return
        account.move_to(AccountState.BROKEN)
        account.save(update_fields=["state"])
        record(kind=Kind.ACCOUNT_BROKEN, company_id=company_id, subject=account, now=now)
