"""Who collects for us, who tries to pay, what money moved, and which document it settles."""

from reglo.payments.models.difference import Difference, Silence
from reglo.payments.models.dispute import Dispute, DisputeMove
from reglo.payments.models.endpoint import Endpoint
from reglo.payments.models.payment import Allocation, Payment
from reglo.payments.models.payment_attempt import AttemptLine, PaymentAttempt
from reglo.payments.models.payout import Payout, PayoutLine
from reglo.payments.models.provider_account import ProviderAccount
from reglo.payments.models.provider_event import ProviderEvent
from reglo.payments.models.refund import Refund
from reglo.payments.models.unmatched_payment import UnmatchedPayment

__all__ = [
    "Allocation",
    "AttemptLine",
    "Difference",
    "Dispute",
    "DisputeMove",
    "Endpoint",
    "Payment",
    "PaymentAttempt",
    "Payout",
    "PayoutLine",
    "ProviderAccount",
    "ProviderEvent",
    "Refund",
    "Silence",
    "UnmatchedPayment",
]
