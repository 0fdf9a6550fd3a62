from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from reglo.companies.models import Company
from reglo.events.models import Event
from reglo.invoicing.models import NumberSequence, SeriesFormat
from reglo.invoicing.numbering import spelling_on, take_number
from reglo.invoicing.services import BadSeriesFormat, SeriesShared, change_series_format
from reglo.invoicing.states import SeriesKind
from tests.factories import make_company, make_credit, make_issued
from tests.harness.rows import nothing_written

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)


def change(company: Company, pattern: str, **given: Any) -> SeriesFormat | None:
    usual = {"kind": SeriesKind.INVOICE, "digits": 4, "effective_date": TODAY, "now": NOW}
    return change_series_format(company_id=company.id, pattern=pattern, **{**usual, **given})


def test_a_format_opens_a_new_series_and_leaves_the_past(company: Company):
    before = make_issued(company, now=NOW)

    change(company, "fa{AA}{MM}-", digits=5)
    after = make_issued(company, now=NOW)

    assert before.number == "ESSAI-F2026-0001"
    assert (after.series, after.number) == ("ESSAI-FA2611-", "ESSAI-FA2611-00001")
    event = Event.objects.get(kind="series.changed")
    assert '"pattern_before":"F{AAAA}-"' in event.content.content


def test_a_format_of_later_waits_for_its_day(company: Company):
    change(company, "FACT-", effective_date=date(2027, 1, 1))

    assert make_issued(company, now=NOW).number == "ESSAI-F2026-0001"
    assert make_issued(company, now=NOW + timedelta(days=60)).number == "ESSAI-FACT-0001"


def test_no_year_means_one_series_for_ever(company: Company):
    change(company, "FACT-")

    numbers = [make_issued(company, now=NOW + timedelta(days=days)).number for days in (0, 60, 400)]

    assert numbers == ["ESSAI-FACT-0001", "ESSAI-FACT-0002", "ESSAI-FACT-0003"]


def test_the_last_format_chosen_for_a_day_counts(company: Company):
    change(company, "FA{AAAA}-")
    change(company, "FB{AAAA}-")

    assert make_issued(company, now=NOW).number == "ESSAI-FB2026-0001"


def test_more_digits_go_on_in_the_same_series(company: Company):
    make_issued(company, now=NOW)

    change(company, "F{AAAA}-", digits=6)

    assert make_issued(company, now=NOW).number == "ESSAI-F2026-000002"
    assert str(NumberSequence.objects.get(company=company)) == "ESSAI-F2026-000002"


def test_the_same_format_again_writes_nothing(company: Company):
    with nothing_written():
        assert change(company, "F{AAAA}-") is None


@pytest.mark.parametrize(
    ("pattern", "given", "field"),
    [
        ("F {AAAA}-", {}, "pattern"),
        ("F{MM}-", {}, "pattern"),
        ("ESSAI-F", {}, "pattern"),
        ("F" * 25, {}, "pattern"),
        ("FACT-", {"digits": 3}, "digits"),
        ("FACT-", {"digits": 11}, "digits"),
        ("FACT-", {"effective_date": date(2026, 11, 21)}, "effective_date"),
    ],
)
def test_a_bad_format_is_refused_at_its_field(company: Company, pattern: str, given: dict[str, Any], field: str):
    with nothing_written(), pytest.raises(BadSeriesFormat) as refusal:
        change(company, pattern, **given)

    assert refusal.value.field == field


@pytest.mark.parametrize("pattern", ["A2026-", "A20{AA}-", "D2027-"])
def test_a_series_that_could_give_the_number_of_another_is_refused(company: Company, pattern: str):
    with nothing_written(), pytest.raises(BadSeriesFormat) as refusal:
        change(company, pattern)

    assert "Il pourrait donner le même numéro que" in str(refusal.value)


def test_a_former_series_of_the_company_counts_as_another(company: Company):
    make_issued(company, now=NOW)
    change(company, "FACT-")

    with pytest.raises(BadSeriesFormat):
        change(company, "F2026-", kind=SeriesKind.CREDIT_NOTE)


def test_a_usual_series_never_begun_is_free_once_left(company: Company):
    change(company, "DE-", kind=SeriesKind.QUOTE)

    assert change(company, "D{AAAA}-") is not None


def test_two_kinds_share_a_series_when_it_is_meant(company: Company):
    with nothing_written(), pytest.raises(SeriesShared) as refusal:
        change(company, "F{AAAA}-", kind=SeriesKind.CREDIT_NOTE)
    assert "Factures" in str(refusal.value)

    change(company, "F{AAAA}-", kind=SeriesKind.CREDIT_NOTE, shared=True)
    invoice = make_issued(company, now=NOW)

    assert (invoice.number, make_credit(invoice, amount_minor=1_00).number) == ("ESSAI-F2026-0001", "ESSAI-F2026-0002")


def test_deposits_are_numbered_among_the_invoices_until_told_otherwise(company: Company):
    make_issued(company, now=NOW)
    taken = take_number(company_id=company.id, kind=SeriesKind.DEPOSIT, issue_date=TODAY, practice=True)
    assert taken.number == "ESSAI-F2026-0002"

    change(company, "FACT-")
    assert spelling_on(SeriesKind.DEPOSIT, company_id=company.id, day=TODAY).pattern == "FACT-"

    change(company, "AC-", kind=SeriesKind.DEPOSIT)
    taken = take_number(company_id=company.id, kind=SeriesKind.DEPOSIT, issue_date=TODAY, practice=True)
    assert taken.number == "ESSAI-AC-0001"


def test_each_company_has_its_own_formats(company: Company, alice: Any):
    change(company, "FACT-")

    assert make_issued(make_company(owner=alice), now=NOW).number == "ESSAI-F2026-0001"
