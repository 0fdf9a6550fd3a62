"""The PDF that goes with a mail."""

from datetime import datetime

from reglo.delivery.mail import Attachment
from reglo.delivery.models import Message
from reglo.delivery.states import MessageKind


def paper_of(message: Message, *, now: datetime) -> Attachment:
    """The invoice as it was issued, or the receipt of the payment; rendered now if it was not yet."""
    from reglo.rendering.services import invoice_pdf, receipt_pdf

    number = message.invoice.number
    if message.kind == MessageKind.RECEIPT:
        assert message.payment is not None, "a receipt is for a payment"
        return Attachment(f"recu-{number}.pdf", receipt_pdf(payment=message.payment, now=now))
    return Attachment(f"facture-{number}.pdf", invoice_pdf(invoice=message.invoice, now=now))
