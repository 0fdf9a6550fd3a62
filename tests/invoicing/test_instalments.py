"""An invoice to be paid in instalments: which one is due, when it is late, what `verify` proves."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from reglo.companies.models import Company
from reglo.companies.states import TermsKind
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.models import Invoice, Settlement
from reglo.invoicing.queries import Filter, invoice_list
from reglo.invoicing.schedule import next_instalment_of
from reglo.invoicing.services import InvoiceIncomplete
from reglo.invoicing.states import InvoiceState
from reglo.invoicing.terms import Part
from reglo.payments.services import record_collection
from reglo.payments.states import Method
from reglo.ports import clock
from tests.factories import make_credit, make_issued

TODAY = date(2026, 11, 22)
FIRST, SECOND = date(2026, 12, 15), date(2027, 1, 15)
CUT = (Part(FIRST, Decimal(30)), Part(SECOND))


@pytest.fixture
def invoice(company: Company) -> Invoice:
    """Of 120,00 €: 36,00 € in December, 84,00 € in January."""
    return make_issued(company, terms_kind=TermsKind.INSTALMENTS, instalments=CUT)


def pay(invoice: Invoice, minor: int) -> Invoice:
    record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.pk,
        amount_minor=minor,
        method=Method.TRANSFER,
        collected_on=clock.now().date(),
        now=clock.now(),
        actor_id=None,
    )
    return Invoice.objects.get(pk=invoice.pk)


def test_it_is_issued_with_its_dates_and_amounts(invoice: Invoice):
    content = DocumentContent.from_json(invoice.frozen)

    assert [(one.due_date, one.amount_minor) for one in content.instalments] == [
        ("2026-12-15", 3_600),
        ("2027-01-15", 8_400),
    ]
    assert (content.due_date, invoice.due_date, invoice.settlement.due_date) == ("2027-01-15", SECOND, FIRST)


def test_the_due_date_moves_to_the_next(company: Company, invoice: Invoice):
    invoice = pay(invoice, 3_599)
    assert invoice.settlement.due_date == FIRST

    invoice = pay(invoice, 1)

    following = next_instalment_of(invoice)
    assert following is not None
    assert (following.rank, following.count, following.amount.minor) == (2, 2, 8_400)
    assert invoice.settlement.due_date == SECOND


def test_it_is_late_from_the_first_instalment_on(company: Company, invoice: Invoice):
    day_after = FIRST + timedelta(days=1)
    assert invoice.state_on(FIRST) == InvoiceState.DUE
    assert invoice.state_on(day_after) == InvoiceState.OVERDUE
    assert late(company, day_after) == [invoice]

    invoice = pay(invoice, 3_600)

    assert invoice.state_on(day_after) == InvoiceState.PARTLY_PAID
    assert late(company, day_after) == []
    assert late(company, SECOND + timedelta(days=1)) == [invoice]


def test_a_credit_note_lowers_the_last(company: Company, invoice: Invoice):
    make_credit(invoice, amount_minor=6_000)

    invoice = Invoice.objects.get(pk=invoice.pk)
    following = next_instalment_of(invoice)
    assert following is not None
    assert (following.rank, following.amount.minor) == (1, 3_600)
    following = next_instalment_of(pay(invoice, 3_600))
    assert following is not None
    assert (following.rank, following.amount.minor) == (2, 2_400)


def test_what_does_not_add_up_is_not_issued(company: Company):
    parts = (Part(FIRST, amount_minor=3_600), Part(SECOND, amount_minor=8_399))

    with pytest.raises(InvoiceIncomplete) as refused:
        make_issued(company, terms_kind=TermsKind.INSTALMENTS, instalments=parts)

    assert [problem.field for problem in refused.value.problems] == ["terms_kind"]
    assert not Settlement.objects.exists()


def test_the_due_date_of_another_invoice_does_not_move(company: Company):
    plain = make_issued(company)

    with pytest.raises(DatabaseError, match="next only"), transaction.atomic():
        Settlement.objects.filter(invoice=plain).update(due_date=FIRST)


def late(company: Company, day: date) -> list[Invoice]:
    return invoice_list(company, shown=Filter.OVERDUE, search="", today=day, limit=10)
