"""Documents to files: the PDF that is kept, the PNG pages that are looked at."""

from reglo.rendering.document import Document, Receipt
from reglo.rendering.receipt_sheet import receipt_sheet
from reglo.rendering.sheet import document_sheet
from reglo.rendering.typesetting import typeset_pdf, typeset_pngs

_POINTS_PER_INCH = 72


def render_pdf(document: Document) -> bytes:
    """The document as PDF/A-3b and PDF/UA-1: tagged, titled, the same bytes every time. Raises CharactersNotShown."""
    return typeset_pdf("document.typ", document_sheet(document), made_at=document.made_at)


def render_pngs(document: Document, scale: int = 2) -> list[bytes]:
    """The same pages as PNG, one each; `scale` pixels per point (2: 1191 × 1684). Raises CharactersNotShown."""
    return typeset_pngs("document.typ", document_sheet(document), pixels_per_inch=_POINTS_PER_INCH * scale)


def render_receipt(receipt: Receipt) -> bytes:
    """A « Reçu » as PDF/A-3b and PDF/UA-1. Raises CharactersNotShown."""
    return typeset_pdf("receipt.typ", receipt_sheet(receipt), made_at=receipt.made_at)
