"""Which of our rows caused a movement of the provider's balance: the one place that knows every kind of them.

Money has left or entered the books by such a row already; a movement that nothing here caused is posted by itself. A
dispute takes and gives back in several movements, and each has its own row: it is known by its own id.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from reglo.payments.models import DisputeMove, Payment, Payout, ProviderAccount, Refund
from reglo.payments.providers.balance import BalanceFact
from reglo.payments.queries import in_parts


@dataclass(frozen=True, slots=True)
class Known:
    """The row behind a movement: one of the three."""

    payment_id: UUID | None = None
    refund_id: UUID | None = None
    other_payout_id: UUID | None = None


def known_sources(account: ProviderAccount, source_ids: Collection[str]) -> dict[str, Known]:
    """Provider's id → our row, of those that we have: ids of sources, or of movements where the row is one."""
    known: dict[str, Known] = {}
    for part in in_parts({source_id for source_id in source_ids if source_id}):
        known |= _known(account, part)
    return known


def names_of(movements: Iterable[BalanceFact]) -> list[str]:
    """The ids by which rows of ours may know these movements."""
    return [name for movement in movements for name in (movement.source_id, movement.id)]


def row_behind(known: Mapping[str, Known], *, source_id: str, movement_id: str) -> Known | None:
    """Our row that caused this movement."""
    return known.get(source_id) or known.get(movement_id)


def _known(account: ProviderAccount, source_ids: list[str]) -> dict[str, Known]:
    wanted = {"account": account, "external_id__in": source_ids}
    payments = Payment.objects.filter(**wanted).values_list("external_id", "id")
    refunds = Refund.objects.filter(**wanted).values_list("external_id", "id")
    disputed = DisputeMove.objects.filter(**wanted).values_list("external_id", "dispute__payment_id")
    payouts = Payout.objects.filter(**wanted).values_list("external_id", "id")
    return {
        **{str(external_id): Known(payment_id=row) for external_id, row in payments},
        **{str(external_id): Known(refund_id=row) for external_id, row in refunds},
        **{external_id: Known(payment_id=row) for external_id, row in disputed},
        **{external_id: Known(other_payout_id=row) for external_id, row in payouts},
    }
