"""The whole credit note as it is printed and proved: between the parties of the invoice that it corrects."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from reglo.companies.models import Company
from reglo.invoicing.content import (
    CorrectionContent,
    DocumentContent,
    PartyContent,
    ShareContent,
    line_contents,
    plain,
    rate_contents,
    seller_content,
)
from reglo.invoicing.crediting import CreditRoom, CreditTotals
from reglo.invoicing.mentions import credit_note_mentions, natures_of
from reglo.invoicing.models import Invoice, InvoiceLine
from reglo.invoicing.states import DocumentKind


def credit_note_content(
    credit_note: Invoice,
    *,
    company: Company,
    room: CreditRoom,
    lines: Sequence[InvoiceLine],
    credit: CreditTotals,
    number: str,
    issue_date: date,
) -> DocumentContent:
    """As it would be, or is being, issued on `issue_date`, which is its due date too: what it gives back waits for
    nothing. VAT is charged back as the invoice charged it, whatever the company does since."""
    corrected, totals = room.content, credit.totals
    return DocumentContent(
        kind=DocumentKind.CREDIT_NOTE.value,
        practice=company.practice,
        number=number,
        issue_date=issue_date.isoformat(),
        due_date=issue_date.isoformat(),
        supply_date="",
        currency=corrected.currency,
        prices_include_vat=credit_note.prices_include_vat,
        charges_vat=corrected.charges_vat,
        natures=tuple(nature.value for nature in natures_of(lines)),
        order_reference=corrected.order_reference,
        seller=_seller(company, corrected),
        customer=corrected.customer,
        lines=line_contents(lines, totals, charges_vat=corrected.charges_vat),
        rates=rate_contents(
            totals,
            lines,
            charges_vat=corrected.charges_vat,
            exemption_reason=credit_note.exemption_reason,
            country=corrected.customer.country,
            day=issue_date,
        ),
        net_minor=totals.net_minor,
        vat_minor=totals.vat_minor,
        gross_minor=totals.gross_minor,
        mention="",
        legal_mentions=tuple(
            credit_note_mentions(
                credit_note, company=company, charges_vat=corrected.charges_vat, lines=lines, day=issue_date
            )
        ),
        iban="",
        bic="",
        account_holder="",
        accent_colour=company.accent_colour,
        logo_sha256=company.logo_id or "",
        language=corrected.language,
        correction=_correction(credit_note, corrected, credit),
    )


def _correction(credit_note: Invoice, corrected: DocumentContent, credit: CreditTotals) -> CorrectionContent:
    return CorrectionContent(
        number=corrected.number,
        issue_date=corrected.issue_date,
        reason=credit_note.reason,
        shares=tuple(
            ShareContent(
                share.vat_category, plain(share.vat_rate), share.nature.value, share.net_minor, share.vat_minor
            )
            for share in credit.shares
        ),
    )


def _seller(company: Company, corrected: DocumentContent) -> PartyContent:
    """The seller of today; its VAT number of then where it has none any more, and none where the invoice said none."""
    said = corrected.seller.vat_number
    seller = seller_content(company, says_vat_number=bool(said))
    return replace(seller, vat_number=seller.vat_number or said)
