from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from reglo.companies.models import Company
from reglo.events.models import Event
from reglo.invoicing.models import SeriesStart
from reglo.invoicing.numbering import IssueDateBeforeSeries
from reglo.invoicing.services import BadSeriesStart, SeriesAlreadyBegun, start_series
from reglo.invoicing.states import SeriesKind
from tests.factories import make_issued
from tests.harness.rows import nothing_written

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
REASON = "suite d’Axonaut F2026-0142"


def start(company: Company, first: int = 143, reason: str = REASON, now: datetime = NOW) -> SeriesStart:
    return start_series(
        company_id=company.id, kind=SeriesKind.INVOICE, first_number=first, reason=reason, now=now, actor_id=None
    )


def test_a_series_goes_on_from_the_former_tool(company: Company):
    started = start(company)

    assert [make_issued(company, now=NOW).number for _ in range(2)] == ["ESSAI-F2026-0143", "ESSAI-F2026-0144"]
    assert (started.series, started.first_number, started.reason) == ("ESSAI-F2026-", 143, REASON)
    assert Event.objects.filter(kind="series.started", company=company).count() == 1


def test_next_year_begins_at_one(company: Company):
    start(company)

    assert make_issued(company, now=NOW + timedelta(days=60)).number == "ESSAI-F2027-0001"


def test_it_is_chosen_once(company: Company):
    start(company)

    with nothing_written(), pytest.raises(SeriesAlreadyBegun):
        start(company, first=200)


def test_never_after_a_document(company: Company):
    make_issued(company, now=NOW)

    with nothing_written(), pytest.raises(SeriesAlreadyBegun):
        start(company)


def test_no_document_is_dated_before_the_choice(company: Company):
    start(company)

    with pytest.raises(IssueDateBeforeSeries):
        make_issued(company, now=NOW - timedelta(days=1))


@pytest.mark.parametrize(
    ("first", "reason", "field"),
    [(0, REASON, "first_number"), (10**9, REASON, "first_number"), (143, "  ", "reason"), (143, "x" * 201, "reason")],
)
def test_a_bad_start_is_refused_at_its_field(company: Company, first: int, reason: str, field: str):
    with nothing_written(), pytest.raises(BadSeriesStart) as refusal:
        start(company, first, reason)

    assert refusal.value.field == field


def test_the_database_keeps_the_start_as_it_was_said(company: Company):
    started = start(company)

    for change in ({"reason": "autre"}, {"first_number": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SeriesStart.objects.filter(pk=started.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        started.delete()


def test_the_database_refuses_a_start_under_a_document(company: Company):
    invoice = make_issued(company, now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        SeriesStart.objects.create(
            company=company, series=invoice.series, first_number=5, reason="trop tard", recorded_at=NOW
        )
