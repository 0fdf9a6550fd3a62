"""Every night: the provider's balance held against our books; what can be repaired is, the rest is shown by name."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction

from reglo.database.retry import retry_on_conflict
from reglo.payments.comparison import Found, Side, by_source, differences
from reglo.payments.gateway import account_value, provider_of
from reglo.payments.locks import lock_account
from reglo.payments.models import Difference, Payout, ProviderAccount, Refund
from reglo.payments.our_side import our_side, without_comparison
from reglo.payments.providers.contract import Listings, RightMissing
from reglo.payments.providers.facts import Ref
from reglo.payments.queries import born
from reglo.payments.services.every_account import every_account
from reglo.payments.services.take_object import take_object
from reglo.payments.states import DifferenceKind, MovementKind, PayoutState, RefundState

OVERLAP = timedelta(days=7)  # a movement may come days after what caused it
SETTLES = timedelta(days=1)  # younger payments may not have moved the balance yet


def compare_balances(*, now: datetime) -> None:
    """Every connected account. Safe twice; bugs are raised at the end, as an ExceptionGroup."""

    def visit(account: ProviderAccount) -> Iterable[Exception]:
        compare_account(account=account, now=now)
        return ()

    every_account(name="compare balances", visit=visit, now=now)


def compare_account(*, account: ProviderAccount, now: datetime) -> int:
    """How many differences are open after it. Raises AccountBroken, Retryable; what was compared before then stays."""
    provider = provider_of(account)
    if not isinstance(provider, Listings):
        return 0
    since = max((account.compared_at or account.created_at) - OVERLAP, born(account))
    _ask_again(account, now)
    theirs = by_source(provider.balance(account_value(account), since))
    found = _compare(account, theirs, since=since, now=now)
    if _repair(account, found, now):
        found = _compare(account, theirs, since=since, now=now)
    return _write(account, found, since, now)


def _ask_again(account: ProviderAccount, now: datetime) -> None:
    """What has not ended is asked about until it does: refunds on their way, payouts that should have arrived."""
    refunds = Refund.objects.filter(account=account, state=RefundState.PENDING).exclude(external_id=None)
    late = Payout.objects.filter(account=account, arrives_on__lt=now.date())
    open_payouts = late.filter(state=PayoutState.IN_TRANSIT) | late.filter(automatic=True, gap_minor=None)
    refs = [Ref("refund", str(refund.external_id)) for refund in refunds]
    refs += [Ref("payout", name) for name in open_payouts.values_list("external_id", flat=True)]
    for ref in refs:
        take_object(account=account, ref=ref, now=now)


def _compare(account: ProviderAccount, theirs: dict[str, Side], *, since: datetime, now: datetime) -> list[Found]:
    ours = our_side(account, sources=theirs.keys(), since=since, until=now - SETTLES)
    left_out = without_comparison(account, sources=theirs.keys(), since=since)
    found = differences({name: side for name, side in theirs.items() if name not in left_out}, ours)
    return list(found)


def _repair(account: ProviderAccount, found: Collection[Found], now: datetime) -> bool:
    """Ask for what may be ours and was not asked for before; whether anything was."""
    known = set(Difference.objects.filter(account=account, resolved_at=None).values_list("source_id", flat=True))
    asked = [one for one in found if one.source_id not in known and _may_be_ours(one)]
    for one in asked:
        with suppress(RightMissing):  # it stays a difference, and the daily check names the right
            take_object(account=account, ref=Ref(one.seen.kind.value, one.source_id), now=now)
    return bool(asked)


def _may_be_ours(found: Found) -> bool:
    """A charge says so; a refund or a dispute does not, and its charge must be looked at."""
    if found.kind == DifferenceKind.MISSING_THERE:
        return False
    return found.ours is not None or bool(found.seen.attempt_key) or found.seen.kind != MovementKind.CHARGE


@retry_on_conflict
def _write(account: ProviderAccount, found: Collection[Found], since: datetime, now: datetime) -> int:
    """The open differences become those that were found; one from before the comparison stays until it is retaken."""
    with transaction.atomic():
        locked = lock_account(company_id=account.company_id, account_id=account.id)
        names = {one.source_id for one in found}
        opened = Difference.objects.filter(account=account, resolved_at=None)
        opened.filter(moved_at__gte=since).exclude(source_id__in=names).update(resolved_at=now)
        for one in found:
            record_difference(account=account, found=one, now=now)
        locked.compared_at = now
        locked.save(update_fields=["compared_at"])
        return opened.count()


def record_difference(*, account: ProviderAccount, found: Found, now: datetime) -> None:
    """Open it, or tell its amounts as they are now. In the caller's transaction, under the account's lock."""
    Difference.objects.update_or_create(
        account=account,
        source_id=found.source_id,
        resolved_at=None,
        defaults={
            "kind": found.kind,
            "source_kind": found.seen.kind,
            "theirs_minor": found.theirs.net_minor if found.theirs else None,
            "ours_minor": found.ours.net_minor if found.ours else None,
            "currency": found.seen.currency,
        },
        create_defaults={
            "company_id": account.company_id,
            "account": account,
            "source_id": found.source_id,
            "kind": found.kind,
            "source_kind": found.seen.kind,
            "theirs_minor": found.theirs.net_minor if found.theirs else None,
            "ours_minor": found.ours.net_minor if found.ours else None,
            "currency": found.seen.currency,
            "moved_at": found.seen.at,
            "found_at": now,
        },
    )
