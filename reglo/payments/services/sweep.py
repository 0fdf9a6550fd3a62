"""The third confirmation: whatever was not told is asked for, until it is known."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from reglo.payments.models import PaymentAttempt, ProviderAccount
from reglo.payments.providers.contract import AccountBroken, Retryable
from reglo.payments.queries import pending_attempts, refunds_under_way
from reglo.payments.services.check_account import check_account
from reglo.payments.services.close_attempt import close_attempt
from reglo.payments.services.every_account import every_account
from reglo.payments.services.missed_events import store_missed_events
from reglo.payments.services.pursue_refund import pursue_refund
from reglo.payments.services.refresh_attempt import refresh_attempt
from reglo.payments.states import AccountState, AttemptState

MENDED_AFTER = timedelta(hours=1)


def sweep(*, now: datetime) -> None:
    """Every connected account: missed events are stored, pending attempts and refunds asked about. Safe twice.

    What breaks one account or one attempt does not stop the others: it is raised at the end, as an ExceptionGroup.
    """
    every_account(name="mend", visit=lambda account: _mend(account, now), now=now, state=AccountState.BROKEN)
    every_account(name="sweep", visit=lambda account: sweep_account(account=account, now=now), now=now)


def _mend(account: ProviderAccount, now: datetime) -> list[Exception]:
    """Rights given back at the provider tell nobody: a broken account is asked now and then."""
    if account.checked_at is None or abs(now - account.checked_at) >= MENDED_AFTER:
        check_account(company_id=account.company_id, account_id=account.id, now=now)
    return []


def sweep_account(*, account: ProviderAccount, now: datetime) -> list[Exception]:
    """What broke on single attempts and refunds. Raises AccountBroken, Retryable."""
    store_missed_events(account=account, now=now)
    questions: list[Callable[[], object]] = [
        *(partial(_ask_about, attempt, now) for attempt in pending_attempts(account)),
        *(partial(pursue_refund, refund_id=refund.id, now=now) for refund in refunds_under_way(account)),
    ]
    bugs: list[Exception] = []
    for ask in questions:
        try:
            ask()
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
