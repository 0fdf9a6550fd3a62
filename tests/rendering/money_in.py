"""Money that came, as the rows say it."""

from datetime import timedelta

from django.db import transaction

from reglo.invoicing.locks import lock_invoice
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import apply_settlement
from reglo.payments.models import Allocation, Payment
from reglo.payments.states import Method
from reglo.ports import clock, ids


def pay(invoice: Invoice, amount_minor: int, *, method: Method, days_ago: int = 0, surplus_minor: int = 0) -> Payment:
    """A payment entered by hand that settles `amount_minor` of the invoice, `surplus_minor` more being left over."""
    now = clock.now() - timedelta(days=days_ago)
    payment = Payment.objects.create(
        id=ids.new_uuid(),
        company_id=invoice.company_id,
        method=method,
        amount_minor=amount_minor + surplus_minor,
        currency=invoice.currency,
        paid_at=now,
        paid_on=now.date(),
        recorded_at=now,
    )
    Allocation.objects.create(
        payment=payment,
        company_id=invoice.company_id,
        invoice=invoice,
        amount_minor=amount_minor,
        allocated_at=now,
    )
    with transaction.atomic():
        locked = lock_invoice(company_id=invoice.company_id, invoice_id=invoice.id)
        settled = locked.settlement.settled_minor + amount_minor
        apply_settlement(invoice=locked, settled_minor=settled, pending_minor=0, disputed_minor=0, now=now)
    invoice.refresh_from_db()
    return payment
