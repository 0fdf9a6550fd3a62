"""A quote as it is, or would be, printed. Not kept: its version is frozen, the bytes are the same every time."""

from datetime import datetime

from django.utils import translation

from reglo.companies.models import Company
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.models import Quote, QuoteDecision
from reglo.invoicing.quote_answers import options_taken
from reglo.invoicing.quote_billing import acceptance_of
from reglo.invoicing.quote_content import content_with_options
from reglo.invoicing.quote_queries import content_of_version
from reglo.invoicing.states import DecisionChannel, QuoteStatus
from reglo.rendering.document import Agreement, Document
from reglo.rendering.invoice_document import invoice_document
from reglo.rendering.render import render_pdf
from reglo.rendering.services.render_invoice import ContentDisagrees


def quote_pdf(*, quote: Quote) -> bytes:
    """What the customer reads of a finalised quote; once accepted, with the options taken and « Bon pour accord ».

    Raises ContentDisagrees, FileMissing, FileAltered.
    """
    return render_pdf(offered_document(quote))


def quote_preview_pdf(*, company: Company, quote: Quote, now: datetime) -> bytes:
    """The version being written as PDF, watermarked. Raises AmountTooLarge, CharactersNotShown, FileMissing."""
    return render_pdf(written_document(quote, company=company, now=now))


def offered_document(quote: Quote) -> Document:
    """The version that the customer sees, as accepted where it is. Raises ContentDisagrees."""
    offered = quote.offered
    assert offered is not None, "only what is finalised is shown to a customer"
    assert offered.issued_at is not None, "its instant comes with its version"
    decision = acceptance_of(quote) if quote.status == QuoteStatus.ACCEPTED else None
    if decision is None:
        return invoice_document(
            DocumentContent.from_json(offered.frozen), made_at=offered.issued_at, payable_online=False
        )
    content = content_with_options(decision.version, options_taken(decision))
    accepted = (decision.net_minor, decision.vat_minor, decision.gross_minor)
    if (content.net_minor, content.vat_minor, content.gross_minor) != accepted:
        raise ContentDisagrees(number=quote.number)
    return invoice_document(
        content, made_at=decision.decided_at, payable_online=False, agreement=_agreement(decision, content.language)
    )


def written_document(quote: Quote, *, company: Company, now: datetime) -> Document:
    """The version being written, as it would be sent today. Raises AmountTooLarge."""
    assert quote.latest is not None, "a quote has a version from the start"
    today = now.astimezone(company.zone).date()
    content = content_of_version(quote.latest, quote=quote, company=company, today=today)
    return invoice_document(content, made_at=quote.latest.issued_at or now, payable_online=False)


def _agreement(decision: QuoteDecision, language: str) -> Agreement:
    with translation.override(language):
        how = str(DecisionChannel(decision.channel).label)
    return Agreement(name=decision.name, on=decision.decided_on, how=how)
