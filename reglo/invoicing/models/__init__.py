"""The documents and what numbers, chains and settles them."""

from reglo.invoicing.models.invoice import Invoice, InvoiceLine
from reglo.invoicing.models.number_sequence import DocumentChain, NumberSequence, SeriesFormat, SeriesStart
from reglo.invoicing.models.opening import OpeningImport, OpeningPaper
from reglo.invoicing.models.settlement import Settlement

__all__ = [
    "DocumentChain",
    "Invoice",
    "InvoiceLine",
    "NumberSequence",
    "OpeningImport",
    "OpeningPaper",
    "SeriesFormat",
    "SeriesStart",
    "Settlement",
]
