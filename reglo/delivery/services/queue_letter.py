"""A mail that the product writes to a payer by itself: its link, its row, its place in the queue."""

from datetime import datetime
from uuid import UUID

from reglo.delivery.models import Message
from reglo.delivery.services.create_link import new_link
from reglo.delivery.services.prepare_message import message_id_of
from reglo.delivery.services.queue_message import to_queue
from reglo.delivery.states import LinkRight, MessageKind
from reglo.delivery.wording import Wording
from reglo.invoicing.models import Invoice
from reglo.payments.models import Payment


def queue_letter(
    *,
    invoice: Invoice,
    to: str,
    words: Wording,
    kind: MessageKind,
    message_key: UUID,
    payment: Payment | None = None,
    now: datetime,
) -> Message:
    """In the caller's transaction, under the invoice's lock. `message_key`, the payment's or the attempt's id, is the
    message's: so its Message-ID is fixed, and the mail the same one however often it leaves."""
    made = new_link(invoice=invoice, email=to, right=LinkRight.VIEW_AND_PAY, now=now)
    message = Message(
        id=message_key,
        company_id=invoice.company_id,
        invoice=invoice,
        payment=payment,
        link=made.link,
        kind=kind,
        message_id=message_id_of(message_key),
        to=to,
        subject=words.subject,
        body=words.body,
        link_label=words.link_label,
        attach_pdf=kind != MessageKind.REFUSAL,
        created_at=now,
    )
    message.seal_token(made.token)
    to_queue(message, actor_id=None, now=now)
    return message
