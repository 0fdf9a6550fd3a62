"""The third confirmation: whatever was not told is asked for, until it is known."""

from datetime import datetime

from reglo.payments.gateway import account_value, provider_of
from reglo.payments.models import PaymentAttempt, ProviderAccount
from reglo.payments.providers.contract import AccountBroken, Feeds, Retryable
from reglo.payments.queries import endpoint_of, pending_attempts
from reglo.payments.services.close_attempt import close_attempt
from reglo.payments.services.every_account import every_account
from reglo.payments.services.receive_event import store_nudge
from reglo.payments.services.refresh_attempt import refresh_attempt
from reglo.payments.states import AttemptState


def sweep(*, now: datetime) -> None:
    """Every connected account: missed events are stored, pending attempts asked about. Safe twice.

    What breaks one account or one attempt does not stop the others: it is raised at the end, as an ExceptionGroup.
    """
    every_account(name="sweep", visit=lambda account: sweep_account(account=account, now=now), now=now)


def sweep_account(*, account: ProviderAccount, now: datetime) -> list[Exception]:
    """What broke on single attempts. Raises AccountBroken, Retryable."""
    _store_missed_events(account, now)
    bugs: list[Exception] = []
    for attempt in pending_attempts(account):
        try:
            _ask_about(attempt, now)
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
