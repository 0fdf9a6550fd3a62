"""Answers, versions and invoices of one quote at the same instant: one answer, never beyond what was accepted."""

from decimal import Decimal

import pytest

from reglo.companies.models import Company
from reglo.invoicing.models import Invoice, Quote, QuoteDecision
from reglo.invoicing.quote_answers import Answer, QuoteAlreadyAnswered, QuoteSuperseded
from reglo.invoicing.services import (
    PartBeyondLine,
    QuoteClosed,
    QuotePart,
    invoice_quote,
    issue_quote,
    refuse_quote,
    revise_quote,
)
from reglo.invoicing.states import DecisionChannel
from reglo.ports import clock as clock_port
from tests.factories import accept, make_company, make_quote
from tests.harness.racing import in_threads
from tests.verify.test_proofs import address, faults

pytestmark = pytest.mark.django_db(transaction=True)

REFUSALS = (QuoteAlreadyAnswered, QuoteSuperseded, QuoteClosed)


@pytest.fixture
def sold(transactional_db: None) -> Company:
    return make_company()


def refuse(quote: Quote) -> QuoteDecision:
    answer = Answer(channel=DecisionChannel.PORTAL)
    return refuse_quote(company_id=quote.company_id, quote_id=quote.pk, version=1, answer=answer, now=clock_port.now())


def test_yes_and_no_at_once_are_one_answer(sold: Company):
    quote = make_quote(sold)

    raised = in_threads(lambda: accept(quote), lambda: refuse(quote), lambda: accept(quote))

    assert all(isinstance(error, REFUSALS) for error in raised), raised
    quote.refresh_from_db()
    assert QuoteDecision.objects.get().outcome == quote.status
    assert faults(address()) == {}


def test_what_is_accepted_is_what_is_offered(sold: Company):
    quote = make_quote(sold)
    revise_quote(company_id=sold.pk, quote_id=quote.pk, now=clock_port.now())

    raised = in_threads(
        lambda: accept(quote),
        lambda: issue_quote(company_id=sold.pk, quote_id=quote.pk, now=clock_port.now()),
    )

    assert len(raised) == 1
    assert isinstance(raised[0], REFUSALS)
    quote.refresh_from_db()
    decision = QuoteDecision.objects.filter(quote=quote).first()
    assert decision is None or decision.version_id == quote.offered_id
    assert faults(address()) == {}


def test_two_invoices_never_take_more_than_the_line(sold: Company):
    quote = make_quote(sold)
    accept(quote)

    def half_and_more() -> None:
        parts = [QuotePart(1, Decimal(60))]
        invoice_quote(company=sold, quote_id=quote.pk, parts=parts, now=clock_port.now())

    [refusal] = in_threads(half_and_more, half_and_more)

    assert isinstance(refusal, PartBeyondLine)
    assert Invoice.objects.get().net_minor == 60_00
