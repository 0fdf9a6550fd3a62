"""A refund that a provider tells of: once per refund id, its money taken back out of what the payment settled."""

from datetime import date, datetime
from uuid import UUID

from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.models import Invoice
from reglo.payments.models import Payment, Refund
from reglo.payments.providers.facts import RefundFact
from reglo.payments.services.booking import allocate, post_movement, release
from reglo.payments.states import RefundState
from reglo.ports import ids

_WITHOUT_MONEY = frozenset({RefundState.FAILED, RefundState.CANCELED})


def record_refund(*, payment: Payment, invoices: list[Invoice], fact: RefundFact, now: datetime) -> bool:
    """Whether anything was new. In `apply_snapshot`'s transaction and locks.

    A fact that carries the key of our order meets its row. Money that left reopens the debt of the invoice: only a
    credit note extinguishes it. A refund that fails after it had succeeded brings the money back. What cannot follow
    from where the refund stands is older truth, and is left.
    """
    assert payment.account is not None, "only a provider's payment is refunded through it"
    state = RefundState(fact.state.value)
    refund = _known(payment, fact)
    before = refund.state if refund else None
    if refund and not refund.can_move_to(state):
        return False
    refund = refund or _external(payment, fact, now)
    refund.state, refund.failure = state, fact.failure[:100] if state in _WITHOUT_MONEY else ""
    if refund.external_id is None:
        refund.external_id = fact.id
        refund.refunded_at, refund.refunded_on = fact.at, _day(fact, payment)
    refund.save(force_insert=refund._state.adding)
    if state == RefundState.SUCCEEDED:
        _book(payment, refund, invoices, sign=-1, now=now)
    elif before == RefundState.SUCCEEDED:
        _book(payment, refund, invoices, sign=1, now=now)
    elif state in _WITHOUT_MONEY:
        record(
            kind=Kind.REFUND_FAILED,
            company_id=payment.company_id,
            subject=payment,
            now=now,
            content={"amount_minor": refund.amount_minor, "currency": refund.currency, "failure": refund.failure},
        )
    return True


def _known(payment: Payment, fact: RefundFact) -> Refund | None:
    """The row of this refund: by the provider's id, else the order of ours that it carries the key of, unmet so far."""
    refunds = Refund.objects.filter(account=payment.account, payment=payment)
    if known := refunds.filter(external_id=fact.id).first():
        return known
    try:
        key = UUID(fact.order_key)
    except ValueError:
        return None
    return refunds.filter(id=key, external_id=None, amount_minor=fact.money.minor, currency=fact.money.currency).first()


def _external(payment: Payment, fact: RefundFact, now: datetime) -> Refund:
    """A refund made at the provider, not saved yet."""
    return Refund(
        id=ids.new_uuid(),
        company_id=payment.company_id,
        account=payment.account,
        external_id=fact.id,
        payment=payment,
        amount_minor=fact.money.minor,
        currency=fact.money.currency,
        refunded_at=fact.at,
        refunded_on=_day(fact, payment),
        recorded_at=now,
    )


def _day(fact: RefundFact, payment: Payment) -> date:
    return fact.at.astimezone(payment.company.zone).date()


def _book(payment: Payment, refund: Refund, invoices: list[Invoice], *, sign: int, now: datetime) -> None:
    payer = invoices[0]
    move = release if sign < 0 else allocate
    parts = move(payment, invoices, amount_minor=refund.amount_minor, now=now, refund=refund)
    if refund.currency == payer.company.currency:
        post_movement(
            payment,
            parts,
            payer=payer,
            amount_minor=sign * refund.amount_minor,
            entry_date=refund.refunded_on if sign < 0 else now.astimezone(payer.company.zone).date(),
            label=f"Remboursement {'échoué ' if sign > 0 else ''}{payer.number} {payer.customer_name}",
            source=f"refund:{refund.id}" if sign < 0 else f"refund-failed:{refund.id}",
            now=now,
        )
    record(
        kind=Kind.PAYMENT_REFUNDED,
        company_id=payment.company_id,
        subject=payment,
        now=now,
        content={
            "number": payer.number,
            "amount_minor": -sign * refund.amount_minor,
            "currency": refund.currency,
            "external": refund.is_external,
            "failure": refund.failure,
        },
    )
