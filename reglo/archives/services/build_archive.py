"""Write an archive: every file, its hash in a manifest, the manifest signed."""

import tempfile
import zipfile
from datetime import datetime, timedelta
from typing import BinaryIO

from django.db import transaction
from django.db.models import Q

from reglo.archives.manifest import manifest_of
from reglo.archives.models import Archive
from reglo.archives.services.signing import public_pem, sign, signing_key_of
from reglo.archives.states import ArchiveState
from reglo.archives.written import ArchiveWriter, Contents, contents_of
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.files import store

KEPT_FOR = timedelta(days=7)
GIVEN_UP_AFTER = timedelta(minutes=30)
TOLD_EVERY = 10  # documents
ZIP = "application/zip"


def next_archive(*, now: datetime) -> Archive | None:
    """One that was asked for, or that a worker began and left, taken by this worker."""
    left = Q(state=ArchiveState.BUILDING, began_at__lt=now - GIVEN_UP_AFTER)
    with transaction.atomic():
        archive = (
            Archive.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("company")
            .filter(Q(state=ArchiveState.REQUESTED) | left)
            .order_by("requested_at")
            .first()
        )
        if archive is not None:
            archive.move_to(ArchiveState.BUILDING)
            archive.began_at, archive.done = now, 0
            archive.save(update_fields=["state", "began_at", "done"])
    return archive


def build_archive(*, archive: Archive, now: datetime) -> None:
    """Prepare it, outside any transaction; what a person can mend is told in `failure`."""
    try:
        with tempfile.TemporaryFile() as file:
            _write(archive, file, now)
            file.seek(0)
            stored = store.put_stream(file, media_type=ZIP, now=now)
    except RegloError as refusal:
        archive.move_to(ArchiveState.FAILED)
        archive.failure = str(refusal)[:300]
        archive.save(update_fields=["state", "failure"])
        return
    with transaction.atomic():
        archive.move_to(ArchiveState.READY)
        archive.file, archive.sha256, archive.expires_at = stored, stored.sha256, now + KEPT_FOR
        archive.done = archive.total
        archive.save(update_fields=["state", "file", "sha256", "expires_at", "done"])
        record(
            kind=Kind.ARCHIVE_READY,
            company_id=archive.company_id,
            subject=archive,
            now=now,
            content={"sha256": stored.sha256, "first_day": archive.first_day, "last_day": archive.last_day},
        )


def _write(archive: Archive, file: BinaryIO, now: datetime) -> None:
    key = signing_key_of(company_id=archive.company_id, now=now)
    contents = contents_of(archive)
    archive.total = contents.documents.count() + contents.openings.count()
    archive.save(update_fields=["total"])
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        writer = ArchiveWriter(written, made_at=now)
        _write_documents(archive, contents, writer, now)
        contents.write_tables(writer)
        writer.add("public_key.pem", public_pem(key))
        contents.write_words(writer, fingerprint=key.public_hex)
        manifest = manifest_of(archive, contents=contents, hashes=writer.hashes, public=key.public_hex, made_at=now)
        writer.add("manifest.json", manifest)
        writer.add("manifest.sig", sign(key, manifest))


def _write_documents(archive: Archive, contents: Contents, writer: ArchiveWriter, now: datetime) -> None:
    for done, document in enumerate(contents.every_document(), start=1):
        contents.write_document(writer, document, now=now)
        if done % TOLD_EVERY == 0:
            Archive.objects.filter(pk=archive.pk).update(done=done)
