"""What a provider says of one payment: how the try stands, and the money that moved. Facts, as in `balance`.

Amounts are `Money`, instants are aware, ids are the provider's own.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reglo.money import Money
from reglo.payments.providers.balance import PayoutFact


class State(StrEnum):
    """How an attempt stands at the provider. UNKNOWN: the object read says nothing about it."""

    OPEN = "open"
    PROCESSING = "processing"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELED = "canceled"
    UNKNOWN = "unknown"


class Method(StrEnum):
    CARD = "card"
    SEPA_DEBIT = "sepa_debit"
    OTHER = "other"


class RefundStanding(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


class DisputeStanding(StrEnum):
    """How a dispute stands. UNKNOWN: a word that the provider did not use yet when this was written."""

    INQUIRY = "inquiry"
    OPEN = "open"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Ref:
    """An object of the provider: Ref("charge", "ch_…")."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class PaymentFact:
    """Money that really moved. `fee` and `settled` (credited to the account, before the fee) may come later."""

    id: str
    money: Money
    at: datetime
    method: Method
    method_detail: str
    fee: Money | None
    settled: Money | None
    description: str = ""  # in the words of whoever asked for the money
    payer_email: str = ""


@dataclass(frozen=True, slots=True)
class RefundFact:
    """`order_key` is the key of our order that made it; empty for a refund made at the provider."""

    id: str
    payment_id: str
    money: Money
    at: datetime
    state: RefundStanding
    order_key: str = ""
    failure: str = ""  # the provider's code of why it failed, "expired_or_canceled_card"


@dataclass(frozen=True, slots=True)
class DisputeMove:
    """Funds that a dispute took from the account (`money` negative) or gave back, in the account's currency.

    `fee` is what the provider keeps for it, negative where it gives its fee back.
    """

    id: str
    money: Money
    fee: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class DisputeFact:
    """The payer contests `money` of a payment. `reason` is the provider's word; `evidence_due` ends the time to answer.

    `refundable`: the provider says that a refund would still count. `moves` only ever grows.
    """

    id: str
    payment_id: str
    money: Money
    at: datetime
    standing: DisputeStanding
    reason: str
    evidence_due: datetime | None
    moves: tuple[DisputeMove, ...] = ()
    refundable: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The truth, now. `attempt_key` is empty when the object is not of our making."""

    ref: Ref
    live: bool
    attempt_key: str
    state: State
    payments: tuple[PaymentFact, ...] = ()
    refunds: tuple[RefundFact, ...] = ()
    disputes: tuple[DisputeFact, ...] = ()
    failure: str = ""  # the provider's code of the last refusal, "card_declined"
    redirect_url: str = ""  # the hosted page, while it is open
    install: str = ""  # the installation that asked for the money, where the object says it
    covers: frozenset[str] = frozenset()  # ids of the objects that this answer tells the whole truth about
    payout: PayoutFact | None = None  # what was asked for is a payout, and nothing else is told

    @property
    def sources(self) -> list[str]:
        """The ids by which movements of the provider's balance name these facts."""
        return [
            *(payment.id for payment in self.payments),
            *(refund.id for refund in self.refunds),
            *(dispute.id for dispute in self.disputes),
        ]

    method: Method | None = None  # the one last tried, once somebody tried
