"""The bytes: one file per content, named by its SHA-256, durable before any row speaks of it."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.files.models import StoredFile

UNFINISHED = ".new-"  # prefix of a file being written


class FileMissing(RegloError):
    code = "file_missing"
    status = 500
    message = _("Ce fichier n’est plus dans le dossier des documents. Restaurez-le depuis une sauvegarde.")


class FileAltered(RegloError):
    code = "file_altered"
    status = 500
    message = _("Ce fichier a été modifié hors de Réglo. Restaurez-le depuis une sauvegarde.")


def put(data: bytes, *, media_type: str, now: datetime) -> StoredFile:
    """The row of a file that is on disk for good. The same bytes put twice are one file and one row.

    Call it before or inside the transaction that refers to it: a file whose row is rolled back is swept later.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    _write(path_of(sha256), data, now)
    stored, _created = StoredFile.objects.get_or_create(
        sha256=sha256, defaults={"size": len(data), "media_type": media_type, "created_at": now}
    )
    return stored


def put_stream(source: BinaryIO, *, media_type: str, now: datetime) -> StoredFile:
    """As `put`, of a file too large to be held, read from its beginning."""
    source.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(1 << 20):
        digest.update(chunk)
        size += len(chunk)
    source.seek(0)
    sha256 = digest.hexdigest()
    _write(path_of(sha256), source, now)
    stored, _created = StoredFile.objects.get_or_create(
        sha256=sha256, defaults={"size": size, "media_type": media_type, "created_at": now}
    )
    return stored


def read(sha256: str) -> bytes:
    """The bytes of a stored file, checked against their name. Raises FileMissing, FileAltered."""
    try:
        data = path_of(sha256).read_bytes()
    except FileNotFoundError:
        raise FileMissing(sha256=sha256) from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise FileAltered(sha256=sha256)
    return data


def path_of(sha256: str) -> Path:
    return Path(settings.FILES_ROOT) / sha256


@contextmanager
def locked(kind: int) -> Iterator[None]:
    """Hold the folder: LOCK_SH to name a file, LOCK_EX to remove one that nobody is naming again."""
    with (Path(settings.FILES_ROOT) / ".lock").open("ab") as file:
        fcntl.flock(file, kind)
        yield


def _write(path: Path, data: bytes | BinaryIO, now: datetime) -> None:
    """Appear under the final name whole or not at all, and survive a power failure from then on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=UNFINISHED, delete=False) as file:
        temporary = Path(file.name)
        try:
            if isinstance(data, bytes):
                file.write(data)
            else:
                shutil.copyfileobj(data, file)
            file.flush()
            os.utime(file.fileno(), (now.timestamp(), now.timestamp()))  # its age, to the sweep
            os.fsync(file.fileno())
            with locked(fcntl.LOCK_SH):
                # Even over a file of that name: this one is good, and young again.
                temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    _sync_directory(path.parent)


def _sync_directory(path: Path) -> None:
    directory = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
