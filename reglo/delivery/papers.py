"""The PDF that goes with a mail, and how files are called."""

import re
from datetime import datetime

from reglo.delivery.mail import Attachment
from reglo.delivery.models import Message
from reglo.delivery.states import MessageKind
<<<<<<< ours
from reglo.invoicing.models import Invoice, Quote
from reglo.rendering.services import invoice_pdf, quote_pdf, receipt_pdf
||||||| base
from reglo.invoicing.models import Invoice
from reglo.rendering.services import invoice_pdf, receipt_pdf
=======
from reglo.invoicing.models import Invoice
from reglo.invoicing.queries import opening_paper_of
from reglo.invoicing.states import DocumentKind
from reglo.rendering.services import invoice_pdf, receipt_pdf
>>>>>>> theirs

_NOT_IN_A_FILENAME = re.compile(r"[^A-Za-z0-9+_-]+")

<<<<<<< ours
def paper_of(message: Message, *, now: datetime) -> Attachment:
    """The invoice as it was issued, rendered now if it was not yet, the receipt of the payment, or the quote."""
    if message.quote is not None:
        return Attachment(quote_filename(message.quote), quote_pdf(quote=message.quote))
    assert message.invoice is not None, "a mail is about a document"
    number = message.invoice.number
||||||| base
def paper_of(message: Message, *, now: datetime) -> Attachment:
    """The invoice as it was issued, rendered now if it was not yet, or the receipt of the payment."""
    number = message.invoice.number
=======

def paper_of(message: Message, *, now: datetime) -> Attachment | None:
    """The invoice as it was issued, rendered now if it was not yet, or the receipt of the payment. None for an invoice
    of a former tool whose PDF nobody attached."""
    invoice = message.invoice
>>>>>>> theirs
    if message.kind == MessageKind.RECEIPT:
        assert message.payment is not None, "a receipt is for a payment"
        return Attachment(receipt_filename(invoice), receipt_pdf(payment=message.payment))
    if invoice.is_opening and opening_paper_of(invoice) is None:
        return None
    return Attachment(document_filename(invoice), invoice_pdf(invoice=invoice, now=now))


def document_filename(document: Invoice) -> str:
<<<<<<< ours
    """« facture-F2026-0143.pdf », « avoir-A2026-0007.pdf »."""
    return f"{'avoir' if document.is_credit_note else 'facture'}-{document.number}.pdf"


def quote_filename(quote: Quote) -> str:
    """« devis-D2026-0012.pdf »; its version from the second one on."""
    number = quote.offered.number if quote.offered else 1
    return f"devis-{quote.number}{f'-v{number}' if number > 1 else ''}.pdf"
||||||| base
    """« facture-F2026-0143.pdf », « avoir-A2026-0007.pdf »."""
    return f"{'avoir' if document.is_credit_note else 'facture'}-{document.number}.pdf"
=======
    """« facture-F2026-0143.pdf », « avoir-A2026-0007.pdf »; in the language of the document."""
    return paper_name(DocumentKind(document.kind), document)


def receipt_filename(invoice: Invoice) -> str:
    return paper_name("receipt", invoice)


def duplicate_filename(invoice: Invoice) -> str:
    return paper_name("duplicate", invoice)


def paper_name(word: str, document: Invoice, *more: str) -> str:
    """What of a number no file system or header likes is a dash."""
    number = _NOT_IN_A_FILENAME.sub("-", document.number or "").strip("-")
    return f"{'-'.join([_WORDS[document.language][word], number, *more])}.pdf"


_WORDS = {
    "fr": {
        "invoice": "facture",
        "opening": "facture",
        "credit_note": "avoir",
        "receipt": "recu",
        "duplicate": "duplicata",
    },
    "en": {
        "invoice": "invoice",
        "opening": "invoice",
        "credit_note": "credit-note",
        "receipt": "receipt",
        "duplicate": "duplicate",
    },
}
>>>>>>> theirs
