from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from reglo.companies.models import Company, User
from reglo.companies.services import change_company
from reglo.files import store
from reglo.files.models import StoredFile
from reglo.files.sweep import sweep_files
from tests.harness.frozen_clock import FrozenClock

pytestmark = pytest.mark.django_db

EIGHT_DAYS = timedelta(days=8)


def names(root: Path) -> set[str]:
    return {path.name for path in root.iterdir()} - {".lock"}


def test_what_nobody_refers_to_goes_after_seven_days(clock: FrozenClock, files_root: Path):
    store.put(b"old", media_type="image/png", now=clock.now())
    recent = store.put(b"recent", media_type="image/png", now=clock.advance(days=8))

    assert sweep_files(now=clock.now()) == 1

    assert names(files_root) == {recent.sha256}
    assert StoredFile.objects.get() == recent


def test_what_somebody_refers_to_stays(company: Company, clock: FrozenClock):
    company.logo = store.put(b"logo", media_type="image/png", now=clock.now())
    company.save()

    assert sweep_files(now=clock.now() + EIGHT_DAYS) == 0

    assert store.read(company.logo.sha256) == b"logo"


def test_a_replaced_logo_stays_for_the_documents_that_print_it(company: Company, alice: User, clock: FrozenClock):
    changed = {"company_id": company.id, "actor_id": alice.id, "now": clock.now()}
    old = store.put(b"old logo", media_type="image/png", now=clock.now())
    change_company(logo_id=old.pk, **changed)

    change_company(logo_id=None, **changed)

    assert sweep_files(now=clock.now() + EIGHT_DAYS) == 0
    assert store.read(old.sha256) == b"old logo"


def test_the_file_of_a_rolled_back_transaction_goes(clock: FrozenClock, files_root: Path):
    with transaction.atomic():
        store.put(b"never", media_type="image/png", now=clock.now())
        transaction.set_rollback(True)
    assert len(names(files_root)) == 1

    assert sweep_files(now=clock.now() + EIGHT_DAYS) == 1

    assert names(files_root) == set()


def test_a_file_put_again_is_young_again(clock: FrozenClock):
    with transaction.atomic():
        store.put(b"bytes", media_type="image/png", now=clock.now())
        transaction.set_rollback(True)
    store.put(b"bytes", media_type="image/png", now=clock.advance(days=8))

    assert sweep_files(now=clock.now()) == 0

    assert sweep_files(now=clock.now() + EIGHT_DAYS) == 1


def test_the_remains_of_a_killed_writer_go(clock: FrozenClock, files_root: Path):
    files_root.mkdir()
    (files_root / ".new-abc").write_bytes(b"half")
    (files_root / "README").write_bytes(b"put there by a person")

    assert sweep_files(now=clock.now() + timedelta(days=10_000)) == 1

    assert names(files_root) == {"README"}


def test_before_the_first_file_there_is_nothing_to_do(clock: FrozenClock):
    assert sweep_files(now=clock.now()) == 0
