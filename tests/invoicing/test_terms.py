"""Payment terms: how each kind counts, and how instalments add up."""

from datetime import date
from decimal import Decimal

import pytest

from reglo.companies.states import TermsKind
from reglo.invoicing.payment_ceilings import ceiling_exceeded
from reglo.invoicing.terms import Instalment, Part, PaymentTerms, next_instalment, proposed_parts, still_due

ISSUED = date(2026, 1, 31)
DECEMBER, JANUARY, FEBRUARY = date(2026, 12, 15), date(2027, 1, 15), date(2027, 2, 15)


@pytest.mark.parametrize(
    ("kind", "days", "issued", "due"),
    [
        (TermsKind.ON_RECEIPT, 30, ISSUED, ISSUED),
        (TermsKind.DAYS, 30, ISSUED, date(2026, 3, 2)),
        (TermsKind.DAYS_END_OF_MONTH, 45, ISSUED, date(2026, 3, 31)),
        (TermsKind.END_OF_MONTH_DAYS, 45, ISSUED, date(2026, 3, 17)),
        (TermsKind.DAYS_END_OF_MONTH, 45, date(2026, 11, 15), date(2026, 12, 31)),
        (TermsKind.END_OF_MONTH_DAYS, 45, date(2026, 11, 15), date(2027, 1, 14)),
        (TermsKind.DAYS_END_OF_MONTH, 0, date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_each_kind_counts_in_its_way(kind: TermsKind, days: int, issued: date, due: date):
    assert PaymentTerms(kind, days).due_date(issued) == due


def test_a_date_is_that_date():
    assert PaymentTerms(TermsKind.DATE, on=DECEMBER).due_date(ISSUED) == DECEMBER


@pytest.mark.parametrize(
    ("gross", "rates", "amounts"),
    [
        (10_000, ("30", "70"), (3_000, 7_000)),
        (100, ("33.33", "33.33", None), (33, 33, 34)),
        (101, ("50", "50"), (51, 50)),
        (1, ("50", None), (1, 0)),
    ],
)
def test_rates_lose_no_cent(gross: int, rates: tuple[str | None, ...], amounts: tuple[int, ...]):
    days = (DECEMBER, JANUARY, FEBRUARY)
    parts = tuple(Part(day, rate and Decimal(rate)) for day, rate in zip(days, rates, strict=False))

    cut = PaymentTerms(TermsKind.INSTALMENTS, parts=parts)

    expected = tuple(Instalment(part.due_date, amount) for part, amount in zip(parts, amounts, strict=True))
    assert cut.instalments(gross) == (expected if all(amounts) else ())
    assert cut.due_date(ISSUED) == parts[-1].due_date


def test_twelve_equal_instalments_add_up():
    parts = proposed_parts(12, first=date(2026, 1, 31))

    cut = PaymentTerms(TermsKind.INSTALMENTS, parts=parts).instalments(100_001)

    assert sum(one.amount_minor for one in cut) == 100_001
    assert [one.due_date for one in cut[:3]] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]


@pytest.mark.parametrize(
    "parts",
    [
        (Part(DECEMBER, amount_minor=500), Part(JANUARY, amount_minor=499)),
        (Part(DECEMBER, amount_minor=1_000), Part(JANUARY)),
        (Part(DECEMBER, Decimal(30)), Part(JANUARY, Decimal(60))),
        (Part(DECEMBER, Decimal(100)), Part(JANUARY)),
        (Part(DECEMBER, Decimal(30)), Part(JANUARY, amount_minor=700)),
        (Part(DECEMBER, Decimal(30)), Part(JANUARY), Part(FEBRUARY)),
        (Part(JANUARY, Decimal(30)), Part(DECEMBER)),
        (Part(DECEMBER, Decimal(30)), Part(DECEMBER)),
        (Part(DECEMBER),),
        tuple(Part(date(2027, 1, day), Decimal(5)) for day in range(1, 14)),
    ],
)
def test_what_does_not_add_up_is_refused(parts: tuple[Part, ...]):
    terms = PaymentTerms(TermsKind.INSTALMENTS, parts=parts)

    assert list(terms.faults(1_000, ISSUED))
    assert terms.instalments(1_000) == ()


def test_what_is_past_is_refused():
    past = date(2026, 1, 30)

    assert list(PaymentTerms(TermsKind.DATE, on=past).faults(1_000, ISSUED))
    assert list(PaymentTerms(TermsKind.DATE).faults(1_000, ISSUED))
    assert list(PaymentTerms(TermsKind.INSTALMENTS, parts=(Part(past, Decimal(30)), Part(JANUARY))).faults(9, ISSUED))
    assert not list(PaymentTerms(TermsKind.DATE, on=ISSUED).faults(1_000, ISSUED))


@pytest.mark.parametrize(
    ("settled", "owed", "rank", "left"),
    [
        (0, 1_000, 1, 300),
        (299, 1_000, 1, 1),
        (300, 1_000, 2, 700),
        (0, 800, 1, 300),
        (300, 800, 2, 500),
        (0, 200, 1, 200),
    ],
)
def test_money_pays_the_earliest_and_credits_take_from_the_last(settled: int, owed: int, rank: int, left: int):
    cut = (Instalment(DECEMBER, 300), Instalment(JANUARY, 700))

    following = next_instalment(cut, settled_minor=settled, owed_minor=owed)

    assert following is not None
    assert (following[0], following[1].amount_minor) == (rank, left)
    assert sum(one.amount_minor for one in still_due(cut, settled_minor=settled, owed_minor=owed)) == owed - settled


def test_nothing_follows_the_last():
    cut = (Instalment(DECEMBER, 300), Instalment(JANUARY, 700))

    assert next_instalment(cut, settled_minor=300, owed_minor=300) is None
    assert next_instalment(cut, settled_minor=1_000, owed_minor=1_000) is None


@pytest.mark.parametrize(
    ("terms", "beyond"),
    [
        (PaymentTerms(TermsKind.DAYS, 60), False),
        (PaymentTerms(TermsKind.DAYS, 61), True),
        (PaymentTerms(TermsKind.DAYS_END_OF_MONTH, 45), False),
        (PaymentTerms(TermsKind.DAYS_END_OF_MONTH, 46), True),
        (PaymentTerms(TermsKind.END_OF_MONTH_DAYS, 46), True),
        (PaymentTerms(TermsKind.DATE, on=date(2026, 4, 1)), False),
        (PaymentTerms(TermsKind.DATE, on=date(2026, 4, 2)), True),
        (PaymentTerms(TermsKind.INSTALMENTS, parts=(Part(ISSUED, Decimal(30)), Part(date(2026, 4, 2)))), True),
    ],
)
def test_the_ceiling_of_the_law(terms: PaymentTerms, beyond: bool):
    assert (ceiling_exceeded(terms, issued=ISSUED) is not None) == beyond


def test_there_was_no_ceiling_before_2009():
    assert ceiling_exceeded(PaymentTerms(TermsKind.DAYS, 90), issued=date(2008, 12, 31)) is None
