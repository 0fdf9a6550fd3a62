"""Change several accounts of the map at once, confirm the whole, and take the change back."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from reglo.companies.locks import lock_company
from reglo.database.retry import retry_on_conflict
from reglo.events.kinds import Kind
from reglo.events.models import Event
from reglo.events.queries import content_of
from reglo.events.record import record
from reglo.ledger.queries import accounts_on
from reglo.ledger.services.confirm_accounts import confirm_accounts
from reglo.ledger.services.map_account import BadAccountNumber, map_account
from reglo.ledger.states import AccountRole

Accounts = Mapping[AccountRole, tuple[str, str]]  # role → number, label


@retry_on_conflict
def map_accounts(
    *, company_id: int, actor_id: int, accounts: Accounts, effective_date: date, now: datetime
) -> Event | None:
    """Send each role whose account differs on `effective_date` to its new one from then on, and confirm the map.

    The event, None when nothing differs. Raises BadAccountNumber, its `field` the role, and DateBeforeBooks.
    """
    with transaction.atomic():
        company = lock_company(company_id)
        before = accounts_on(company_id=company_id, day=effective_date)
        changed = {role: account for role, account in accounts.items() if before.get(role) != account}
        for role, (number, label) in changed.items():
            _map(company_id, role, number, label, effective_date, now)
        confirm_accounts(company_id=company_id, now=now)
        if not changed:
            return None
        return record(
            kind=Kind.COMPANY_CHANGED,
            company_id=company_id,
            subject=company,
            actor_id=actor_id,
            now=now,
            content={
                "effective_date": effective_date,
                "accounts_before": {role: before[role] for role in changed},
                "accounts_after": changed,
            },
        )


@retry_on_conflict
def undo_map_accounts(*, company_id: int, event_id: int, actor_id: int, now: datetime) -> Event | None:
    """Send the roles of one change back to the accounts they had, from the same date on. Raises Event.DoesNotExist."""
    with transaction.atomic():
        event = Event.objects.get(pk=event_id, company_id=company_id, kind=Kind.COMPANY_CHANGED)
        content = content_of(event)
        if "accounts_before" not in content:
            raise Event.DoesNotExist
        return map_accounts(
            company_id=company_id,
            actor_id=actor_id,
            accounts={
                AccountRole(role): (number, label) for role, (number, label) in content["accounts_before"].items()
            },
            effective_date=date.fromisoformat(content["effective_date"]),
            now=now,
        )


def _map(company_id: int, role: AccountRole, number: str, label: str, effective_date: date, now: datetime) -> None:
    """`map_account`, its refusal carrying the role: the page has a field for each."""
    try:
        map_account(
            company_id=company_id, role=role, number=number, label=label, effective_date=effective_date, now=now
        )
    except BadAccountNumber:
        raise BadAccountNumber(field=role.value) from None
