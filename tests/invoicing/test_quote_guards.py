"""What the database itself refuses of a quote, whoever writes it."""

import pytest
from django.db import IntegrityError, connection, transaction

from reglo.companies.models import Company
from reglo.invoicing.models import Quote, QuoteDecision
from tests.factories import accept, make_quote, make_quote_draft


def refused(statement: str, because: str) -> None:
    with (
        pytest.raises(IntegrityError, match=because),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "because"),
    [
        ("UPDATE invoicing_quoteversion SET mention = 'autre'", "invoicing_quoteversion is frozen"),
        ("UPDATE invoicing_quoteversion SET hash = ''", "invoicing_quoteversion is frozen"),
        ("DELETE FROM invoicing_quoteversion", "invoicing_quoteversion is frozen"),
        ("UPDATE invoicing_quoteline SET unit_price = 1", "frozen with its invoicing_quoteversion"),
        ("DELETE FROM invoicing_quoteline", "frozen with its invoicing_quoteversion"),
        ("UPDATE invoicing_quote SET number = 'ESSAI-D2026-0009'", "given once"),
        ("UPDATE invoicing_quote SET number = 'D2026-0001'", "given once|ESSAI"),
        ("UPDATE invoicing_quote SET status = 'draft'", "accepted once"),
        ("UPDATE invoicing_quote SET status = 'accepted'", "accepted once"),
        ("DELETE FROM invoicing_quote", "a number is kept"),
    ],
)
def test_what_was_sent_stays_as_it_was(company: Company, statement: str, because: str):
    make_quote(company)

    refused(statement, because)

    assert Quote.objects.get().number == "ESSAI-D2026-0001"


@pytest.mark.parametrize(
    ("statement", "because"),
    [
        ("UPDATE invoicing_quotedecision SET name = 'Une autre'", "append-only"),
        ("DELETE FROM invoicing_quotedecision", "append-only"),
        ("UPDATE invoicing_quote SET status = 'refused'", "accepted once"),
    ],
)
def test_an_answer_stays_as_it_was(company: Company, statement: str, because: str):
    accept(make_quote(company))

    refused(statement, because)

    assert QuoteDecision.objects.get().name == "Claire Fontaine"


def test_a_decision_is_about_a_finalised_version_of_its_quote(company: Company):
    decision = accept(make_quote(company))
    draft = make_quote_draft(company)
    decision.pk, decision.quote, decision.version = None, draft, draft.latest

    with pytest.raises(IntegrityError, match="finalised version"), transaction.atomic():
        decision.save(force_insert=True)

    assert QuoteDecision.objects.count() == 1
