"""A refund without an ending yet: look for it, and order it again with its own key while that is safe."""

from datetime import datetime, timedelta
from uuid import UUID

from reglo.payments import refund_failures
from reglo.payments.models import Refund
from reglo.payments.providers.contract import Unknown
from reglo.payments.services.refresh_refund import refresh_refund
from reglo.payments.services.send_refund import give_up_refund, send_refund
from reglo.payments.states import RefundState

# Providers know a key for a day: until then the same key cannot give the money back twice.
KEY_LIFE = timedelta(hours=23)


def pursue_refund(*, refund_id: UUID, now: datetime) -> Refund:
    """The refund as far as it is known now. Safe twice; outside any transaction. Raises AccountBroken, Retryable.

    An order that was never answered is looked for among the payment's refunds before anything else. After a day it
    is no longer on its way: what is not found then was never done.
    """
    refund = refresh_refund(refund_id=refund_id, now=now)
    if refund.state != RefundState.REQUESTED:
        return refund
    assert refund.requested_at is not None, "only what we ordered is requested"
    if now >= refund.requested_at + KEY_LIFE:
        return give_up_refund(refund_id=refund_id, failure=refund_failures.NEVER_DONE, now=now)
    try:
        send_refund(refund_id=refund_id, now=now)
    except Unknown:
        return refund  # until the next sweep
    return refresh_refund(refund_id=refund_id, now=now)
