"""Ask the provider for one object and apply the answer, whatever made us ask."""

from contextlib import suppress
from datetime import datetime

from reglo.payments.balance_sources import known_movements
from reglo.payments.gateway import account_value, provider_of
from reglo.payments.models import PayoutLine, ProviderAccount
from reglo.payments.providers.balance import BalanceFact, MovementKind, PayoutFact
from reglo.payments.providers.contract import AccountBroken, RightMissing
from reglo.payments.providers.facts import Ref
from reglo.payments.services.account_states import break_account
from reglo.payments.services.apply_snapshot import apply_snapshot


def take_object(*, account: ProviderAccount, ref: Ref, now: datetime) -> bool:
    """Whether it concerns us. Outside any transaction.

    Raises AccountBroken (the account is then marked so), Retryable; RightMissing, of this object alone.
    """
    try:
        snapshot = provider_of(account).fetch(account_value(account), ref)
    except AccountBroken:
        break_account(company_id=account.company_id, account_id=account.id, now=now)
        raise
    if snapshot.payout is not None:
        take_lacking_lines(account=account, fact=snapshot.payout, now=now)
    return apply_snapshot(account=account, snapshot=snapshot, now=now)


def take_lacking_lines(*, account: ProviderAccount, fact: PayoutFact, now: datetime) -> None:
    """Payments of ours, refunds and disputes that a payout took along before we heard of them: first they, then the
    payout. What the key may not read is a line that nothing explains, until it may."""
    lines = fact.lines or ()
    told = set(PayoutLine.objects.filter(account=account, payout__external_id=fact.id).values_list("external_id"))
    known = known_movements(account, {line.id: line.source_id for line in lines})
    for line in lines:
        if (line.id,) not in told and line.id not in known and _may_be_ours(line):
            with suppress(RightMissing):
                take_object(account=account, ref=Ref(line.kind.value, line.source_id), now=now)


def _may_be_ours(line: BalanceFact) -> bool:
    """A charge says so; a refund or a dispute does not, and its charge must be looked at."""
    if not line.source_id:
        return False
    return line.kind in {MovementKind.REFUND, MovementKind.DISPUTE} or (
        line.kind == MovementKind.CHARGE and bool(line.attempt_key)
    )
