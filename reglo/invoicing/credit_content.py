"""The whole credit note as it is printed and proved: between the parties of the invoice that it corrects."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from reglo.companies.models import Company
from reglo.invoicing.content import CorrectionContent, DocumentContent, PartyContent, share_contents
from reglo.invoicing.crediting import CreditRoom, CreditTotals
from reglo.invoicing.invoice_content import discount_content, line_contents, rate_contents, seller_content
from reglo.invoicing.mentions import credit_note_mentions, natures_of
from reglo.invoicing.models import Invoice, InvoiceLine
from reglo.invoicing.states import DocumentKind
from reglo.invoicing.totals import articles


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
    sold = articles(lines)
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
        natures=tuple(nature.value for nature in natures_of(sold)),
        order_reference=corrected.order_reference,
        seller=_seller(company, corrected),
        customer=corrected.customer,
        lines=line_contents(lines, totals, charges_vat=corrected.charges_vat),
        rates=rate_contents(
            totals,
            sold,
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
                credit_note, company=company, charges_vat=corrected.charges_vat, lines=sold, day=issue_date
            )
        ),
        iban="",
        bic="",
        account_holder="",
        accent_colour=company.accent_colour,
        logo_sha256=company.logo_id or "",
        language=corrected.language,
        correction=_correction(credit_note, corrected, credit),
        deductions=corrected.deductions if credit.cancels else None,
        discount=discount_content(credit_note, totals),
    )


def _correction(credit_note: Invoice, corrected: DocumentContent, credit: CreditTotals) -> CorrectionContent:
    return CorrectionContent(
        number=corrected.number,
        issue_date=corrected.issue_date,
        reason=credit_note.reason,
        shares=share_contents(credit.shares, discounted=corrected.discount is not None),
    )


def _seller(company: Company, corrected: DocumentContent) -> PartyContent:
    """The seller of today; its VAT number of then where it has none any more, and none where the invoice said none."""
    said = corrected.seller.vat_number
    seller = seller_content(company, says_vat_number=bool(said))
    return replace(seller, vat_number=seller.vat_number or said)
