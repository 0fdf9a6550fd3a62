"""The administrator: checks the account, connects it again, sees its key revoked and given back."""

from uuid import UUID

from lab.simulation.actions.table import Actions
from lab.simulation.stage import Stage
from reglo.payments.services import check_account, connect_account
from reglo.ports import clock

ACTIONS = Actions("administrator")


@ACTIONS.add(1)
def check(stage: Stage) -> None:
    company_id, account_id = _account(stage)
    check_account(company_id=company_id, account_id=account_id, now=clock.now())


@ACTIONS.add(1)
def connect_again(stage: Stage) -> None:
    company_id, account_id = _account(stage)
    connect_account(company_id=company_id, account_id=account_id, now=clock.now())


@ACTIONS.add(1)
def key_revoked(stage: Stage) -> None:
    account = stage.draw.choice(list(stage.outside.house.accounts.values()))
    account.key_works = False


@ACTIONS.add(5)
def key_given_back(stage: Stage) -> None:
    for account in stage.outside.house.accounts.values():
        account.key_works = True
    for company_id, account_id in accounts(stage):
        check_account(company_id=company_id, account_id=account_id, now=clock.now())


def accounts(stage: Stage) -> list[tuple[int, UUID]]:
    found = stage.rows("SELECT company_id, id FROM payments_provideraccount ORDER BY company_id")
    return [(company_id, UUID(str(account_id))) for company_id, account_id in found]


def _account(stage: Stage) -> tuple[int, UUID]:
    return stage.draw.choice(accounts(stage))
