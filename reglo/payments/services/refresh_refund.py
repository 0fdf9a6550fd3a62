"""Ask the provider how a refund stands: its payment is fetched with all its refunds, and applied."""

from datetime import datetime
from uuid import UUID

from reglo.payments.gateway import account_value, provider_of
from reglo.payments.models import Refund
from reglo.payments.providers.contract import Refunds
from reglo.payments.services.apply_snapshot import apply_snapshot
from reglo.payments.states import REFUNDS_UNDER_WAY


def refresh_refund(*, refund_id: UUID, now: datetime) -> Refund:
    """The refund after applying the provider's truth; an ended one is not asked about. Outside any transaction.

    Raises AccountBroken, Retryable.
    """
    refund = Refund.objects.select_related("account", "payment").get(id=refund_id)
    if refund.state not in REFUNDS_UNDER_WAY:
        return refund
    provider = provider_of(refund.account)
    assert isinstance(provider, Refunds), f"{provider.key} gives no money back"
    assert refund.payment.external_id, "only a provider's payment is refunded through it"
    snapshot = provider.fetch(account_value(refund.account), provider.payment_ref(refund.payment.external_id))
    apply_snapshot(account=refund.account, snapshot=snapshot, now=now)
    refund.refresh_from_db()
    return refund
