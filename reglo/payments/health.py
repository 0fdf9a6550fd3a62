"""How the line to an account stands, from our own tables alone: nobody is asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import DurationField, ExpressionWrapper, F, Max, Min

from reglo.events.kinds import Kind
from reglo.events.models import Event
from reglo.payments.installation import is_elsewhere
from reglo.payments.models import Endpoint, Payment, ProviderAccount, ProviderEvent
from reglo.payments.queries import endpoint_of
from reglo.payments.services.prune_inbox import KEPT
from reglo.payments.states import NoticeState

WEEK = timedelta(days=7)
SAMPLE = 1000  # of the latest notifications, for the median
PATIENCE = timedelta(hours=1)  # what happened since may still be on its way


@dataclass(frozen=True, slots=True)
class Delay:
    """From what happened at the provider to our books, over a week. `median` is that of the latest notifications."""

    median: timedelta
    worst: timedelta


@dataclass(frozen=True, slots=True)
class AccountHealth:
    """`silent_since`: since when the provider should have called, and did not. `oldest_waiting`: in the inbox."""

    account: ProviderAccount
    endpoint: Endpoint | None
    last: ProviderEvent | None
    silent_since: datetime | None
    delay: Delay | None
    waiting: int
    oldest_waiting: datetime | None
    readable: bool
    elsewhere: bool


def health_of(account: ProviderAccount, *, now: datetime) -> AccountHealth:
    endpoint = endpoint_of(account)
    waiting = ProviderEvent.objects.filter(account=account, state=NoticeState.RECEIVED)
    return AccountHealth(
        account=account,
        endpoint=endpoint,
        last=last_delivered(account),
        silent_since=silent_since(account, now=now),
        delay=_delay(account, now),
        waiting=waiting.count(),
        oldest_waiting=waiting.aggregate(oldest=Min("received_at"))["oldest"],
        readable=account.is_readable and (endpoint is None or endpoint.is_readable(now)),
        elsewhere=is_elsewhere(account),
    )


def last_delivered(account: ProviderAccount) -> ProviderEvent | None:
    """The last notification that the provider brought itself, of those whose body is still kept."""
    return ProviderEvent.objects.filter(account=account).exclude(sealed_request="").order_by("-received_at").first()


def silent_since(account: ProviderAccount, *, now: datetime) -> datetime | None:
    """Since when nothing arrived although something happened; None while there was nothing to tell."""
    heard = _heard_at(account, now)
    happened = (heard, now - PATIENCE)
    missed = ProviderEvent.objects.filter(account=account, sealed_request="", happened_at__range=happened)
    paid = Payment.objects.filter(
        company_id=account.company_id, paid_on__gte=heard.date() - timedelta(days=1), account=account
    ).filter(paid_at__range=happened)
    return heard if happened[0] < happened[1] and (missed.exists() or paid.exists()) else None


def _heard_at(account: ProviderAccount, now: datetime) -> datetime:
    """When the line was last known to work: a delivery, its making, its repair; bodies are kept for a while only."""
    last = last_delivered(account)
    repaired = Event.objects.filter(
        subject_type=account._meta.label_lower,
        subject_id=str(account.id),
        kind__in=[Kind.ENDPOINT_RECREATED, Kind.ENDPOINT_SECRET_RENEWED],
    ).aggregate(last=Max("occurred_at"))["last"]
    known: list[datetime | None] = [last.received_at if last else None, repaired, account.connected_at, now - KEPT]
    return max(instant for instant in known if instant is not None)


def _delay(account: ProviderAccount, now: datetime) -> Delay | None:
    took = ExpressionWrapper(F("applied_at") - F("happened_at"), output_field=DurationField())
    week = ProviderEvent.objects.filter(account=account, received_at__gte=now - WEEK, applied_at__isnull=False)
    latest = sorted(week.order_by("-received_at").values_list(took, flat=True)[:SAMPLE])
    if not latest:
        return None
    worst = week.aggregate(worst=Max(took))["worst"]
    # Their clock and ours may differ: nothing is applied before it happened.
    return Delay(max(latest[len(latest) // 2], timedelta()), max(worst, timedelta()))
