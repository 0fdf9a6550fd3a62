"""Do one thing for every connected account: what stops at one does not stop the others."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from reglo.payments.installation import is_elsewhere
from reglo.payments.models import ProviderAccount
from reglo.payments.providers.contract import AccountBroken, Retryable
from reglo.payments.services.account_states import break_account
from reglo.payments.states import AccountState

logger = logging.getLogger("reglo.payments")


def every_account(
    *,
    name: str,
    visit: Callable[[ProviderAccount], Iterable[Exception]],
    now: datetime,
    state: AccountState = AccountState.ACTIVE,
) -> None:
    """`visit` each account in this state that is ours to speak for; it returns what broke on the way.

    An account that does not answer is left for the next time, one that refuses us is marked broken. Bugs are raised
    at the end, as an ExceptionGroup called `name`.
    """
    bugs: list[Exception] = []
    for account in ProviderAccount.objects.filter(state=state).select_related("company").order_by("id"):
        if is_elsewhere(account):
            continue
        try:
            bugs += visit(account)
        except AccountBroken:
            break_account(company_id=account.company_id, account_id=account.id, now=now)
        except Retryable as error:
            logger.warning(
                "%s: the provider did not answer", name, extra={"code": error.code, "account": str(account.id)}
            )
        except Exception as bug:  # noqa: BLE001 (raised below; the next account has customers too)
            bugs.append(bug)
    if bugs:
        raise ExceptionGroup(name, bugs)
