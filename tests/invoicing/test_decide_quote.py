from datetime import date
from typing import Any

import pytest

from reglo.companies.models import Company
from reglo.companies.services import change_company
from reglo.events.kinds import Kind
from reglo.events.models import Event
from reglo.invoicing.models import Quote, QuoteDecision
from reglo.invoicing.quote_answers import (
    Answer,
    AnswerDated,
    ConsentNeeded,
    NameNeeded,
    OptionUnknown,
    QuoteAlreadyAnswered,
    QuoteExpired,
    QuoteNotSent,
    QuoteSuperseded,
)
from reglo.invoicing.quote_content import content_with_options
from reglo.invoicing.services import cancel_quote, issue_quote, refuse_quote, revise_quote
from reglo.invoicing.states import DecisionChannel, QuoteOutcome, QuoteStatus
from reglo.ports import clock as clock_port
from tests.factories import accept, line, make_quote, make_quote_draft, option
from tests.factories.quotes import STATEMENT
from tests.harness.frozen_clock import FrozenClock

ON_LINE = Answer(channel=DecisionChannel.PORTAL, name="Claire Fontaine", email="claire@fontaine.test")


def refuse(quote: Quote, *, version: int = 1, reason: str = "Trop cher", answer: Answer = ON_LINE) -> QuoteDecision:
    return refuse_quote(
        company_id=quote.company_id,
        quote_id=quote.pk,
        version=version,
        reason=reason,
        answer=answer,
        now=clock_port.now(),
    )


def revised(quote: Quote) -> Quote:
    revise_quote(company_id=quote.company_id, quote_id=quote.pk, now=clock_port.now())
    return issue_quote(company_id=quote.company_id, quote_id=quote.pk, now=clock_port.now())


def test_an_acceptance_is_kept_as_proof(company: Company):
    quote = make_quote(company, lines=[line("100"), option("50"), option("30", vat="10")])

    decision = accept(quote, options=[3])

    quote.refresh_from_db()
    assert quote.offered is not None
    assert quote.status == QuoteStatus.ACCEPTED
    assert (decision.version, decision.version_hash) == (quote.offered, quote.offered.hash)
    assert (decision.net_minor, decision.vat_minor, decision.gross_minor) == (130_00, 23_00, 153_00)
    assert (decision.options, decision.name, decision.email) == ("[3]", "Claire Fontaine", "claire@fontaine.test")
    assert (decision.ip_address, decision.user_agent, decision.statement) == ("192.0.2.7", "Firefox", STATEMENT)
    assert (decision.decided_at, decision.decided_on) == (clock_port.now(), date(2026, 11, 22))
    assert Event.objects.get(kind=Kind.QUOTE_ACCEPTED).subject_id == str(quote.pk)


def test_the_document_is_added_up_again_with_the_options_taken(company: Company):
    quote = make_quote(company, lines=[line("100"), option("50"), option("30", vat="10")], deposit_rate=30)
    assert quote.offered is not None

    content = content_with_options(quote.offered, [3])

    assert content.quote is not None
    assert content.gross_minor == 153_00
    assert [part.option for part in content.lines] == [None, "left", "taken"]
    assert [(rate.vat_rate, rate.net_minor, rate.vat_minor) for rate in content.rates] == [
        ("20", 100_00, 20_00),
        ("10", 30_00, 3_00),
    ]
    assert content.quote.deposit_minor == 45_90


def test_twice_the_same_click_is_one_decision(company: Company):
    quote = make_quote(company)

    assert accept(quote) == accept(quote)

    assert QuoteDecision.objects.count() == 1
    assert Event.objects.filter(kind=Kind.QUOTE_ACCEPTED).count() == 1


def test_a_refusal_keeps_its_reason_and_twice_is_once(company: Company):
    quote = make_quote(company)

    decision = refuse(quote)

    assert refuse(quote, reason="Autre chose") == decision
    quote.refresh_from_db()
    assert (quote.status, decision.outcome, decision.reason) == ("refused", QuoteOutcome.REFUSED, "Trop cher")


@pytest.mark.parametrize("status", [QuoteStatus.REFUSED, QuoteStatus.CANCELLED, QuoteStatus.ACCEPTED])
def test_a_quote_that_was_answered_takes_no_other_answer_on_line(company: Company, status: QuoteStatus):
    quote = make_quote(company)
    match status:
        case QuoteStatus.REFUSED:
            refuse(quote)
        case QuoteStatus.ACCEPTED:
            accept(quote)
        case _:
            cancel_quote(company_id=company.pk, quote_id=quote.pk, now=clock_port.now())
    known = QuoteDecision.objects.count()

    with pytest.raises(QuoteAlreadyAnswered):
        refuse(quote) if status == QuoteStatus.ACCEPTED else accept(quote)

    quote.refresh_from_db()
    assert (quote.status, QuoteDecision.objects.count()) == (status, known)


def test_an_outdated_version_is_not_accepted(company: Company):
    quote = revised(make_quote(company))

    with pytest.raises(QuoteSuperseded):
        accept(quote, version=1)
    assert not QuoteDecision.objects.exists()

    assert accept(quote, version=2).version.number == 2


def test_the_offer_may_be_accepted_while_the_next_version_is_written(company: Company):
    quote = make_quote(company)
    revise_quote(company_id=company.pk, quote_id=quote.pk, now=clock_port.now())

    assert accept(quote).version.number == 1


def test_an_expired_quote_is_not_accepted_but_may_be_refused(company: Company, clock: FrozenClock):
    quote = make_quote(company, valid_days=30)
    clock.advance(days=31)

    with pytest.raises(QuoteExpired, match="22/12/2026"):
        accept(quote)
    assert refuse(quote).outcome == QuoteOutcome.REFUSED


def test_it_is_accepted_until_the_end_of_the_last_day(company: Company, clock: FrozenClock):
    quote = make_quote(company, valid_days=30)
    clock.advance(days=30)

    assert accept(quote).decided_on == date(2026, 12, 22)


def test_a_new_version_puts_a_refused_quote_before_its_customer_again(company: Company):
    quote = make_quote(company)
    refuse(quote)

    again = revised(quote)

    assert again.status == QuoteStatus.SENT
    assert accept(again, version=2).gross_minor == 120_00


@pytest.mark.parametrize(
    ("said", "refusal"),
    [({"name": "  "}, NameNeeded), ({"statement": ""}, ConsentNeeded), ({"options": [1]}, OptionUnknown)],
)
def test_a_signature_without_what_makes_it_is_refused(company: Company, said: dict[str, Any], refusal: type):
    quote = make_quote(company)

    with pytest.raises(refusal):
        accept(quote, **said)

    quote.refresh_from_db()
    assert (quote.status, QuoteDecision.objects.count()) == (QuoteStatus.SENT, 0)


def test_staff_write_down_an_answer_given_otherwise(company: Company, clock: FrozenClock):
    quote = make_quote(company)
    clock.advance(days=40)
    who = company.memberships.get().user

    decision = accept(
        quote,
        channel=DecisionChannel.PHONE,
        name="",
        statement="",
        recorded_by_id=who.pk,
        note="Appel du 1er décembre",
        given_on=date(2026, 12, 1),
    )

    assert (decision.channel, decision.recorded_by, decision.note) == ("phone", who, "Appel du 1er décembre")
    assert decision.decided_on == date(2026, 12, 1)
    assert Event.objects.get(kind=Kind.QUOTE_ACCEPTED).actor == who


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 11, 23)])
def test_an_answer_is_dated_between_the_quote_and_today(company: Company, day: date):
    quote = make_quote(company)

    with pytest.raises(AnswerDated):
        accept(quote, channel=DecisionChannel.LETTER, given_on=day)


def test_staff_may_write_down_that_who_refused_accepts(company: Company):
    quote = make_quote(company)
    refuse(quote)

    assert accept(quote, channel=DecisionChannel.PHONE).outcome == QuoteOutcome.ACCEPTED
    assert [decision.outcome for decision in quote.decisions.order_by("id")] == ["refused", "accepted"]


def test_a_draft_is_not_answered(company: Company):
    with pytest.raises(QuoteNotSent):
        accept(make_quote_draft(company))


def test_vat_is_that_of_the_offer_whatever_the_company_is_now(company: Company):
    quote = make_quote(company)
    change_company(
        company_id=company.pk, actor_id=company.memberships.get().user_id, now=clock_port.now(), vat_regime="franchise"
    )

    assert accept(quote).gross_minor == 120_00
