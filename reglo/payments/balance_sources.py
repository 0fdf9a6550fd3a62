"""Which of our rows caused a movement of the provider's balance: the one place that knows every kind of them.

Money has left or entered the books by such a row already; a movement that nothing here caused is posted by itself.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from reglo.payments.models import DisputeMove, Payment, Payout, ProviderAccount, Refund
from reglo.payments.queries import in_parts


@dataclass(frozen=True, slots=True)
class Known:
    """The row behind a movement: one of the three."""

    payment_id: UUID | None = None
    refund_id: UUID | None = None
    other_payout_id: UUID | None = None


def known_movements(account: ProviderAccount, sources: Mapping[str, str]) -> dict[str, Known]:
    """Movement → our row, of those that we have. `sources` is movement → what caused it, by the provider's names."""
    known: dict[str, Known] = {}
    for part in in_parts(set(sources.values()) - {""}):
        known |= _known(account, part)
    caused = {movement: known[source] for movement, source in sources.items() if source in known}
    return caused | _of_disputes(account, sources)


def _of_disputes(account: ProviderAccount, movements: Collection[str]) -> dict[str, Known]:
    """A dispute takes and gives back in several movements, and each has its own row."""
    known: dict[str, Known] = {}
    for part in in_parts(movements):
        moves = DisputeMove.objects.filter(account=account, external_id__in=part)
        known |= {name: Known(payment_id=row) for name, row in moves.values_list("external_id", "dispute__payment_id")}
    return known


def _known(account: ProviderAccount, source_ids: list[str]) -> dict[str, Known]:
    wanted = {"account": account, "external_id__in": source_ids}
    payments = Payment.objects.filter(**wanted).values_list("external_id", "id")
    refunds = Refund.objects.filter(**wanted).values_list("external_id", "id")
    payouts = Payout.objects.filter(**wanted).values_list("external_id", "id")
    return {
        **{str(external_id): Known(payment_id=row) for external_id, row in payments},
        **{str(external_id): Known(refund_id=row) for external_id, row in refunds},
        **{external_id: Known(other_payout_id=row) for external_id, row in payouts},
    }
