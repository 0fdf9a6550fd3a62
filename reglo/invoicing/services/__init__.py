"""What may be done to a document: one verb, one file."""

from reglo.invoicing.services.accept_quote import accept_quote
from reglo.invoicing.services.apply_settlement import apply_settlement
from reglo.invoicing.services.attach_opening_paper import NotAnOpening, NotAPdf, attach_opening_paper
from reglo.invoicing.services.cancel_quote import QuoteInvoiced, cancel_quote
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
from reglo.invoicing.services.create_quote import blank_quote, create_quote
from reglo.invoicing.services.deduct_deposits import DepositNotDeductible, choose_deductions
from reglo.invoicing.services.discard_draft import discard_draft, restore_draft
from reglo.invoicing.services.discard_quote import discard_quote, restore_quote
from reglo.invoicing.services.draft_credit_note import CreditedLine, CreditInput, draft_credit_note
from reglo.invoicing.services.draft_deposit import (
    DepositBeyondQuote,
    DepositInput,
    FreeDeposit,
    draft_deposit,
    draft_quote_deposit,
)
from reglo.invoicing.services.duplicate_quote import duplicate_quote
from reglo.invoicing.services.found_company import found_company
from reglo.invoicing.services.invoice_quote import (
    NothingToInvoice,
    PartBeyondLine,
    QuoteNotAccepted,
    QuotePart,
    invoice_quote,
)
from reglo.invoicing.services.invoice_situation import (
    Progress,
    ProgressBehind,
    SituationPending,
    invoice_situation,
)
from reglo.invoicing.services.import_openings import OpeningsRefused, import_openings
from reglo.invoicing.services.issue_credit_note import CreditBeforeInvoice, issue_credit_note
from reglo.invoicing.services.issue_invoice import DraftDiscarded, InvoiceIncomplete, issue_invoice
from reglo.invoicing.services.issue_quote import QuoteIncomplete, issue_quote
from reglo.invoicing.services.refuse_quote import refuse_quote
from reglo.invoicing.services.revise_quote import QuoteClosed, drop_revision, revise_quote
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
from reglo.invoicing.services.save_quote import QuoteInput, VersionFinalised, save_quote
from reglo.invoicing.services.start_series import BadSeriesStart, SeriesAlreadyBegun, start_series
from reglo.invoicing.services.undo_openings import OpeningTouched, undo_openings

__all__ = [
    "BadSeriesFormat",
    "BadSeriesStart",
    "CreditBeforeInvoice",
    "CreditInput",
    "CreditedLine",
    "DepositBeyondQuote",
    "DepositInput",
    "DepositNotDeductible",
    "DraftChangedElsewhere",
    "DraftDiscarded",
    "DraftInput",
    "DraftRefused",
    "FreeDeposit",
    "InvoiceIncomplete",
    "LineInput",
    "NotADraft",
    "NotAPdf",
    "NotAnInvoice",
    "NothingToInvoice",
    "PartBeyondLine",
    "Progress",
    "ProgressBehind",
    "QuoteClosed",
    "QuoteIncomplete",
    "QuoteInput",
    "QuoteInvoiced",
    "QuoteNotAccepted",
    "QuotePart",
    "NotAnOpening",
    "OpeningTouched",
    "OpeningsRefused",
    "Refusal",
    "SituationPending",
    "VersionFinalised",
    "accept_quote",
    "SeriesAlreadyBegun",
    "SeriesShared",
    "VatRegimeChangedThatDay",
    "VatRegimeDateImpossible",
    "VatRegimeInUse",
    "VatRegimeUnchanged",
    "apply_settlement",
    "attach_opening_paper",
    "blank_draft",
    "blank_quote",
    "cancel_quote",
    "choose_deductions",
    "change_series_format",
    "change_vat_regime",
    "create_draft",
    "create_quote",
    "discard_draft",
    "discard_quote",
    "draft_credit_note",
    "draft_deposit",
    "draft_quote_deposit",
    "drop_revision",
    "duplicate_quote",
    "found_company",
    "invoice_quote",
    "invoice_situation",
    "import_openings",
    "issue_credit_note",
    "issue_invoice",
    "issue_quote",
    "mention_in",
    "mention_with_card",
    "refuse_quote",
    "refuse_bad_format",
    "restore_draft",
    "restore_quote",
    "revise_quote",
    "save_draft",
    "save_quote",
    "start_series",
    "undo_openings",
    "undo_vat_regime",
]
