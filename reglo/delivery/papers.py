"""The PDF that goes with a mail."""

from datetime import datetime

from reglo.delivery.mail import Attachment
from reglo.delivery.models import Message
from reglo.delivery.states import MessageKind
from reglo.invoicing.models import Invoice
from reglo.rendering.services import invoice_pdf, receipt_pdf


def paper_of(message: Message, *, now: datetime) -> Attachment:
    """The invoice as it was issued, rendered now if it was not yet, or the receipt of the payment."""
    if message.kind == MessageKind.RECEIPT:
        assert message.payment is not None, "a receipt is for a payment"
        return Attachment(receipt_filename(message.invoice), receipt_pdf(payment=message.payment))
    return Attachment(document_filename(message.invoice), invoice_pdf(invoice=message.invoice, now=now))


def document_filename(document: Invoice) -> str:
    """« facture-F2026-0143.pdf », « avoir-A2026-0007.pdf »; in the language of the document."""
    return f"{_NAMES[document.language][document.kind]}-{document.number}.pdf"


def receipt_filename(invoice: Invoice) -> str:
    return f"{_NAMES[invoice.language]['receipt']}-{invoice.number}.pdf"


def duplicate_filename(invoice: Invoice) -> str:
    return f"{_NAMES[invoice.language]['duplicate']}-{invoice.number}.pdf"


_NAMES = {
    "fr": {"invoice": "facture", "credit_note": "avoir", "receipt": "recu", "duplicate": "duplicata"},
    "en": {"invoice": "invoice", "credit_note": "credit-note", "receipt": "receipt", "duplicate": "duplicate"},
}
