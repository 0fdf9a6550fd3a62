"""*Refuser*: the customer's no, with the reason if they gave one, kept as the yes is."""

from datetime import datetime

from django.db import transaction

from reglo.database.retry import retry_on_conflict
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.locks import lock_quote
from reglo.invoicing.models import QuoteDecision
from reglo.invoicing.quote_answers import LONGEST_REASON, Answer, check_answerable, decision_for
from reglo.invoicing.states import QuoteOutcome, QuoteStatus


@retry_on_conflict
def refuse_quote(
    *, company_id: int, quote_id: int, version: int, reason: str = "", answer: Answer, now: datetime
) -> QuoteDecision:
    """The decision; refusing again what was refused returns the same one. An expired quote may be refused.

    Raises QuoteNotSent, QuoteSuperseded, QuoteAlreadyAnswered, AnswerDated.
    """
    with transaction.atomic():
        quote = lock_quote(company_id=company_id, quote_id=quote_id)
        if quote.status == QuoteStatus.REFUSED:
            known = quote.decisions.filter(outcome=QuoteOutcome.REFUSED, version__number=version).first()
            if known is not None:
                return known  # a double click is not an error
        offered = check_answerable(quote, version=version, answer=answer, now=now)
        decision = decision_for(quote, offered, QuoteOutcome.REFUSED, answer=answer, now=now)
        decision.reason = reason.strip()[:LONGEST_REASON]
        decision.save(force_insert=True)
        quote.move_to(QuoteStatus.REFUSED)
        quote.edited_at = now
        quote.save(update_fields=["status", "edited_at"])
        record(
            kind=Kind.QUOTE_REFUSED,
            company_id=company_id,
            subject=quote,
            now=now,
            actor_id=answer.recorded_by_id,
            content={
                "number": quote.number,
                "version": offered.number,
                "hash": offered.hash,
                "channel": answer.channel,
                "name": decision.name,
                "reason": decision.reason,
            },
        )
    return decision
