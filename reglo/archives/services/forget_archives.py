"""A download does not stay for ever: the file goes, its hash stays."""

from datetime import datetime

from reglo.archives.models import Archive
from reglo.archives.states import ArchiveState


def forget_archives(*, now: datetime) -> int:
    """How many expired. Their files are swept with what nobody refers to."""
    forgotten = 0
    for archive in Archive.objects.filter(state=ArchiveState.READY, expires_at__lte=now):
        archive.move_to(ArchiveState.EXPIRED)
        archive.file = None
        archive.save(update_fields=["state", "file"])
        forgotten += 1
    return forgotten
