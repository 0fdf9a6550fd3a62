"""Progress invoices: each holds what was done since the one before, and the last leaves no cent."""

from decimal import Decimal

import pytest

from reglo.companies.models import Company
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.models import Invoice, Quote
from reglo.invoicing.quote_billing import billing_of
from reglo.invoicing.services import (
    NothingToInvoice,
    Progress,
    ProgressBehind,
    SituationPending,
    discard_draft,
    invoice_situation,
    issue_invoice,
)
from reglo.ports import clock
from tests.factories import line, make_credit
from tests.invoicing.test_deposits import accepted, collect, deposit_of, standing


def situation(quote: Quote, *steps: tuple[int, str]) -> Invoice:
    progress = [Progress(rank, Decimal(rate)) for rank, rate in steps]
    return invoice_situation(company=quote.company, quote_id=quote.pk, progress=progress, now=clock.now())


def issued(draft: Invoice) -> Invoice:
    return issue_invoice(company_id=draft.company_id, invoice_id=draft.pk, now=clock.now())


def printed(invoice: Invoice) -> list[tuple[str, int]]:
    content = DocumentContent.from_json(invoice.frozen)
    return [(line.description.splitlines()[-1], line.amount_minor) for line in content.lines]


def test_three_situations_hold_the_increments_and_leave_no_cent(company: Company):
    quote = accepted(company, line("100.01"), line("33.33"))

    first = issued(situation(quote, (1, "30")))
    second = issued(situation(quote, (1, "60"), (2, "33.33")))
    third = issued(situation(quote, (1, "100"), (2, "100")))

    assert printed(first) == [("Situation n°\u00a01 – 30\u00a0% cumulé", 30_00)]
    assert printed(second) == [
        ("Situation n°\u00a02 – 60\u00a0% cumulé, dont 30\u00a0% déjà facturé", 30_01),
        ("Situation n°\u00a02 – 33,33\u00a0% cumulé", 11_11),
    ]
    assert [amount for _said, amount in printed(third)] == [40_00, 22_22]
    assert [invoice.situation for invoice in (first, second, third)] == [1, 2, 3]
    billing = billing_of(quote)
    assert billing is not None
    assert (billing.remaining.minor, [part.remaining_minor for part in billing.lines]) == (0, [0, 0])
    with pytest.raises(NothingToInvoice):
        situation(quote, (1, "100"))


def test_a_situation_never_goes_back_and_waits_for_the_one_before(company: Company):
    quote = accepted(company)
    draft = situation(quote, (1, "50"))
    with pytest.raises(SituationPending):
        situation(quote, (1, "60"))
    issued(draft)

    for rate in ("49.99", "101"):
        with pytest.raises(ProgressBehind):
            situation(quote, (1, rate))
    assert Invoice.objects.count() == 1


def test_a_draft_thrown_away_or_a_credited_situation_can_be_invoiced_again(company: Company):
    quote = accepted(company)
    thrown = situation(quote, (1, "50"))
    discard_draft(company_id=company.pk, invoice_id=thrown.pk, now=clock.now())
    first = issued(situation(quote, (1, "40")))
    make_credit(Invoice.objects.get(pk=first.pk))

    second = issued(situation(quote, (1, "100")))

    assert (first.situation, second.situation, second.net_minor) == (1, 2, 1000_00)


def test_the_deposit_is_deducted_of_the_first_situations(company: Company):
    quote = accepted(company)
    deposit = deposit_of(quote)
    collect(deposit, 360_00)

    first, second = issued(situation(quote, (1, "20"))), issued(situation(quote, (1, "100")))

    assert (standing(first)[1], standing(second)[1]) == (0, 840_00)
