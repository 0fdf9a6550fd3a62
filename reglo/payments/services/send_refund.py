"""Tell the provider a refund that we ordered: the same key however often, and what it answers."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reglo.database.retry import retry_on_conflict
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.payments.gateway import provider_of, refund_value
from reglo.payments.locks import lock_attempt, lock_refund
from reglo.payments.models import Refund
from reglo.payments.providers.contract import RefundRefused, Refunds
from reglo.payments.states import RefundState


def send_refund(*, refund_id: UUID, now: datetime) -> Refund:
    """The refund, failed where the provider says no; else it is asked how it stands, for only that is believed.

    Call outside any transaction. Raises AccountBroken, and Retryable or Unknown where it may be under way.
    """
    refund = Refund.objects.select_related("account", "payment").get(id=refund_id)
    if refund.state != RefundState.REQUESTED:
        return refund
    provider = provider_of(refund.account)
    assert isinstance(provider, Refunds), f"{provider.key} gives no money back"
    try:
        provider.refund(refund_value(refund))
    except RefundRefused as refused:
        return give_up_refund(refund_id=refund_id, failure=refused.failure, now=now)
    return refund


@retry_on_conflict
def give_up_refund(*, refund_id: UUID, failure: str, now: datetime) -> Refund:
    """The refund, failed: the provider surely gave nothing back. Nothing where it told otherwise meanwhile."""
    with transaction.atomic():
        refund = _locked(refund_id)
        if refund.state == RefundState.REQUESTED:
            refund.state, refund.failure = RefundState.FAILED, failure[:100]
            refund.save(update_fields=["state", "failure"])
            record(
                kind=Kind.REFUND_FAILED,
                company_id=refund.company_id,
                subject=refund.payment,
                now=now,
                content={
                    "amount_minor": refund.amount_minor,
                    "currency": refund.currency,
                    "failure": refund.failure,
                },
            )
    return refund


def _locked(refund_id: UUID) -> Refund:
    """The refund, after the attempt under whose lock its facts are written."""
    attempt_id = Refund.objects.values_list("payment__attempt_id", flat=True).get(id=refund_id)
    if attempt_id is not None:
        lock_attempt(attempt_id=attempt_id)
    return lock_refund(refund_id=refund_id)
