"""Notifications that did not arrive are asked for, and go the way of those that did."""

from datetime import datetime, timedelta

from reglo.payments.gateway import account_value, provider_of
from reglo.payments.models import ProviderAccount, ProviderEvent
from reglo.payments.providers.contract import Feeds, History
from reglo.payments.queries import endpoint_of
from reglo.payments.services.receive_event import store_nudge

# What happened just before the last one that arrived may have been on its way still.
OVERLAP = timedelta(hours=1)


def store_missed_events(*, account: ProviderAccount, now: datetime) -> None:
    """What the provider could not deliver since the cursor. One already in the inbox is left alone.

    Raises AccountBroken, AccountElsewhere, Retryable.
    """
    provider, endpoint = provider_of(account), endpoint_of(account)
    if not isinstance(provider, Feeds) or endpoint is None:
        return
    nudges, cursor = provider.changes(account_value(account, endpoint=endpoint), account.cursor, now)
    for nudge in nudges:
        store_nudge(endpoint=endpoint, account=account, nudge=nudge, now=now)
    ProviderAccount.objects.filter(id=account.id).update(cursor=cursor)


def heard_until(account: ProviderAccount) -> datetime:
    """Since when something may have been missed: a little before the last notification that the provider delivered."""
    heard = ProviderEvent.objects.filter(account=account).exclude(sealed_request="").order_by("-received_at").first()
    return (heard.happened_at if heard else account.connected_at or account.created_at) - OVERLAP


def store_history(*, account: ProviderAccount, since: datetime, now: datetime) -> int:
    """How many events since then were not in the inbox, delivered or not.

    What no endpoint was there to hear, a provider counts as delivered: it is not among those that it could not deliver.
    Raises AccountBroken, AccountElsewhere, Retryable.
    """
    provider, endpoint = provider_of(account), endpoint_of(account)
    if not isinstance(provider, History) or endpoint is None:
        return 0
    nudges = provider.history(account_value(account, endpoint=endpoint), since)
    return sum(store_nudge(endpoint=endpoint, account=account, nudge=nudge, now=now) for nudge in nudges)
