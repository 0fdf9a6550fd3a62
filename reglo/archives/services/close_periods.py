"""Close every day that is over, and the months and years that end with it. Run again, it goes on where it stopped."""

from dataclasses import asdict
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Min

from reglo.archives.chaining import hash_closing
from reglo.archives.models import Closing
from reglo.archives.period_totals import Happened, Sums, cut, documents_after, money_after
from reglo.archives.states import PeriodKind
from reglo.companies.locks import lock_company
from reglo.companies.models import Company
from reglo.database.retry import retry_on_conflict
from reglo.invoicing.models import Invoice
from reglo.ledger.models import Entry

DAYS_AT_ONCE = 100


def close_periods(*, company_id: int, now: datetime) -> int:
    """How many periods were closed: every day of the company's time zone that ended before `now`, some hundred in each
    transaction, so that a long absence is caught up."""
    closed = 0
    while made := _close_some(company_id=company_id, now=now):
        closed += made
    return closed


@retry_on_conflict
def _close_some(*, company_id: int, now: datetime) -> int:
    with transaction.atomic():
        company = lock_company(company_id)
        last = Closing.objects.filter(company=company).order_by("-position").first()
        day, begins_at = _beginning(company, last)
        days: list[date] = []
        while len(days) < DAYS_AT_ONCE and _midnight(company, day + timedelta(days=len(days) + 1)) <= now:
            days.append(day + timedelta(days=len(days)))
        if not days:
            return 0
        return _close(company, last, days, begins_at, now)


def _close(company: Company, last: Closing | None, days: list[date], begins_at: datetime, now: datetime) -> int:
    ends = [_midnight(company, day + timedelta(days=1)) for day in days]
    documents = documents_after(company_id=company.id, position=last.document_position if last else 0, until=ends[-1])
    money = money_after(company_id=company.id, position=last.entry_position if last else 0, until=ends[-1])
    made = 0
    for day, end, issued, moved in zip(days, ends, cut(documents, ends), cut(money, ends), strict=True):
        last = _write(company, last, PeriodKind.DAY, day, begins_at, end, _sums(issued, moved), issued, moved, now)
        made += 1
        for kind in _ending_with(day):
            last = _write_sum(company, last, kind, day, now)
            made += 1
        begins_at = end
    return made


def _write(
    company: Company,
    last: Closing | None,
    kind: PeriodKind,
    day: date,
    begins_at: datetime,
    ends_at: datetime,
    sums: Sums,
    issued: list[Happened],
    moved: list[Happened],
    now: datetime,
    first_day: date | None = None,
) -> Closing:
    of_its_own = kind == PeriodKind.DAY  # a month repeats what its days have counted
    closing = Closing(
        company=company,
        position=(last.position if last else 0) + 1,
        kind=kind,
        first_day=first_day or day,
        last_day=day,
        begins_at=begins_at,
        ends_at=ends_at,
        document_position=issued[-1].position if issued else last.document_position if last else 0,
        entry_position=moved[-1].position if moved else last.entry_position if last else 0,
        perpetual_invoiced_minor=(last.perpetual_invoiced_minor if last else 0)
        + (sums.invoiced_minor if of_its_own else 0),
        perpetual_collected_minor=(last.perpetual_collected_minor if last else 0)
        + (sums.collected_minor if of_its_own else 0),
        closed_at=now,
        previous_hash=last.hash if last else "",
        **asdict(sums),
    )
    closing.hash = hash_closing(closing)
    closing.save(force_insert=True)
    return closing


def _write_sum(company: Company, last: Closing, kind: PeriodKind, day: date, now: datetime) -> Closing:
    """The month or the year that ends with `day`, from the days in it."""
    first = day.replace(day=1) if kind == PeriodKind.MONTH else day.replace(month=1, day=1)
    days = list(
        Closing.objects.filter(company=company, kind=PeriodKind.DAY, first_day__gte=first, first_day__lte=day).order_by(
            "first_day"
        )
    )
    return _write(
        company, last, kind, day, days[0].begins_at, last.ends_at, Sums().plus(days), [], [], now, first_day=first
    )


def _sums(issued: list[Happened], moved: list[Happened]) -> Sums:
    sums = Sums()
    for one in (*issued, *moved):
        if one.name:
            sums.add(one.name, one.minor)
    return sums


def _ending_with(day: date) -> list[PeriodKind]:
    tomorrow = day + timedelta(days=1)
    months = [PeriodKind.MONTH] if tomorrow.day == 1 else []
    return [*months, PeriodKind.YEAR] if (tomorrow.month, tomorrow.day) == (1, 1) else months


def _beginning(company: Company, last: Closing | None) -> tuple[date, datetime]:
    """The first day that is not closed, and the instant where the closings ended."""
    if last:
        return last.last_day + timedelta(days=1), last.ends_at
    began = [
        company.created_at,
        Invoice.objects.filter(company=company).aggregate(at=Min("issued_at"))["at"],
        Entry.objects.filter(company=company).aggregate(at=Min("posted_at"))["at"],
    ]
    day = min(at for at in began if at).astimezone(company.zone).date()
    return day, _midnight(company, day)


def _midnight(company: Company, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=company.zone)
