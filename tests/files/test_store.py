import hashlib
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from reglo.files import store
from reglo.files.models import StoredFile
from tests.harness.frozen_clock import FrozenClock

pytestmark = pytest.mark.django_db

PAPER = b"%PDF-1.7 facture"
NAME = hashlib.sha256(PAPER).hexdigest()


def test_a_file_is_named_by_its_bytes(clock: FrozenClock, files_root: Path):
    stored = store.put(PAPER, media_type="application/pdf", now=clock.now())

    assert (stored.sha256, stored.size, stored.media_type) == (NAME, 16, "application/pdf")
    assert stored.created_at == clock.now()
    assert [path.name for path in files_root.iterdir() if path.name != ".lock"] == [NAME]
    assert store.read(NAME) == PAPER


def test_the_same_bytes_are_one_file_and_one_row(clock: FrozenClock):
    first = store.put(PAPER, media_type="application/pdf", now=clock.now())
    second = store.put(PAPER, media_type="application/pdf", now=clock.advance(days=1))

    assert second == first
    assert StoredFile.objects.count() == 1


def test_an_altered_file_is_not_read(clock: FrozenClock, files_root: Path):
    store.put(PAPER, media_type="application/pdf", now=clock.now())
    (files_root / NAME).write_bytes(PAPER + b"!")

    with pytest.raises(store.FileAltered):
        store.read(NAME)


def test_a_missing_file_says_so():
    with pytest.raises(store.FileMissing):
        store.read(NAME)


def test_putting_again_mends_an_altered_file(clock: FrozenClock, files_root: Path):
    store.put(PAPER, media_type="application/pdf", now=clock.now())
    (files_root / NAME).write_bytes(b"")

    store.put(PAPER, media_type="application/pdf", now=clock.now())

    assert store.read(NAME) == PAPER


def test_an_interrupted_write_leaves_no_file_and_no_row(
    clock: FrozenClock, files_root: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(store.os, "fsync", full)

    with pytest.raises(OSError, match="no space left"):
        store.put(PAPER, media_type="application/pdf", now=clock.now())

    assert list(files_root.iterdir()) == []
    assert not StoredFile.objects.exists()


def test_a_row_is_never_changed(clock: FrozenClock):
    store.put(PAPER, media_type="application/pdf", now=clock.now())

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        StoredFile.objects.update(media_type="text/html")
