"""Days, months and years are closed once, in one chain, from what the books hold."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from reglo.archives.models import Closing
from reglo.archives.services import close_periods
from reglo.archives.tasks import close_every_period
from reglo.companies.models import Company
from reglo.invoicing.models import Invoice
from reglo.payments.models import Payment
from reglo.payments.services import record_collection, undo_collection
from reglo.payments.states import Method
from tests.factories import make_company, make_credit, make_issued, make_opening
from tests.harness.frozen_clock import FrozenClock
from tests.harness.rows import nothing_written

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TOMORROW = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)  # midnight in Paris


def collect(invoice: Invoice, minor: int, now: datetime = NOW) -> Payment:
    return record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.pk,
        amount_minor=minor,
        method=Method.TRANSFER,
        collected_on=date(2026, 11, 20),
        now=now,
    )


def closing(company: Company, kind: str, first_day: date) -> Closing:
    return Closing.objects.get(company=company, kind=kind, first_day=first_day)


def test_a_day_holds_what_was_issued_and_recorded_in_it(company: Company):
    invoice = make_issued(company, now=NOW)
    make_credit(invoice, amount_minor=20_00)
    wrong = collect(invoice, 30_00)
    collect(invoice, 40_00)
    undo_collection(company_id=company.id, payment_id=wrong.id, reason="Erreur", now=NOW)
    make_opening(company)

    close_periods(company_id=company.id, now=TOMORROW)

    day = closing(company, "day", date(2026, 11, 22))
    assert (day.invoices_count, day.invoices_minor) == (1, 120_00)
    assert (day.credit_notes_count, day.credit_notes_minor) == (1, 20_00)
    assert (day.payments_count, day.payments_minor) == (2, 70_00)
    assert (day.undone_count, day.undone_minor) == (1, 30_00)
    assert (day.refunds_count, day.refunds_minor) == (0, 0)
    assert (day.perpetual_invoiced_minor, day.perpetual_collected_minor) == (100_00, 40_00)


def test_a_day_is_closed_once_it_is_over_where_the_company_is(company: Company):
    make_issued(company, now=NOW)

    close_periods(company_id=company.id, now=TOMORROW - timedelta(seconds=1))
    assert Closing.objects.order_by("-position").first().last_day == date(2026, 11, 21)
    assert close_periods(company_id=company.id, now=TOMORROW) == 1

    with nothing_written():
        assert close_periods(company_id=company.id, now=TOMORROW) == 0


def test_missed_days_are_caught_up_with_their_months_and_years(company: Company):
    make_issued(company, now=NOW)

    close_periods(company_id=company.id, now=datetime(2027, 1, 1, 0, 0, tzinfo=UTC))

    kinds = Closing.objects.filter(company=company)
    days = (date(2026, 12, 31) - date(2025, 9, 1)).days + 1  # since the company was founded
    assert (kinds.filter(kind="day").count(), kinds.filter(kind="month").count()) == (days, 16)
    november, year = closing(company, "month", date(2026, 11, 1)), closing(company, "year", date(2026, 1, 1))
    assert (november.invoices_minor, year.invoices_minor) == (120_00, 120_00)
    assert (year.last_day, year.perpetual_invoiced_minor) == (date(2026, 12, 31), 120_00)
    positions = list(kinds.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))


def test_money_of_another_day_counts_when_it_is_recorded(company: Company):
    invoice = make_issued(company, now=NOW)
    close_periods(company_id=company.id, now=TOMORROW)

    collect(invoice, 50_00, now=TOMORROW + timedelta(hours=8))
    close_periods(company_id=company.id, now=TOMORROW + timedelta(days=1))

    assert closing(company, "day", date(2026, 11, 22)).payments_minor == 0
    assert closing(company, "day", date(2026, 11, 23)).payments_minor == 50_00


def test_what_bears_an_earlier_time_counts_in_the_day_of_its_place(company: Company):
    invoice = make_issued(company, now=NOW)
    close_periods(company_id=company.id, now=TOMORROW)

    collect(invoice, 50_00, now=NOW)  # by a machine whose clock went back
    close_periods(company_id=company.id, now=TOMORROW + timedelta(days=1))

    assert closing(company, "day", date(2026, 11, 23)).payments_minor == 50_00


def test_the_worker_closes_those_of_every_company(company: Company, clock: FrozenClock, mallory):
    other = make_company(owner=mallory)

    close_every_period(now=clock.now())

    assert set(Closing.objects.values_list("company_id", flat=True)) >= {company.id, other.id}


def test_the_database_keeps_what_is_closed(company: Company):
    close_periods(company_id=company.id, now=NOW)
    one = Closing.objects.filter(company=company).first()
    assert one is not None

    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.filter(pk=one.pk).update(payments_minor=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        one.delete()
