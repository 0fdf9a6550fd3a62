"""What a payout is made of, in the few sums that a person reads."""

from dataclasses import dataclass

from django.db.models import Sum

from reglo.money import Money
from reglo.payments.models import Payout
from reglo.payments.states import MovementKind


@dataclass(frozen=True, slots=True)
class PayoutSums:
    """They add up to the payout, its gap apart; what left is negative."""

    sales: Money
    fees: Money
    refunds: Money
    disputes: Money
    others: Money


def payout_sums(payout: Payout) -> PayoutSums:
    """Fees are those of each line and those of the account."""
    gross: dict[str, int] = {}
    fees = 0
    by_kind = payout.lines.values("kind").annotate(moved=Sum("gross_minor"), cost=Sum("fee_minor"))
    for kind, moved, cost in by_kind.values_list("kind", "moved", "cost"):
        gross[kind] = int(moved)
        fees -= int(cost)
    fees += gross.pop(MovementKind.FEE, 0)

    def money(minor: int) -> Money:
        return Money(minor, payout.currency)

    return PayoutSums(
        sales=money(gross.pop(MovementKind.CHARGE, 0)),
        fees=money(fees),
        refunds=money(gross.pop(MovementKind.REFUND, 0)),
        disputes=money(gross.pop(MovementKind.DISPUTE, 0)),
        others=money(sum(gross.values())),
    )
