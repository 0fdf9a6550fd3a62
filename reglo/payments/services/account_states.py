"""An account stops answering, or answers again: one place writes it down."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reglo.events.kinds import Kind
from reglo.events.queue import hasten
from reglo.events.record import record
from reglo.payments.locks import lock_account
from reglo.payments.models import ProviderAccount
from reglo.payments.states import AccountState

# The reactions of `payments.tasks` that a broken account keeps waiting.
PAUSED = (
    "reglo.payments.tasks.apply_received",
    "reglo.payments.tasks.close_outgrown_attempts",
    "reglo.payments.tasks.close_credited_attempts",
    "reglo.payments.tasks.fetch_missed",
)


def break_account(*, company_id: int, account_id: UUID, now: datetime) -> None:
    """The provider refuses our access: no more page is opened, nothing is lost, a banner asks for a new key."""
    with transaction.atomic():
        account = lock_account(company_id=company_id, account_id=account_id)
        if not account.is_active:
            return
        account.move_to(AccountState.BROKEN)
        account.save(update_fields=["state"])
        record(kind=Kind.ACCOUNT_BROKEN, company_id=company_id, subject=account, now=now)


def mend_account(account: ProviderAccount, *, now: datetime) -> None:
    """It answers again: active, and what waited for it is due. Under its lock; the caller saves `state`."""
    account.move_to(AccountState.ACTIVE)
    record(kind=Kind.ACCOUNT_MENDED, company_id=account.company_id, subject=account, now=now)
    wake(company_id=account.company_id, now=now)


def wake(*, company_id: int, now: datetime) -> None:
    """What waited for the company's account may go on."""
    hasten(company_id=company_id, names=PAUSED, now=now)
