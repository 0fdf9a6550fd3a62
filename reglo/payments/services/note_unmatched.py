"""Money arrived on the account and no attempt of ours asked for it: kept as a fact, for a person to decide."""

from datetime import datetime

from django.db import IntegrityError, transaction

from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.payments.installation import is_of_this_database
from reglo.payments.models import ProviderAccount, UnmatchedPayment
from reglo.payments.providers.facts import PaymentFact, RefundStanding, Snapshot
from reglo.payments.states import Method
from reglo.ports import ids


def note_unmatched(*, account: ProviderAccount, snapshot: Snapshot, now: datetime) -> bool:
    """Whether `snapshot`, of which `apply_snapshot` knew no attempt, holds money. Safe twice; outside any transaction.

    Nothing is booked. What went back to the payer since is told by the same row.
    """
    if snapshot.live != account.is_live:
        return False
    for fact in snapshot.payments:
        _note(account, snapshot, fact, now)
    return bool(snapshot.payments)


def _note(account: ProviderAccount, snapshot: Snapshot, fact: PaymentFact, now: datetime) -> None:
    refunded = sum(
        refund.money.minor
        for refund in snapshot.refunds
        if refund.payment_id == fact.id and refund.state == RefundStanding.SUCCEEDED
    )
    known = UnmatchedPayment.objects.filter(account=account, external_id=fact.id)
    if known.update(refunded_minor=refunded):
        return
    try:
        with transaction.atomic():
            found = UnmatchedPayment.objects.create(
                id=ids.new_uuid(),
                company_id=account.company_id,
                account=account,
                external_id=fact.id,
                amount_minor=fact.money.minor,
                currency=fact.money.currency,
                method=Method(fact.method.value),
                method_detail=fact.method_detail[:60],
                description=fact.description[:200],
                payer_email=fact.payer_email[:254],
                install="" if is_of_this_database(account, snapshot.install) else snapshot.install[:200],
                refunded_minor=refunded,
                paid_at=fact.at,
                found_at=now,
            )
            record(
                kind=Kind.PAYMENT_UNMATCHED,
                company_id=account.company_id,
                subject=found,
                now=now,
                content={"amount_minor": found.amount_minor, "currency": found.currency},
            )
    except IntegrityError:
        if not known.exists():
            raise  # else another worker noted it at the same instant
