"""*Accepter le devis*: the customer's yes, to one version and to the options that they take, kept as proof."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from reglo.database.retry import retry_on_conflict
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.locks import lock_quote
from reglo.invoicing.models import Quote, QuoteDecision, QuoteVersion
from reglo.invoicing.quote_answers import (
    Answer,
    ConsentNeeded,
    NameNeeded,
    OptionUnknown,
    check_answerable,
    check_in_time,
    decision_for,
    options_text,
)
from reglo.invoicing.quoting import lines_of_version, quote_totals
from reglo.invoicing.states import DecisionChannel, QuoteOutcome, QuoteStatus


@retry_on_conflict
def accept_quote(
    *, company_id: int, quote_id: int, version: int, options: Sequence[int] = (), answer: Answer, now: datetime
) -> QuoteDecision:
    """The decision. `version`: the number of the version that was read; `options`: the ranks of those taken.

    Accepting again what was accepted returns the same decision. Raises QuoteNotSent, QuoteSuperseded, QuoteExpired,
    QuoteAlreadyAnswered, OptionUnknown, NameNeeded, ConsentNeeded, AnswerDated: nothing is then written.
    """
    with transaction.atomic():
        quote = lock_quote(company_id=company_id, quote_id=quote_id)
        known = _accepted_before(quote, version)
        if known is not None:
            return known  # a double click is not an error
        offered = check_answerable(quote, version=version, answer=answer, now=now)
        check_in_time(quote, answer=answer, now=now)
        if answer.channel == DecisionChannel.PORTAL:
            _check_signature(answer)
        decision = _decision(quote, offered, sorted(set(options)), answer, now)
        decision.save(force_insert=True)
        quote.move_to(QuoteStatus.ACCEPTED)
        quote.edited_at = now
        quote.save(update_fields=["status", "edited_at"])
        record(
            kind=Kind.QUOTE_ACCEPTED,
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
                "options": options_text(options),
                "gross_minor": decision.gross_minor,
                "currency": decision.currency,
            },
        )
    return decision


def _accepted_before(quote: Quote, version: int) -> QuoteDecision | None:
    if quote.status != QuoteStatus.ACCEPTED:
        return None
    return quote.decisions.filter(outcome=QuoteOutcome.ACCEPTED, version__number=version).first()


def _check_signature(answer: Answer) -> None:
    if not answer.name.strip():
        raise NameNeeded(field="name")
    if not answer.statement:
        raise ConsentNeeded(field="consent")


def _decision(
    quote: Quote, version: QuoteVersion, options: Sequence[int], answer: Answer, now: datetime
) -> QuoteDecision:
    lines = lines_of_version(version)
    if not set(options) <= {line.rank for line in lines if line.optional}:
        raise OptionUnknown
    charges_vat = DocumentContent.from_json(
        version.frozen
    ).charges_vat  # as it was offered, whatever the company is now
    totals = quote_totals(version, lines, charges_vat=charges_vat, taken=options)
    decision = decision_for(quote, version, QuoteOutcome.ACCEPTED, answer=answer, now=now)
    decision.options = options_text(options)
    decision.net_minor, decision.vat_minor = totals.net_minor, totals.vat_minor
    decision.gross_minor = totals.gross_minor
    return decision
