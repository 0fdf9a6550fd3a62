"""A payment on line arrived: its payer gets one receipt, and never another."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reglo.delivery.models import Message
from reglo.delivery.queries import mail_settings_of
from reglo.delivery.services.create_link import new_link
from reglo.delivery.services.prepare_message import message_id_of
from reglo.delivery.services.queue_message import to_queue
from reglo.delivery.states import LinkRight, MessageKind, MessageState
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
        return _queue(payment, invoice, to, now)


def _queue(payment: Payment, invoice: Invoice, to: str, now: datetime) -> Message:
    words = receipt_wording(payment, invoice=invoice)
    made = new_link(invoice=invoice, email=to, right=LinkRight.VIEW_AND_PAY, now=now)
    message = Message(
        id=payment.id,
        company_id=invoice.company_id,
        invoice=invoice,
        payment=payment,
        link=made.link,
        kind=MessageKind.RECEIPT,
        message_id=message_id_of(payment.id),
        to=to,
        subject=words.subject,
        body=words.body,
        link_label=words.link_label,
        created_at=now,
    )
    message.seal_token(made.token)
    to_queue(message, actor_id=None, now=now)
    return message


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
