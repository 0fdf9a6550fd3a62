"""What the worker closes, prepares and forgets. Each is safe to run twice."""

from datetime import datetime

from reglo.archives.services import build_archive, close_periods, forget_archives, next_archive
from reglo.companies.models import Company


def close_every_period(*, now: datetime) -> None:
    """The days, months and years that are over, of every company."""
    for company_id in Company.objects.order_by("id").values_list("id", flat=True):
        close_periods(company_id=company_id, now=now)


def build_archives(*, now: datetime) -> None:
    """Those that were asked for, one after the other; one that a dead worker left is begun again."""
    while (archive := next_archive(now=now)) is not None:
        build_archive(archive=archive, now=now)


def forget_old_archives(*, now: datetime) -> None:
    forget_archives(now=now)
