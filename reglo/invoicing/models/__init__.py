"""The documents and what numbers, chains and settles them."""

from reglo.invoicing.models.deduction import Deduction
from reglo.invoicing.models.head import DocumentHead
from reglo.invoicing.models.invoice import Invoice, InvoiceLine
from reglo.invoicing.models.line import DocumentLine
from reglo.invoicing.models.number_sequence import DocumentChain, NumberSequence, SeriesFormat, SeriesStart
from reglo.invoicing.models.opening import OpeningImport, OpeningPaper
from reglo.invoicing.models.quote import Quote, QuoteDecision, QuoteLine, QuoteShare, QuoteVersion
from reglo.invoicing.models.settlement import Settlement, owed

__all__ = [
    "Deduction",
    "DocumentChain",
    "DocumentHead",
    "DocumentLine",
    "Invoice",
    "InvoiceLine",
    "NumberSequence",
    "OpeningImport",
    "OpeningPaper",
    "Quote",
    "QuoteDecision",
    "QuoteLine",
    "QuoteShare",
    "QuoteVersion",
    "SeriesFormat",
    "SeriesStart",
    "Settlement",
    "owed",
]
