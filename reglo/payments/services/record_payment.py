"""Book a payment that a provider tells of: the row, what it settles, its entry, its event."""

from datetime import datetime

from reglo.invoicing.models import Invoice
from reglo.payments.models import Payment, PaymentAttempt
from reglo.payments.providers import facts
from reglo.payments.services.booking import allocate, announce, post_movement
from reglo.payments.services.fill_fee import fill_fee
from reglo.payments.states import Method
from reglo.ports import ids


def record_payment(
    *, attempt: PaymentAttempt, invoices: list[Invoice], fact: facts.PaymentFact, now: datetime
) -> Payment:
    """Called once per fact, in `apply_snapshot`'s transaction and locks. What no document owes is *trop-perçu*."""
    payer = invoices[0]
    # A debit is asked for days before its money moves: until the provider tells when it credited it, that is now.
    moved_at = now if fact.method == facts.Method.SEPA_DEBIT and fact.settled is None else fact.at
    payment = Payment.objects.create(
        id=ids.new_uuid(),
        company_id=attempt.company_id,
        account=attempt.account,
        external_id=fact.id,
        attempt=attempt,
        method=Method(fact.method.value),
        method_detail=fact.method_detail[:60],
        amount_minor=fact.money.minor,
        currency=fact.money.currency,
        paid_at=moved_at,
        paid_on=moved_at.astimezone(payer.company.zone).date(),
        recorded_at=now,
    )
    parts = allocate(payment, invoices, amount_minor=fact.money.minor, now=now)
    if payment.currency == payer.company.currency:
        post_movement(
            payment,
            parts,
            payer=payer,
            amount_minor=payment.amount_minor,
            entry_date=payment.paid_on,
            label=f"Encaissement {payer.number} {payer.customer_name}",
            source=f"payment:{payment.id}",
            now=now,
        )
    fill_fee(payment=payment, fact=fact, payer=payer, now=now)
    announce(payment, parts, payer=payer, now=now)
    return payment
