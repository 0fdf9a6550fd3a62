"""What a provider says of its own account: what moved in it, and what it paid out. Facts, as in `contract`."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from reglo.money import Money


class MovementKind(StrEnum):
    """What moved the balance. PAYOUT: money that left for the bank, or came back from it."""

    CHARGE = "charge"
    REFUND = "refund"
    DISPUTE = "dispute"
    FEE = "fee"  # of the account, beside that of each payment
    PAYOUT = "payout"
    ADJUSTMENT = "adjustment"
    OTHER = "other"


class PayoutStanding(StrEnum):
    IN_TRANSIT = "in_transit"
    PAID = "paid"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class BalanceFact:
    """One movement of the balance: `net` is `gross` less `fee`, negative for money that leaves.

    `source_id` names the payment, refund, dispute or payout that caused it, "" where none did. `attempt_key` is our
    own id, where the cause carries it.
    """

    id: str
    kind: MovementKind
    gross: Money
    fee: Money
    source_id: str
    at: datetime
    description: str = ""
    attempt_key: str = ""

    @property
    def net(self) -> Money:
        return self.gross - self.fee


@dataclass(frozen=True, slots=True)
class PayoutFact:
    """Money sent to the bank; negative where the provider takes its due from there.

    `lines` is None while the provider does not tell what the payout is made of; of one that is not `automatic` it
    never does. The payout's own movement is not among them.
    """

    id: str
    money: Money
    standing: PayoutStanding
    at: datetime
    arrives_on: date
    automatic: bool
    descriptor: str  # what the bank statement shows
    failure: str = ""  # the provider's code, "account_closed"
    lines: tuple[BalanceFact, ...] | None = None
