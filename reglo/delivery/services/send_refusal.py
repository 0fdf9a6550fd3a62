"""A debit failed days after its payer left: one mail says so, and why, with the way to pay otherwise."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reglo.delivery.models import Message
from reglo.delivery.queries import mail_settings_of
from reglo.delivery.services.create_link import new_link
from reglo.delivery.services.prepare_message import message_id_of
from reglo.delivery.services.queue_message import to_queue
from reglo.delivery.services.send_receipt import recipient_of
from reglo.delivery.states import LinkRight, MessageKind
from reglo.delivery.wording import refusal_wording
from reglo.invoicing.locks import lock_invoice
from reglo.invoicing.models import Invoice
from reglo.payments.models import PaymentAttempt
from reglo.payments.states import AttemptState


def send_refusal(*, company_id: int, attempt_id: UUID, now: datetime) -> Message | None:
    """Queue the mail, once whatever the number of calls: its Message-ID comes from the attempt.

    None where there is nothing to ask for any more, nobody to write to, or no mail server.
    """
    attempt = PaymentAttempt.objects.filter(company_id=company_id, id=attempt_id, state=AttemptState.FAILED).first()
    if attempt is None or mail_settings_of(company_id) is None:
        return None
    line = attempt.lines.order_by("invoice_id")[0]
    with transaction.atomic():
        invoice = lock_invoice(company_id=company_id, invoice_id=line.invoice_id)
        known = Message.objects.filter(company_id=company_id, id=attempt.id).first()
        to = recipient_of(invoice)
        if known is not None or not to or not invoice.remaining:
            return known
        return _queue(attempt, invoice, to, now)


def _queue(attempt: PaymentAttempt, invoice: Invoice, to: str, now: datetime) -> Message:
    words = refusal_wording(attempt, invoice=invoice)
    made = new_link(invoice=invoice, email=to, right=LinkRight.VIEW_AND_PAY, now=now)
    message = Message(
        id=attempt.id,
        company_id=invoice.company_id,
        invoice=invoice,
        link=made.link,
        kind=MessageKind.REFUSAL,
        message_id=message_id_of(attempt.id),
        to=to,
        subject=words.subject,
        body=words.body,
        link_label=words.link_label,
        attach_pdf=False,
        created_at=now,
    )
    message.seal_token(made.token)
    to_queue(message, actor_id=None, now=now)
    return message
