"""What may be done to a document: one verb, one file."""

from reglo.invoicing.services.apply_settlement import apply_settlement
from reglo.invoicing.services.attach_opening_paper import NotAnOpening, NotAPdf, attach_opening_paper
from reglo.invoicing.services.change_series_format import (
    BadSeriesFormat,
    SeriesShared,
    change_series_format,
    refuse_bad_format,
)
from reglo.invoicing.services.change_vat_regime import (
    VatRegimeChangedThatDay,
    VatRegimeDateImpossible,
    VatRegimeInUse,
    VatRegimeUnchanged,
    change_vat_regime,
    undo_vat_regime,
)
from reglo.invoicing.services.create_draft import blank_draft, create_draft, mention_in, mention_with_card
from reglo.invoicing.services.discard_draft import discard_draft, restore_draft
from reglo.invoicing.services.draft_credit_note import CreditedLine, CreditInput, draft_credit_note
from reglo.invoicing.services.found_company import found_company
from reglo.invoicing.services.import_openings import OpeningsRefused, import_openings
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
from reglo.invoicing.services.start_series import BadSeriesStart, SeriesAlreadyBegun, start_series
from reglo.invoicing.services.undo_openings import OpeningTouched, undo_openings

__all__ = [
    "BadSeriesFormat",
    "BadSeriesStart",
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
    "NotAPdf",
    "NotAnInvoice",
    "NotAnOpening",
    "OpeningTouched",
    "OpeningsRefused",
    "Refusal",
    "SeriesAlreadyBegun",
    "SeriesShared",
    "VatRegimeChangedThatDay",
    "VatRegimeDateImpossible",
    "VatRegimeInUse",
    "VatRegimeUnchanged",
    "apply_settlement",
    "attach_opening_paper",
    "blank_draft",
    "change_series_format",
    "change_vat_regime",
    "create_draft",
    "discard_draft",
    "draft_credit_note",
    "found_company",
    "import_openings",
    "issue_credit_note",
    "issue_invoice",
    "mention_in",
    "mention_with_card",
    "refuse_bad_format",
    "restore_draft",
    "save_draft",
    "start_series",
    "undo_openings",
    "undo_vat_regime",
]
