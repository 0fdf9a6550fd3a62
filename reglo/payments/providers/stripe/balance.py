"""Stripe's balance: what moved in it, what was paid out of it, and the lists of what there is."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import stripe
from stripe.params import BalanceTransactionListParams

from reglo.payments.providers.balance import BalanceFact, MovementKind, PayoutFact, PayoutStanding
from reglo.payments.providers.contract import Account, Listed
from reglo.payments.providers.facts import Ref
from reglo.payments.providers.stripe import disputes
from reglo.payments.providers.stripe.amounts import from_stripe
from reglo.payments.providers.stripe.client import Clients, translated

PAGE: Final = 100
_KINDS = {
    "charge": MovementKind.CHARGE,
    "payment": MovementKind.CHARGE,
    "refund": MovementKind.REFUND,
    "payment_refund": MovementKind.REFUND,
    "refund_failure": MovementKind.REFUND,
    "stripe_fee": MovementKind.FEE,
    "stripe_fx_fee": MovementKind.FEE,
    "tax_fee": MovementKind.FEE,
    "payout": MovementKind.PAYOUT,
    "payout_cancel": MovementKind.PAYOUT,
    "payout_failure": MovementKind.PAYOUT,
    "adjustment": MovementKind.ADJUSTMENT,
}
_OF_A_DISPUTE = frozenset({"dispute", "dispute_reversal"})  # reporting categories, of an adjustment
_STANDINGS = {
    "paid": PayoutStanding.PAID,
    "failed": PayoutStanding.FAILED,
    "canceled": PayoutStanding.CANCELED,
}


def payout_fact(client: stripe.StripeClient, payout: stripe.Payout) -> PayoutFact:
    """The payout, and its lines where Stripe tells them: of an automatic one, some time after it was made."""
    told = payout.automatic and payout.reconciliation_status == "completed"
    return PayoutFact(
        id=payout.id,
        money=from_stripe(payout.amount, payout.currency),
        standing=_STANDINGS.get(payout.status, PayoutStanding.IN_TRANSIT),
        at=_moment(payout.created),
        arrives_on=_moment(payout.arrival_date).date(),  # midnight, UTC, of a day
        automatic=payout.automatic,
        descriptor=payout.statement_descriptor or payout.description or "",
        failure=payout.failure_code or "",
        lines=tuple(_lines(client, payout.id)) if told else None,
    )


def _lines(client: stripe.StripeClient, payout_id: str) -> Iterator[BalanceFact]:
    """The list holds the payout's own movement too, which is their sum turned over."""
    listed = client.v1.balance_transactions.list({"payout": payout_id, "limit": PAGE, "expand": ["data.source"]})
    for movement in listed.auto_paging_iter():
        if not (movement.type == "payout" and _source_id(movement) == payout_id):
            yield _fact(movement)


def movements(clients: Clients, account: Account, since: datetime, source_id: str) -> Iterator[BalanceFact]:
    """Raises AccountBroken, Retryable."""
    asked: BalanceTransactionListParams = {
        "created": {"gte": int(since.timestamp())},
        "limit": PAGE,
        "expand": ["data.source"],
    }
    if source_id:
        asked["source"] = source_id
    with translated():
        listed = clients.of(account.secrets).v1.balance_transactions.list(asked)
        for movement in listed.auto_paging_iter():
            yield _fact(movement)


def recent(clients: Clients, account: Account, since: datetime) -> Iterator[Listed]:
    """A list that the key may not read is left out: the daily check names the right that is missing."""
    client = clients.of(account.secrets)
    asked = int(since.timestamp())
    for read in (_charges, _refunds, _disputes, _payouts):
        with translated():
            try:
                yield from read(client, asked)
            except stripe.PermissionError:
                continue


def _charges(client: stripe.StripeClient, since: int) -> Iterator[Listed]:
    for charge in client.v1.charges.list({"created": {"gte": since}, "limit": PAGE}).auto_paging_iter():
        if charge.status == "succeeded" and charge.captured:
            complete = charge.balance_transaction is not None
            yield Listed(Ref("charge", charge.id), _moment(charge.created), "succeeded", complete)


def _refunds(client: stripe.StripeClient, since: int) -> Iterator[Listed]:
    for refund in client.v1.refunds.list({"created": {"gte": since}, "limit": PAGE}).auto_paging_iter():
        standing = "pending" if refund.status == "requires_action" else refund.status or "pending"
        yield Listed(Ref("refund", refund.id), _moment(refund.created), standing)


def _disputes(client: stripe.StripeClient, since: int) -> Iterator[Listed]:
    for dispute in client.v1.disputes.list({"created": {"gte": since}, "limit": PAGE}).auto_paging_iter():
        standing, moved = disputes.standing_of(dispute), bool(dispute.balance_transactions)
        yield Listed(Ref("dispute", dispute.id), _moment(dispute.created), standing.value, complete=moved)


def _payouts(client: stripe.StripeClient, since: int) -> Iterator[Listed]:
    for payout in client.v1.payouts.list({"created": {"gte": since}, "limit": PAGE}).auto_paging_iter():
        standing = _STANDINGS.get(payout.status, PayoutStanding.IN_TRANSIT)
        told = payout.automatic and payout.reconciliation_status == "completed"
        yield Listed(Ref("payout", payout.id), _moment(payout.created), standing.value, complete=told)


def _fact(movement: stripe.BalanceTransaction) -> BalanceFact:
    kind = _KINDS.get(movement.type, MovementKind.OTHER)
    if movement.reporting_category in _OF_A_DISPUTE:
        kind = MovementKind.DISPUTE
    source = movement.source
    metadata = getattr(source, "metadata", None) if isinstance(source, stripe.Charge) else None
    return BalanceFact(
        id=movement.id,
        kind=kind,
        gross=from_stripe(movement.amount, movement.currency),
        fee=from_stripe(movement.fee, movement.currency),
        source_id=_source_id(movement),
        at=_moment(movement.created),
        description=movement.description or "",
        attempt_key=str(getattr(metadata, "attempt", "")),
    )


def _source_id(movement: stripe.BalanceTransaction) -> str:
    source = movement.source
    return source if isinstance(source, str) else str(getattr(source, "id", ""))


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)
