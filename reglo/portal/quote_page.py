"""What the customer's page says of a quote: what is offered, until when, what the options change, what was answered."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from reglo.delivery.models import PortalGrant
from reglo.invoicing.content import OFFERED, TAKEN, DocumentContent
from reglo.invoicing.models import Quote, QuoteDecision
from reglo.invoicing.quote_answers import options_taken
from reglo.invoicing.quote_content import content_with_options
from reglo.invoicing.sections import with_their_titles
from reglo.invoicing.states import QuoteOutcome, QuoteState, QuoteStatus
from reglo.money import Money
from reglo.portal.document_detail import DetailLine, DetailTotal, detail_lines, detail_totals
from reglo.portal.form_proof import proof_for
from reglo.portal.seller import Seller, seller_of


@dataclass(frozen=True, slots=True)
class OptionOffered:
    """A line that the customer may take; `rank` names it in the form."""

    rank: int
    line: DetailLine
    taken: bool


@dataclass(frozen=True, slots=True)
class QuotePage:
    """`lines` are those in the total, `gross` that total, with the options taken; `decision` what was answered."""

    seller: Seller
    number: str
    version: int
    practice: bool
    state: QuoteState
    may_answer: bool
    gross: Money
    valid_until: date
    work_place: str
    deposit: Money
    fee: Money
    lines: tuple[DetailLine, ...]
    options: tuple[OptionOffered, ...]
    totals: tuple[DetailTotal, ...]
    mentions: tuple[str, ...]
    language: str  # of the quote, whatever the page's
    decision: QuoteDecision | None
    proof: str

    @property
    def is_open(self) -> bool:
        """Whether the form to answer is there."""
        return self.may_answer and self.state == QuoteState.SENT


def quote_page(grant: PortalGrant, *, taken: Collection[int], now: datetime, language: str) -> QuotePage:
    """The page of the quote that `grant` opens, added up with the options of the ranks `taken`, or as accepted."""
    quote = grant.offer
    offered = quote.offered
    assert offered is not None, "a link opens what was finalised"
    decision = _decision(quote)
    accepted = decision is not None and decision.is_acceptance
    content = content_with_options(offered, options_taken(decision) if accepted and decision else taken)
    # An option is not said twice: it stands among the options until the quote is accepted.
    read = content if accepted else DocumentContent.from_json(offered.frozen)
    options = [] if accepted else _options(content, language)
    nothing = Money(0, content.currency)
    in_total = _in_total(content)
    terms = content.quote
    assert terms is not None, "a quote says what only a quote says"
    return QuotePage(
        seller=seller_of(grant.company),
        number=content.number,
        version=terms.version,
        practice=content.practice,
        state=quote.state_on(now.astimezone(grant.company.zone).date()),
        may_answer=grant.may_sign,
        gross=Money(content.gross_minor, content.currency),
        valid_until=date.fromisoformat(content.due_date),
        work_place=terms.work_place,
        deposit=Money(terms.deposit_minor, content.currency),
        fee=Money(terms.fee_minor, content.currency),
        lines=tuple(detail_lines(_in_total(read), language=language)),
        options=tuple(options),
        totals=tuple(detail_totals(in_total, paid=nothing, credited=nothing, language=language)),
        mentions=tuple(text for text in (content.mention, *content.legal_mentions) if text),
        language=content.language,
        decision=decision,
        proof=proof_for(grant.session),
    )


def ranks_of(typed: list[str]) -> list[int]:
    """The ranks that a form says were ticked; what is no number is left out, and names no option."""
    return sorted({int(text) for text in typed if text.isdecimal() and len(text) < 6})


def _in_total(content: DocumentContent) -> DocumentContent:
    """Without the options that are not taken, nor the titles and subtotals that were theirs alone."""
    kept = with_their_titles(content.lines, lambda line: line.option in {None, TAKEN})
    return replace(content, lines=tuple(kept))


def _options(content: DocumentContent, language: str) -> list[OptionOffered]:
    shown = detail_lines(content, language=language)
    return [
        OptionOffered(rank, detail, line.option == TAKEN)
        for rank, (line, detail) in enumerate(zip(content.lines, shown, strict=True), start=1)
        if line.option is not None and line.option != OFFERED
    ]


def _decision(quote: Quote) -> QuoteDecision | None:
    """The answer that stands: none of a quote that a new version put before its customer again."""
    outcome = {QuoteStatus.ACCEPTED: QuoteOutcome.ACCEPTED, QuoteStatus.REFUSED: QuoteOutcome.REFUSED}
    answered = outcome.get(QuoteStatus(quote.status))
    return quote.decisions.filter(outcome=answered, version_id=quote.offered_id).last() if answered else None
