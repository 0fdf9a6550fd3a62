"""The documents and what numbers, chains and settles them."""

from reglo.invoicing.models.invoice import Invoice, InvoiceLine
from reglo.invoicing.models.number_sequence import DocumentChain, NumberSequence
from reglo.invoicing.models.settlement import Settlement

__all__ = ["DocumentChain", "Invoice", "InvoiceLine", "NumberSequence", "Settlement"]
