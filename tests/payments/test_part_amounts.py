import pytest

from reglo.companies.models import Company
from reglo.invoicing.models import Invoice
from reglo.money import Money
from reglo.payments.part_amounts import (
    PartBounds,
    PartLeavesTooLittle,
    PartOutOfBounds,
    may_be_charged,
    part_bounds,
)
from tests.factories import line, make_issued

EUR = "EUR"
BOUNDS = PartBounds(Money(50, EUR), Money(120_00, EUR))


@pytest.mark.parametrize("minor", [50, 51, 60_00, 119_50, 120_00])
def test_allowed(minor: int):
    BOUNDS.check(Money(minor, EUR))


@pytest.mark.parametrize("minor", [-60_00, 0, 49, 120_01])
def test_out_of_bounds(minor: int):
    with pytest.raises(PartOutOfBounds):
        BOUNDS.check(Money(minor, EUR))


@pytest.mark.parametrize("minor", [119_51, 119_99])
def test_what_would_be_left_could_not_be_paid(minor: int):
    with pytest.raises(PartLeavesTooLittle):
        BOUNDS.check(Money(minor, EUR))


def test_another_currency_is_out_of_bounds():
    with pytest.raises(PartOutOfBounds):
        BOUNDS.check(Money(60_00, "USD"))


def test_an_invoice_says_whether_it_is_paid_in_parts(company: Company):
    whole = make_issued(company)
    cut = make_issued(company, partial_allowed=True)
    tiny = make_issued(company, partial_allowed=True, lines=[line("0.80")])  # 0,96 € with VAT

    assert part_bounds(whole) is None
    assert part_bounds(cut) == BOUNDS
    assert part_bounds(tiny) is None


def test_what_a_page_may_go_on_asking_for(company: Company):
    def asked(invoice: Invoice) -> list[bool]:
        return [may_be_charged(invoice, Money(minor, EUR)) for minor in (120_00, 60_00, 121_00)]

    assert asked(make_issued(company)) == [True, False, False]
    assert asked(make_issued(company, partial_allowed=True)) == [True, True, False]


def test_a_new_draft_proposes_what_the_company_allows(company: Company):
    Company.objects.filter(id=company.id).update(partial_payments=True)
    company.refresh_from_db()

    assert make_issued(company).partial_allowed
