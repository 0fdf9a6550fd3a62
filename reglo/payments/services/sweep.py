"""The third confirmation: whatever was not told is asked for, until it is known."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from reglo.payments.gateway import account_value, provider_of
from reglo.payments.models import PaymentAttempt, ProviderAccount
from reglo.payments.providers.contract import AccountBroken, Feeds, Retryable
from reglo.payments.queries import endpoint_of, pending_attempts, refunds_under_way
from reglo.payments.services.account_states import break_account
from reglo.payments.services.close_attempt import close_attempt
from reglo.payments.services.pursue_refund import pursue_refund
from reglo.payments.services.receive_event import store_nudge
from reglo.payments.services.refresh_attempt import refresh_attempt
from reglo.payments.states import AccountState, AttemptState

logger = logging.getLogger("reglo.payments")


def sweep(*, now: datetime) -> None:
    """Every connected account: missed events are stored, pending attempts and refunds asked about. Safe twice.

    An account that does not answer is left for the next sweep. What breaks one account or one attempt does not stop
    the others: it is raised at the end, as an ExceptionGroup.
    """
    bugs: list[Exception] = []
    for account in ProviderAccount.objects.filter(state=AccountState.ACTIVE).order_by("id"):
        try:
            bugs += sweep_account(account=account, now=now)
        except AccountBroken:
            break_account(company_id=account.company_id, account_id=account.id, now=now)
        except Retryable as error:
            logger.warning("sweep: the provider did not answer", extra={"code": error.code, "account": str(account.id)})
        except Exception as bug:  # noqa: BLE001 (raised below; the next account has customers too)
            bugs.append(bug)
    if bugs:
        raise ExceptionGroup("sweep", bugs)


def sweep_account(*, account: ProviderAccount, now: datetime) -> list[Exception]:
    """What broke on single attempts and refunds. Raises AccountBroken, Retryable."""
    _store_missed_events(account, now)
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


def _store_missed_events(account: ProviderAccount, now: datetime) -> None:
    """They are applied by the same reaction as those that arrived; one already in the inbox is left alone."""
    provider, endpoint = provider_of(account), endpoint_of(account)
    if not isinstance(provider, Feeds) or endpoint is None:
        return
    nudges, cursor = provider.changes(account_value(account, endpoint=endpoint), account.cursor, now)
    for nudge in nudges:
        store_nudge(endpoint=endpoint, account=account, nudge=nudge, now=now)
    ProviderAccount.objects.filter(id=account.id).update(cursor=cursor)


def _ask_about(attempt: PaymentAttempt, now: datetime) -> None:
    """An attempt whose page nobody was ever given ends with its time; the others end when the provider says so."""
    if attempt.state != AttemptState.UNKNOWN:
        refresh_attempt(attempt_id=attempt.id, now=now)
    elif attempt.expires_at < now:
        close_attempt(attempt_id=attempt.id, now=now)
