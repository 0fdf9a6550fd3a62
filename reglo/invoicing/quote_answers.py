"""Answers to a quote: what a customer or staff may answer, when, and how it is kept as proof."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.invoicing.models import Quote, QuoteDecision, QuoteVersion
from reglo.invoicing.states import DecisionChannel, QuoteOutcome, QuoteStatus

LONGEST_NAME = 150
LONGEST_REASON = 500


class QuoteNotSent(RegloError):
    code = "quote_not_sent"
    status = 409
    message = _("Ce devis est encore un brouillon : finalisez-le d’abord.")


class QuoteSuperseded(RegloError):
    code = "quote_superseded"
    status = 409
    message = _("Une nouvelle version de ce devis vous attend : lisez-la avant de répondre.")


class QuoteExpired(RegloError):
    code = "quote_expired"
    status = 409
    message = _("Ce devis était valable jusqu’au %(day)s : il ne peut plus être accepté. Demandez-en un nouveau.")


class QuoteAlreadyAnswered(RegloError):
    code = "quote_already_answered"
    status = 409
    message = _("Ce devis a déjà reçu une réponse : il est « %(status)s ».")


class OptionUnknown(RegloError):
    code = "option_unknown"
    status = 422
    message = _("Une option choisie n’est pas de ce devis. Rechargez la page, puis choisissez à nouveau.")


class NameNeeded(RegloError):
    code = "name_needed"
    status = 422
    message = _("Écrivez votre nom, tel que vous signez.")


class ConsentNeeded(RegloError):
    code = "consent_needed"
    status = 422
    message = _("Cochez la case qui dit que vous avez lu et que vous acceptez ce devis.")


class AnswerDated(RegloError):
    code = "answer_dated"
    status = 422
    message = _("Indiquez une date entre celle du devis et aujourd’hui.")


@dataclass(frozen=True, slots=True)
class Answer:
    """How the answer came. From the portal: name, `email` and `link_id` of the link, the `statement` that was ticked,
    the machine that sent it. Otherwise: who writes it down, on which day it was given, a note."""

    channel: DecisionChannel
    name: str = ""
    email: str = ""
    link_id: UUID | None = None
    statement: str = ""
    ip_address: str | None = None
    user_agent: str = ""
    recorded_by_id: int | None = None
    note: str = ""
    given_on: date | None = None  # None: today


def check_answerable(quote: Quote, *, version: int, answer: Answer, now: datetime) -> QuoteVersion:
    """The version to be decided, the one that is offered. Raises QuoteNotSent, QuoteAlreadyAnswered, QuoteSuperseded,
    AnswerDated."""
    offered = quote.offered
    if offered is None:
        raise QuoteNotSent
    refused_before = quote.status == QuoteStatus.REFUSED and answer.channel != DecisionChannel.PORTAL
    if quote.status != QuoteStatus.SENT and not refused_before:
        raise QuoteAlreadyAnswered(status=QuoteStatus(quote.status).label)
    if version != offered.number:
        raise QuoteSuperseded
    assert offered.issue_date is not None, "what is offered is dated"
    if not offered.issue_date <= day_of(quote, answer, now) <= now.astimezone(quote.company.zone).date():
        raise AnswerDated(field="given_on")
    return offered


def check_in_time(quote: Quote, *, answer: Answer, now: datetime) -> None:
    """Raises QuoteExpired."""
    assert quote.valid_until is not None, "what is offered is valid until a day"
    if day_of(quote, answer, now) > quote.valid_until:
        raise QuoteExpired(day=quote.valid_until.strftime("%d/%m/%Y"))


def day_of(quote: Quote, answer: Answer, now: datetime) -> date:
    """The company's date on which the answer was given."""
    return answer.given_on or now.astimezone(quote.company.zone).date()


def decision_for(
    quote: Quote, version: QuoteVersion, outcome: QuoteOutcome, *, answer: Answer, now: datetime
) -> QuoteDecision:
    """The proof, unsaved; what was accepted is left to the caller."""
    return QuoteDecision(
        company_id=quote.company_id,
        quote=quote,
        version=version,
        version_hash=version.hash,
        outcome=outcome,
        channel=answer.channel,
        decided_at=now,
        decided_on=day_of(quote, answer, now),
        name=answer.name.strip()[:LONGEST_NAME],
        email=answer.email,
        link_id=answer.link_id,
        statement=answer.statement[:300],
        ip_address=answer.ip_address,
        user_agent=answer.user_agent[:400],
        recorded_by_id=answer.recorded_by_id,
        note=answer.note.strip()[:500],
        currency=version.currency,
    )


def options_text(ranks: Sequence[int]) -> str:
    return json.dumps(sorted(ranks), separators=(",", ":"))


def options_taken(decision: QuoteDecision) -> list[int]:
    """The ranks of the options that were taken."""
    ranks: list[int] = json.loads(decision.options)
    return ranks
