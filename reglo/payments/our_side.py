"""What our books say of the objects that a provider's balance tells of: the one place that knows every kind of them."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F, Min, Q, Sum

from reglo.payments.comparison import Side
from reglo.payments.models import DisputeMove, Payment, PayoutLine, ProviderAccount, Refund
from reglo.payments.queries import in_parts
from reglo.payments.states import MovementKind, RefundState


def our_side(
    account: ProviderAccount, *, sources: Collection[str], since: datetime, until: datetime
) -> dict[str, Side]:
    """Our payments, refunds and disputes among `sources`, and those of that time that the balance should tell of."""
    sides = _sides(account, since, Q(paid_at__gte=since, paid_at__lte=until), Q(refunded_at__lte=until))
    sides |= _disputed(account, Q(moved_at__gte=since, moved_at__lte=until))
    for part in in_parts(sources):
        named = Q(external_id__in=part)
        sides |= _sides(account, since, named, named) | _disputed(account, Q(dispute__external_id__in=part))
    return sides


def _disputed(account: ProviderAccount, moves: Q) -> dict[str, Side]:
    """What each dispute moved in all, its fees included."""
    found = DisputeMove.objects.filter(moves, account=account)
    sums = found.values_list("dispute__external_id", "currency").annotate(
        net=Sum(F("amount_minor") - F("fee_minor")), at=Min("moved_at")
    )
    return {external_id: Side(MovementKind.DISPUTE, net, currency, at) for external_id, currency, net, at in sums}


def _sides(account: ProviderAccount, since: datetime, payments: Q, refunds: Q) -> dict[str, Side]:
    sides: dict[str, Side] = {}
    for payment in Payment.objects.filter(payments, account=account):
        told = payment.fee_minor is not None and payment.settled_minor is not None
        sides[str(payment.external_id)] = Side(
            MovementKind.CHARGE,
            (payment.settled_minor or 0) - (payment.fee_minor or 0) if told else None,
            payment.settled_currency or payment.currency,
            payment.paid_at,
        )
    ended = Refund.objects.filter(refunds, account=account, refunded_at__gte=since)
    for refund in ended.exclude(external_id=None).exclude(state=RefundState.PENDING):
        net = -refund.amount_minor if refund.state == RefundState.SUCCEEDED else 0
        sides[str(refund.external_id)] = Side(MovementKind.REFUND, net, refund.currency, refund.refunded_at)
    return sides


def without_comparison(account: ProviderAccount, *, sources: Collection[str], since: datetime) -> set[str]:
    """Sources of which nothing can be said.

    A sale made elsewhere that a payout took along is in the books by its line. A refund on its way may have moved the
    balance or not, and one from before `since` may have moved it before, as a dispute that lasts.
    """
    lines = PayoutLine.objects.filter(account=account, booked=False)
    refunds = Refund.objects.filter(Q(state=RefundState.PENDING) | Q(refunded_at__lt=since), account=account)
    disputes = DisputeMove.objects.filter(account=account, moved_at__lt=since)
    left_out: set[str] = set()
    for part in in_parts(sources):
        left_out.update(lines.filter(source_id__in=part).values_list("source_id", flat=True))
        disputed = disputes.filter(dispute__external_id__in=part)
        left_out.update(disputed.values_list("dispute__external_id", flat=True))
        left_out.update(str(name) for (name,) in refunds.filter(external_id__in=part).values_list("external_id"))
    return left_out
