"""A payment on line arrived: its payer gets one receipt, and never another."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reglo.delivery.models import Message
from reglo.delivery.queries import mail_settings_of
from reglo.delivery.services.queue_letter import queue_letter
from reglo.delivery.states import MessageKind, MessageState
from reglo.delivery.wording import receipt_wording
from reglo.invoicing.locks import lock_invoice
from reglo.invoicing.models import Invoice
from reglo.payments.models import Payment


def send_receipt(*, company_id: int, payment_id: UUID, now: datetime) -> Message | None:
    """Queue the receipt of this payment, once whatever the number of calls: its Message-ID comes from the payment.

    None where no receipt is due by mail: a payment entered by hand (its payer was there), or that settles nothing, a
    payer without address, no mail server. The portal shows the receipt in any case.
    """
    payment = Payment.objects.filter(company_id=company_id, id=payment_id).first()
    if payment is None or payment.is_by_hand or payment.reverses_id is not None:
        return None
    invoice_id = _invoice_id(payment)
    if invoice_id is None or mail_settings_of(company_id) is None:
        return None
    with transaction.atomic():
        invoice = lock_invoice(company_id=company_id, invoice_id=invoice_id)
        known = Message.objects.filter(company_id=company_id, payment=payment, kind=MessageKind.RECEIPT).first()
        to = recipient_of(invoice)
        if known is not None or not to:
            return known
        words = receipt_wording(payment, invoice=invoice)
        return queue_letter(
            invoice=invoice,
            to=to,
            words=words,
            kind=MessageKind.RECEIPT,
            message_key=payment.id,
            payment=payment,
            now=now,
        )


def _invoice_id(payment: Payment) -> int | None:
    """The first document that it settles; a payment that is all *trop-perçu* has no receipt."""
    allocation = payment.allocations.order_by("id").first()
    return allocation.invoice_id if allocation else None


def recipient_of(invoice: Invoice) -> str:
    """Who was last sent the invoice, else the customer's address."""
    last = (
        Message.objects.filter(
            invoice=invoice,
            kind=MessageKind.INVOICE,
            state__in=[MessageState.SENT, MessageState.DELIVERED, MessageState.SEEN],
        )
        .order_by("-sent_at")
        .first()
    )
    if last is not None:
        return last.to
    return invoice.customer.email if invoice.customer else ""
