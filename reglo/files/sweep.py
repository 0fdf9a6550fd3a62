"""Remove what nobody refers to: files of rolled-back transactions, replaced logos, interrupted writes."""

import fcntl
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, ManyToOneRel, OuterRef, ProtectedError, QuerySet

from reglo.files.models import StoredFile
from reglo.files.store import UNFINISHED, locked

KEPT_FOR = timedelta(days=7)


def sweep_files(*, now: datetime) -> int:
    """Forget and remove files that nothing has referred to for 7 days; return how many went."""
    before = now - KEPT_FOR
    for stored in list(_unreferred(before)):
        # Somebody may refer to it at this very moment: then it stays.
        with suppress(ProtectedError, IntegrityError), transaction.atomic():
            stored.delete()
    return sum(_remove(path, before) for path in _candidates(before))


def _unreferred(before: datetime) -> QuerySet[StoredFile]:
    """Rows from before that instant to which no foreign key of any model points."""
    stored = StoredFile.objects.filter(created_at__lt=before)
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):
            referring = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            stored = stored.exclude(Exists(referring))
    return stored


def _candidates(before: datetime) -> Iterator[Path]:
    """Files from before that instant without a row, finished or not."""
    root = Path(settings.FILES_ROOT)
    if not root.exists():
        return
    known = set(StoredFile.objects.values_list("sha256", flat=True))
    for path in sorted(root.iterdir()):
        ours = len(path.name) == 64 or path.name.startswith(UNFINISHED)
        if ours and path.name not in known and _is_older(path, before):
            yield path


def _remove(path: Path, before: datetime) -> bool:
    with locked(fcntl.LOCK_EX):
        if not _is_older(path, before):  # put again meanwhile
            return False
        path.unlink()
        return True


def _is_older(path: Path, before: datetime) -> bool:
    try:
        return path.stat().st_mtime < before.timestamp()
    except FileNotFoundError:
        return False
