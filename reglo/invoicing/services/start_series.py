"""*Commencer à un autre numéro*: a series goes on from that of a former tool. Once, before its first document."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from reglo.companies.locks import lock_company
from reglo.database.retry import retry_on_conflict
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.models import NumberSequence, SeriesStart
from reglo.invoicing.numbering import spelling_on
from reglo.invoicing.series_patterns import LONGEST_NUMBER
from reglo.invoicing.states import SeriesKind

LONGEST_REASON = 200
LARGEST_FIRST = 10**8


class SeriesAlreadyBegun(RegloError):
    code = "series_already_begun"
    status = 409
    message = _(
        "La série %(series)s a déjà commencé : un document porte son numéro, ou son premier numéro a déjà été choisi. "
        "Ce choix ne se fait qu’une fois, avant le premier document."
    )


class BadSeriesStart(RegloError):
    """`field` says which one: first_number, reason."""

    code = "bad_series_start"
    message = _("Indiquez un premier numéro entre 1 et 100 000 000, et pourquoi la série commence là.")


@retry_on_conflict
def start_series(
    *, company_id: int, kind: SeriesKind, first_number: int, reason: str, now: datetime, actor_id: int | None = None
) -> SeriesStart:
    """The series of today of this kind begins at `first_number`, for a reason that is kept.

    Raises BadSeriesStart, SeriesAlreadyBegun: nothing is then written.
    """
    reason = " ".join(reason.split())
    if not 1 <= first_number <= LARGEST_FIRST:
        raise BadSeriesStart(field="first_number")
    if not 0 < len(reason) <= LONGEST_REASON:
        raise BadSeriesStart(field="reason")
    with transaction.atomic():
        company = lock_company(company_id)
        today = now.astimezone(company.zone).date()
        spelling = spelling_on(kind, company_id=company_id, day=today)
        series = spelling.series(today, practice=company.practice)
        assert len(spelling.number(first_number, today, practice=company.practice)) <= LONGEST_NUMBER + 6, "too long"
        counter = NumberSequence(
            company=company, series=series, digits=spelling.digits, last_number=first_number - 1, last_date=today
        )
        try:
            with transaction.atomic():
                counter.save(force_insert=True)
        except IntegrityError as taken:
            raise SeriesAlreadyBegun(series=series) from taken
        start = SeriesStart.objects.create(
            company=company,
            series=series,
            first_number=first_number,
            reason=reason,
            recorded_at=now,
            recorded_by_id=actor_id,
        )
        record(
            kind=Kind.SERIES_STARTED,
            company_id=company_id,
            subject=company,
            actor_id=actor_id,
            now=now,
            content={"series": series, "first_number": first_number, "reason": reason},
        )
    return start
