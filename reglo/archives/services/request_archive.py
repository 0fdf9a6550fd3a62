"""Ask for the signed archive of a period; the worker prepares it."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.archives.models import Archive
from reglo.archives.states import ArchiveState
from reglo.companies.locks import lock_company
from reglo.database.retry import retry_on_conflict
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.ports import ids


class BadPeriod(RegloError):
    code = "bad_period"
    message = _("Choisissez un premier et un dernier jour, dans l’ordre, et pas après aujourd’hui.")


@retry_on_conflict
def request_archive(
    *, company_id: int, first_day: date, last_day: date, now: datetime, actor_id: int | None = None
) -> Archive:
    """The archive to come; the one of the same days that is already being prepared. Raises BadPeriod."""
    with transaction.atomic():
        company = lock_company(company_id)
        if not date(2000, 1, 1) <= first_day <= last_day <= now.astimezone(company.zone).date():
            raise BadPeriod(field="last_day")
        waiting = Archive.objects.filter(
            company=company,
            first_day=first_day,
            last_day=last_day,
            state__in=[ArchiveState.REQUESTED, ArchiveState.BUILDING],
        ).first()
        if waiting:
            return waiting
        archive = Archive.objects.create(
            id=ids.new_uuid(),
            company=company,
            first_day=first_day,
            last_day=last_day,
            requested_at=now,
            requested_by_id=actor_id,
        )
        record(
            kind=Kind.ARCHIVE_REQUESTED,
            company_id=company_id,
            subject=archive,
            now=now,
            actor_id=actor_id,
            content={"first_day": first_day, "last_day": last_day},
        )
    return archive
