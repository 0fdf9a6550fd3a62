"""Documents of the books as files: kept once, shown before, proved after."""

from reglo.rendering.services.preview_invoice import preview_pages, preview_pdf
from reglo.rendering.services.render_duplicate import InvoiceNotPaid, duplicate_pdf
<<<<<<< ours
from reglo.rendering.services.render_invoice import ContentDisagrees, invoice_pdf, render_invoice
from reglo.rendering.services.render_quote import quote_pdf, quote_preview_pdf
||||||| base
from reglo.rendering.services.render_invoice import ContentDisagrees, invoice_pdf, render_invoice
=======
from reglo.rendering.services.render_invoice import ContentDisagrees, PaperElsewhere, invoice_pdf, render_invoice
>>>>>>> theirs
from reglo.rendering.services.render_receipt import PaymentSettlesNothing, receipt_pdf

__all__ = [
    "ContentDisagrees",
    "InvoiceNotPaid",
    "PaperElsewhere",
    "PaymentSettlesNothing",
    "duplicate_pdf",
    "invoice_pdf",
    "preview_pages",
    "preview_pdf",
    "quote_pdf",
    "quote_preview_pdf",
    "receipt_pdf",
    "render_invoice",
]
