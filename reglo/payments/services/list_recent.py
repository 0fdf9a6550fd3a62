"""Look through what was made lately at the provider: an object that no notification told us of is nudged."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from reglo.payments.gateway import account_value, provider_of
from reglo.payments.models import Dispute, DisputeMove, Payment, Payout, ProviderAccount, ProviderEvent, Refund, Silence
from reglo.payments.providers.contract import Listed, Listings, Nudge
from reglo.payments.queries import born, endpoint_of, in_parts
from reglo.payments.services.every_account import every_account
from reglo.payments.services.receive_event import store_nudge
from reglo.payments.states import PayoutState

OVERLAP = timedelta(hours=48)
ON_ITS_WAY = timedelta(minutes=10)  # a notification takes its time: what is younger is not missed


def list_recent(*, now: datetime) -> None:
    """Every connected account. Safe twice; bugs are raised at the end, as an ExceptionGroup."""

    def visit(account: ProviderAccount) -> Iterable[Exception]:
        list_account(account=account, now=now)
        return ()

    every_account(name="list recent objects", visit=visit, now=now)


def list_account(*, account: ProviderAccount, now: datetime) -> int:
    """How many objects we had not heard of; each is now in the inbox, whose reaction asks for it.

    The list reaches back beyond the last time that it was read, however long ago that is: so is found what the
    provider no longer keeps as events. A silence longer than OVERLAP leaves a report. Raises AccountBroken, Retryable.
    """
    provider, endpoint = provider_of(account), endpoint_of(account)
    if not isinstance(provider, Listings) or endpoint is None:
        return 0
    since = max((account.listed_at or account.created_at) - OVERLAP, born(account))
    listed = provider.recent(account_value(account, endpoint=endpoint), since)
    told = [one for one in listed if one.at <= now - ON_ITS_WAY]
    lacking = list(_lacking(account, told))
    stored = sum(store_nudge(endpoint=endpoint, account=account, nudge=_nudge(one), now=now) for one in lacking)
    if account.listed_at is not None and now - account.listed_at > OVERLAP:
        Silence.objects.get_or_create(
            account=account,
            from_at=account.listed_at,
            defaults={
                "company_id": account.company_id,
                "until_at": now,
                "seen": len(told),
                "lacking": len(lacking),
            },
        )
    ProviderAccount.objects.filter(id=account.id).update(listed_at=now)
    return stored


def _nudge(listed: Listed) -> Nudge:
    """Once for each way that the object can stand."""
    event_id = f"listed:{listed.ref.id}:{listed.standing}:{'complete' if listed.complete else 'incomplete'}"
    return Nudge(event_id, f"{listed.ref.kind}.{listed.standing}", listed.ref, listed.at, "")


def _lacking(account: ProviderAccount, listed: Sequence[Listed]) -> Iterator[Listed]:
    """Those of which our rows say less than the list, or that nobody ever told us of."""
    for some in in_parts(listed):
        yield from _lacking_of(account, some)


def _lacking_of(account: ProviderAccount, listed: Sequence[Listed]) -> Iterator[Listed]:
    ids = [one.ref.id for one in listed]
    rows = {"account": account, "external_id__in": ids}
    fees = dict(Payment.objects.filter(**rows).values_list("external_id", "fee_minor"))
    refunds = dict(Refund.objects.filter(**rows).values_list("external_id", "state"))
    moved = set(
        DisputeMove.objects.filter(account=account, dispute__external_id__in=ids).values_list(
            "dispute__external_id", flat=True
        )
    )
    disputes = dict(Dispute.objects.filter(**rows).values_list("external_id", "state"))
    payouts = {payout.external_id: payout for payout in Payout.objects.filter(**rows)}
    heard = set(ProviderEvent.objects.filter(account=account, object_id__in=ids).values_list("object_id", flat=True))
    for one in listed:
        name = one.ref.id
        if name in fees:
            lacks = one.complete and fees[name] is None
        elif name in refunds:
            lacks = refunds[name] != one.standing
        elif name in disputes:
            lacks = one.standing not in {disputes[name], "unknown"} or (one.complete and name not in moved)
        elif name in payouts:
            lacks = payouts[name].state != one.standing or (one.complete and not payouts[name].is_taken_apart)
        elif one.ref.kind == "payout":
            lacks = one.standing != PayoutState.IN_TRANSIT or one.complete  # before that, no notification tells of it
        else:
            lacks = name not in heard  # a sale made elsewhere was told, and is not ours
        if lacks:
            yield one
