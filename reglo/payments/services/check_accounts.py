"""Once a day: does every connected account still answer, as it will have to when somebody pays?"""

import logging
from datetime import datetime

from reglo.payments.installation import is_elsewhere
from reglo.payments.models import ProviderAccount
from reglo.payments.providers.contract import Retryable
from reglo.payments.services.check_account import check_account
from reglo.payments.states import AccountState

logger = logging.getLogger("reglo.payments")


def check_accounts(*, now: datetime) -> None:
    """Every account that collects, the broken ones included: they mend when the provider answers again. Safe twice.

    One that does not answer keeps what is known of it until tomorrow. What breaks one does not stop the others: it is
    raised at the end, as an ExceptionGroup.
    """
    bugs: list[Exception] = []
    connected = ProviderAccount.objects.filter(state__in=[AccountState.ACTIVE, AccountState.BROKEN]).order_by("id")
    for account in connected:
        if is_elsewhere(account):
            continue
        try:
            check_account(company_id=account.company_id, account_id=account.id, now=now)
        except Retryable as error:
            logger.warning("check: the provider did not answer", extra={"code": error.code, "account": str(account.id)})
        except Exception as bug:  # noqa: BLE001 (raised below; the next account has customers too)
            bugs.append(bug)
    if bugs:
        raise ExceptionGroup("check", bugs)
