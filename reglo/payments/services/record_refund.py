"""A refund that a provider tells of: once per refund id, its money taken back out of what the payment settled."""

from datetime import datetime

from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.models import Invoice
from reglo.payments.models import Payment, Refund
from reglo.payments.providers.contract import RefundFact
from reglo.payments.services.booking import allocate, post_movement, release
from reglo.payments.states import RefundState
from reglo.ports import ids


def record_refund(*, payment: Payment, invoices: list[Invoice], fact: RefundFact, now: datetime) -> bool:
    """Whether anything was new. In `apply_snapshot`'s transaction and locks.

    Money that left reopens the debt of the invoice: only a credit note extinguishes it. A refund that fails after it
    had succeeded brings the money back. What cannot follow from where the refund stands is older truth, and is left.
    """
    assert payment.account is not None, "only a provider's payment is refunded through it"
    state = RefundState(fact.state.value)
    refund = Refund.objects.filter(account=payment.account, external_id=fact.id).first()
    before = refund.state if refund else None
    if refund and not refund.can_move_to(state):
        return False
    if refund is None:
        refund = Refund.objects.create(
            id=ids.new_uuid(),
            company_id=payment.company_id,
            account=payment.account,
            external_id=fact.id,
            payment=payment,
            state=state,
            amount_minor=fact.money.minor,
            currency=fact.money.currency,
            refunded_at=fact.at,
            refunded_on=fact.at.astimezone(invoices[0].company.zone).date(),
            recorded_at=now,
        )
    else:
        refund.state = state
        refund.save(update_fields=["state"])
    if state == RefundState.SUCCEEDED:
        _book(payment, refund, invoices, sign=-1, now=now)
    elif before == RefundState.SUCCEEDED:
        _book(payment, refund, invoices, sign=1, now=now)
    return True


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
        content={"number": payer.number, "amount_minor": -sign * refund.amount_minor, "currency": refund.currency},
    )
