"""Disputes as a provider tells them, for tests that need no provider."""

from datetime import UTC, datetime, timedelta

from reglo.ledger.models import EntryLine
from reglo.money import Money
from reglo.payments.models import PaymentAttempt
from reglo.payments.providers import facts
from reglo.payments.providers.facts import DisputeStanding
from reglo.payments.services import apply_snapshot
from reglo.ports import clock as clock_port

PAID_AT = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
OPENED_AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
DUE = datetime(2026, 12, 12, 22, 59, 59, tzinfo=UTC)
FEE = 20_00


def paid(minor: int = 120_00, *, name: str = "ch_1", currency: str = "EUR") -> facts.PaymentFact:
    money = Money(minor, currency)
    settled = money if currency == "EUR" else Money(minor * 9 // 10, "EUR")
    return facts.PaymentFact(name, money, PAID_AT, facts.Method.CARD, "Visa •••• 4242", Money(2_05, "EUR"), settled)


def withdrawn(minor: int = 120_00, *, fee: int = FEE, name: str = "txn_1") -> facts.DisputeMove:
    return facts.DisputeMove(name, Money(-minor, "EUR"), Money(fee, "EUR"), OPENED_AT)


def reinstated(minor: int = 120_00, *, fee: int = 0, name: str = "txn_2") -> facts.DisputeMove:
    return facts.DisputeMove(name, Money(minor, "EUR"), Money(fee, "EUR"), OPENED_AT + timedelta(days=20))


def contested(
    standing: DisputeStanding = DisputeStanding.OPEN,
    *moves: facts.DisputeMove,
    minor: int = 120_00,
    name: str = "dp_1",
    payment: str = "ch_1",
    refundable: bool = False,
    currency: str = "EUR",
) -> facts.DisputeFact:
    return facts.DisputeFact(
        id=name,
        payment_id=payment,
        money=Money(minor, currency),
        at=OPENED_AT,
        standing=standing,
        reason="product_not_received",
        evidence_due=DUE,
        moves=moves,
        refundable=refundable,
    )


def refunded(minor: int, *, name: str = "re_1") -> facts.RefundFact:
    return facts.RefundFact(
        name, "ch_1", Money(minor, "EUR"), PAID_AT + timedelta(days=2), facts.RefundStanding.SUCCEEDED
    )


def tell(
    attempt: PaymentAttempt,
    *disputes: facts.DisputeFact,
    payments: tuple[facts.PaymentFact, ...] | None = None,
    refunds: tuple[facts.RefundFact, ...] = (),
) -> None:
    """What the provider says now: the charge (120,00 € unless `payments` says otherwise), its refunds and disputes."""
    snapshot = facts.Snapshot(
        ref=facts.Ref("charge", "ch_1"),
        live=False,
        attempt_key=str(attempt.id),
        state=facts.State.PAID,
        payments=(paid(),) if payments is None else payments,
        refunds=refunds,
        disputes=disputes,
    )
    assert apply_snapshot(account=attempt.account, snapshot=snapshot, now=clock_port.now())


def books(company_id: int) -> dict[str, int]:
    """The balance of each account that is not even, debits minus credits."""
    sums: dict[str, int] = {}
    for line in EntryLine.objects.filter(company_id=company_id):
        sums[line.account] = sums.get(line.account, 0) + line.debit_minor - line.credit_minor
    return {account: minor for account, minor in sorted(sums.items()) if minor}
