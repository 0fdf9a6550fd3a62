"""The third confirmation: whatever was not told is asked for, until it is known."""

import logging
from datetime import datetime, timedelta

from reglo.payments.installation import is_elsewhere
from reglo.payments.models import PaymentAttempt, ProviderAccount
from reglo.payments.providers.contract import AccountBroken, Retryable
from reglo.payments.queries import pending_attempts
from reglo.payments.services.account_states import break_account
from reglo.payments.services.check_account import check_account
from reglo.payments.services.close_attempt import close_attempt
from reglo.payments.services.missed_events import store_missed_events
from reglo.payments.services.refresh_attempt import refresh_attempt
from reglo.payments.states import AccountState, AttemptState

logger = logging.getLogger("reglo.payments")

MENDED_AFTER = timedelta(hours=1)


def sweep(*, now: datetime) -> None:
    """Every connected account: missed events are stored, pending attempts asked about. Safe twice.

    An account that does not answer is left for the next sweep. What breaks one account or one attempt does not stop
    the others: it is raised at the end, as an ExceptionGroup.
    """
    bugs: list[Exception] = []
    connected = ProviderAccount.objects.filter(state__in=[AccountState.ACTIVE, AccountState.BROKEN]).order_by("id")
    for account in connected:
        if is_elsewhere(account):
            continue
        try:
            if account.is_active:
                bugs += sweep_account(account=account, now=now)
            elif _may_have_mended(account, now):
                check_account(company_id=account.company_id, account_id=account.id, now=now)
        except AccountBroken:
            break_account(company_id=account.company_id, account_id=account.id, now=now)
        except Retryable as error:
            logger.warning("sweep: the provider did not answer", extra={"code": error.code, "account": str(account.id)})
        except Exception as bug:  # noqa: BLE001 (raised below; the next account has customers too)
            bugs.append(bug)
    if bugs:
        raise ExceptionGroup("sweep", bugs)


def _may_have_mended(account: ProviderAccount, now: datetime) -> bool:
    """Rights given back at the provider tell nobody: a broken account is asked now and then."""
    return account.checked_at is None or abs(now - account.checked_at) >= MENDED_AFTER


def sweep_account(*, account: ProviderAccount, now: datetime) -> list[Exception]:
    """What broke on single attempts. Raises AccountBroken, Retryable."""
    store_missed_events(account=account, now=now)
    bugs: list[Exception] = []
    for attempt in pending_attempts(account):
        try:
            _ask_about(attempt, now)
        except (AccountBroken, Retryable):
            raise
        except Exception as bug:  # noqa: BLE001 (raised by `sweep`; money may be waiting behind the next one)
            bugs.append(bug)
    return bugs


def _ask_about(attempt: PaymentAttempt, now: datetime) -> None:
    """An attempt whose page nobody was ever given ends with its time; the others end when the provider says so."""
    if attempt.state != AttemptState.UNKNOWN:
        refresh_attempt(attempt_id=attempt.id, now=now)
    elif attempt.expires_at < now:
        close_attempt(attempt_id=attempt.id, now=now)
