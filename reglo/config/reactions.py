"""What follows what. Event → the functions that react, by dotted path, each `(*, event, now) -> None`.

Reactions to one event run in any order, possibly at the same time: order between two is a second event. Each is
safe to run twice.
"""

from collections.abc import Mapping
from types import MappingProxyType

from reglo.events.kinds import Kind

REACTIONS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        Kind.INVOICE_ISSUED: ("reglo.rendering.tasks.render_issued_invoice",),
        Kind.CREDIT_NOTE_ISSUED: ("reglo.rendering.tasks.render_issued_invoice",),
        Kind.INVOICE_CREDITED: ("reglo.payments.tasks.close_credited_attempts",),
        # A refused card is told on the spot, on a page that stays open: an attempt fails when a debit does, days later.
        Kind.ATTEMPT_FAILED: ("reglo.delivery.tasks.tell_refusal",),
        Kind.ALERT_QUEUED: ("reglo.delivery.tasks.send_queued_alert",),
        Kind.DISPUTE_OPENED: ("reglo.delivery.tasks.alert",),
        Kind.PAYOUT_FAILED: ("reglo.delivery.tasks.alert",),
        Kind.ACCOUNT_BROKEN: ("reglo.delivery.tasks.alert",),
        Kind.REFUND_FAILED: ("reglo.delivery.tasks.alert",),
        Kind.CHAIN_HEAD_TOLD: ("reglo.delivery.tasks.alert",),
        Kind.MESSAGE_PREPARED: ("reglo.delivery.tasks.send_queued",),
        Kind.PAYMENT_RECORDED: (
            "reglo.delivery.tasks.thank_payer",
            "reglo.payments.tasks.close_outgrown_attempts",
        ),
        # A refund that fails brings its money back: a page opened meanwhile asks for what is no longer owed.
        Kind.PAYMENT_REFUNDED: (
            "reglo.delivery.tasks.alert",
            "reglo.payments.tasks.close_outgrown_attempts",
            "reglo.payments.tasks.credit_refunds",
        ),
        Kind.ENDPOINT_RECREATED: ("reglo.payments.tasks.fetch_missed",),
        Kind.ENDPOINT_SECRET_RENEWED: ("reglo.payments.tasks.fetch_missed",),
        Kind.DISPUTE_WITHDRAWN: ("reglo.payments.tasks.close_outgrown_attempts",),
        Kind.DISPUTE_REINSTATED: ("reglo.payments.tasks.close_outgrown_attempts",),
        Kind.DISPUTE_SETTLED: ("reglo.payments.tasks.close_outgrown_attempts",),
        Kind.PAYMENT_ALLOCATED: ("reglo.payments.tasks.close_outgrown_attempts",),
        Kind.PROVIDER_EVENT_RECEIVED: ("reglo.payments.tasks.apply_received",),
    }
)
