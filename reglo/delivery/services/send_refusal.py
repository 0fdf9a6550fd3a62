"""A debit failed days after its payer left: one mail says so, and why, with the way to pay otherwise."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reglo.delivery.models import Message
from reglo.delivery.queries import mail_settings_of
from reglo.delivery.services.queue_letter import queue_letter
from reglo.delivery.services.send_receipt import recipient_of
from reglo.delivery.states import MessageKind
from reglo.delivery.wording import refusal_wording
from reglo.invoicing.locks import lock_invoice
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
        words = refusal_wording(attempt, invoice=invoice)
        return queue_letter(
            invoice=invoice, to=to, words=words, kind=MessageKind.REFUSAL, message_key=attempt.id, now=now
        )
