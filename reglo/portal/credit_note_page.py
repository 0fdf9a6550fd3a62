"""What the customer's page says of a credit note: what it gives back, and of which invoice. Nothing is to be paid."""

from dataclasses import dataclass
from datetime import date

from reglo.delivery.models import PortalGrant
from reglo.invoicing.content import DocumentContent
from reglo.money import Money
from reglo.portal.document_detail import DetailLine, DetailTotal, detail_lines, detail_totals
from reglo.portal.form_proof import proof_for
from reglo.portal.seller import Seller, seller_of


@dataclass(frozen=True, slots=True)
class CreditNotePage:
    seller: Seller
    number: str
    practice: bool
    gross: Money
    invoice_number: str
    invoice_date: date
    reason: str
    lines: tuple[DetailLine, ...]
    totals: tuple[DetailTotal, ...]
    proof: str


def credit_note_page(grant: PortalGrant, *, language: str) -> CreditNotePage:
    """The page of the credit note that `grant` opens, in `language`."""
    content = DocumentContent.from_json(grant.bill.frozen)
    assert content.correction is not None, "a credit note says what it corrects"
    nothing = Money(0, content.currency)
    return CreditNotePage(
        seller=seller_of(grant.company),
        number=content.number,
        practice=content.practice,
        gross=grant.bill.gross,
        invoice_number=content.correction.number,
        invoice_date=date.fromisoformat(content.correction.issue_date),
        reason=content.correction.reason,
        lines=tuple(detail_lines(content, language=language)),
        totals=tuple(detail_totals(content, paid=nothing, credited=nothing, language=language)),
        proof=proof_for(grant.session),
    )
