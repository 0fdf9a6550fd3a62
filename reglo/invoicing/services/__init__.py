"""What may be done to a document: one verb, one file."""

from reglo.invoicing.services.apply_settlement import apply_settlement
from reglo.invoicing.services.create_draft import blank_draft, create_draft, mention_in, mention_with_card
from reglo.invoicing.services.discard_draft import discard_draft, restore_draft
from reglo.invoicing.services.draft_credit_note import CreditedLine, CreditInput, draft_credit_note
from reglo.invoicing.services.found_company import found_company
from reglo.invoicing.services.issue_credit_note import CreditBeforeInvoice, issue_credit_note
from reglo.invoicing.services.issue_invoice import DraftDiscarded, InvoiceIncomplete, issue_invoice
from reglo.invoicing.services.save_draft import (
    DraftChangedElsewhere,
    DraftInput,
    DraftRefused,
    LineInput,
    NotADraft,
    NotAnInvoice,
    Refusal,
    save_draft,
)

__all__ = [
    "CreditBeforeInvoice",
    "CreditInput",
    "CreditedLine",
    "DraftChangedElsewhere",
    "DraftDiscarded",
    "DraftInput",
    "DraftRefused",
    "InvoiceIncomplete",
    "LineInput",
    "NotADraft",
    "NotAnInvoice",
    "Refusal",
    "apply_settlement",
    "blank_draft",
    "create_draft",
    "discard_draft",
    "draft_credit_note",
    "found_company",
    "issue_credit_note",
    "issue_invoice",
    "mention_in",
    "mention_with_card",
    "restore_draft",
    "save_draft",
]
