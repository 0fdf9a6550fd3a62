"""The PDF that goes with a mail."""

from datetime import datetime

from reglo.delivery.mail import Attachment
from reglo.delivery.models import Message
from reglo.delivery.states import MessageKind
from reglo.invoicing.models import Invoice, Quote
from reglo.rendering.services import invoice_pdf, quote_pdf, receipt_pdf


def paper_of(message: Message, *, now: datetime) -> Attachment:
    """The invoice as it was issued, rendered now if it was not yet, the receipt of the payment, or the quote."""
    if message.quote is not None:
        return Attachment(quote_filename(message.quote), quote_pdf(quote=message.quote))
    assert message.invoice is not None, "a mail is about a document"
    number = message.invoice.number
    if message.kind == MessageKind.RECEIPT:
        assert message.payment is not None, "a receipt is for a payment"
        return Attachment(f"recu-{number}.pdf", receipt_pdf(payment=message.payment))
    return Attachment(document_filename(message.invoice), invoice_pdf(invoice=message.invoice, now=now))


def document_filename(document: Invoice) -> str:
    """« facture-F2026-0143.pdf », « avoir-A2026-0007.pdf »."""
    return f"{'avoir' if document.is_credit_note else 'facture'}-{document.number}.pdf"


def quote_filename(quote: Quote) -> str:
    """« devis-D2026-0012.pdf »; its version from the second one on."""
    number = quote.offered.number if quote.offered else 1
    return f"devis-{quote.number}{f'-v{number}' if number > 1 else ''}.pdf"
