"""*Affecter à une autre facture*: the *trop-perçu* of a payment settles another invoice of the same customer."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from reglo.database.retry import retry_on_conflict
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.locks import lock_invoice
from reglo.invoicing.models import Invoice
from reglo.ledger.states import Journal
from reglo.payments.locks import lock_attempt, lock_payment
from reglo.payments.models import Payment
from reglo.payments.queries import awaits_bank, payers_of
from reglo.payments.refund_offers import refund_offer
from reglo.payments.services.booking import allocate, post_movement, settle


class NoSurplusLeft(RegloError):
    code = "no_surplus_left"
    status = 409
    message = _("Ce paiement n’a plus de trop-perçu à affecter.")


class SurplusNotForThisInvoice(RegloError):
    code = "surplus_not_for_this_invoice"
    status = 409
    message = _("Un trop-perçu ne règle qu’une facture à payer du même client.")


@retry_on_conflict
def allocate_surplus(
    *, company_id: int, payment_id: UUID, invoice_id: int, now: datetime, actor_id: int | None = None
) -> int:
    """What the invoice took of it, minor units: all of the *trop-perçu*, or all that the invoice owed.

    A double click takes nothing more, and is no error. Raises NoSurplusLeft, SurplusNotForThisInvoice.
    """
    known = Payment.objects.filter(company_id=company_id, id=payment_id).first()
    if known is None:
        raise Http404
    with transaction.atomic():
        invoice = lock_invoice(company_id=company_id, invoice_id=invoice_id)
        if known.attempt_id is not None:
            lock_attempt(attempt_id=known.attempt_id)  # refunds of the payment are applied under this lock
        payment = lock_payment(company_id=company_id, payment_id=payment_id)
        available = refund_offer(payment).surplus.minor
        if not available and payment.allocations.filter(invoice=invoice, from_surplus=True).exists():
            return 0
        _refuse(payment, invoice, available)
        return _give(payment, invoice, available, now, actor_id)


def _refuse(payment: Payment, invoice: Invoice, available: int) -> None:
    undone = payment.reverses_id is not None or Payment.objects.filter(reverses=payment).exists()
    if not available or undone or awaits_bank(payment):
        raise NoSurplusLeft
    owes = not invoice.is_draft and invoice.settlement.remaining_minor and not invoice.settlement.pending_minor
    if not owes or invoice.currency != payment.currency or invoice.customer_id not in payers_of(payment):
        raise SurplusNotForThisInvoice


def _give(payment: Payment, invoice: Invoice, available: int, now: datetime, actor_id: int | None) -> int:
    parts = allocate(payment, [invoice], amount_minor=available, now=now, from_surplus=True)
    if not parts:  # it was credited
        raise SurplusNotForThisInvoice
    row = payment.allocations.filter(invoice=invoice, from_surplus=True).latest("id")
    post_movement(
        payment,
        parts,
        payer=invoice,
        amount_minor=0,
        entry_date=now.astimezone(payment.company.zone).date(),
        label=f"Trop-perçu affecté {invoice.number} {invoice.customer_name}",
        source=f"allocation:{row.pk}",
        now=now,
        journal=Journal.GENERAL,
    )
    record(
        kind=Kind.PAYMENT_ALLOCATED,
        company_id=payment.company_id,
        subject=payment,
        now=now,
        actor_id=actor_id,
        content={"number": invoice.number, "amount_minor": row.amount_minor, "currency": invoice.currency},
    )
    settle(invoice, now=now)
    return row.amount_minor
