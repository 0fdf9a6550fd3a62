"""The PDF that goes with a mail, and how files are called."""

import re
from datetime import datetime

from reglo.delivery.mail import Attachment
from reglo.delivery.models import Message
from reglo.delivery.states import MessageKind
from reglo.invoicing.models import Invoice
from reglo.invoicing.queries import opening_paper_of
from reglo.rendering.services import invoice_pdf, receipt_pdf

_NOT_IN_A_FILENAME = re.compile(r"[^A-Za-z0-9+_-]+")


def paper_of(message: Message, *, now: datetime) -> Attachment | None:
    """The invoice as it was issued, rendered now if it was not yet, or the receipt of the payment. None for an invoice
    of a former tool whose PDF nobody attached."""
    invoice = message.invoice
    if message.kind == MessageKind.RECEIPT:
        assert message.payment is not None, "a receipt is for a payment"
        return Attachment(paper_name("recu", invoice), receipt_pdf(payment=message.payment))
    if invoice.is_opening and opening_paper_of(invoice) is None:
        return None
    return Attachment(document_filename(invoice), invoice_pdf(invoice=invoice, now=now))


def document_filename(document: Invoice) -> str:
    """« facture-F2026-0143.pdf », « avoir-A2026-0007.pdf »."""
    return paper_name("avoir" if document.is_credit_note else "facture", document)


def paper_name(word: str, document: Invoice, *more: str) -> str:
    """« recu-F2026-0143.pdf »: what of a number no file system or header likes is a dash."""
    number = _NOT_IN_A_FILENAME.sub("-", document.number or "").strip("-")
    return f"{'-'.join([word, number, *more])}.pdf"
