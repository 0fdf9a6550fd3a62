"""`reglo verify`: a line for each proof, and an exit code that a schedule can act on."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from reglo.files import store
from reglo.verify.run import BROKEN, MOST_SHOWN, PROOFS, PROVED, UNREADABLE
from tests.factories import make_company, make_issued
from tests.verify.test_proofs import address

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def books(transactional_db: None, settings: Any) -> None:
    make_issued(make_company(), now=NOW)
    settings.DATABASE_ADDRESS = address()


def verify(capsys: pytest.CaptureFixture[str]) -> tuple[object, str, str]:
    """The exit code, and what was said on each stream."""
    with pytest.raises(SystemExit) as ended:
        call_command("verify")
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


def test_sound_books_end_with_0_and_a_tick_for_each_proof(books: None, capsys: pytest.CaptureFixture[str]):
    code, said, complained = verify(capsys)

    assert code == PROVED == 0
    assert [line[0] for line in said.splitlines()] == ["✓"] * len(PROOFS)
    assert complained == ""


def test_broken_books_end_with_40_and_every_other_proof_is_still_run(books: None, capsys: pytest.CaptureFixture[str]):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE invoicing_numbersequence SET last_number = 7")  # a counter may go forward

    code, said, _complained = verify(capsys)

    assert code == BROKEN == 40
    assert [line[0] for line in said.splitlines()].count("✓") == len(PROOFS) - 1
    assert "✗ Les numéros se suivent, sans trou ni retour en arrière" in said
    assert "le compteur ESSAI-F2026- dit 7, le dernier est 1" in said


def test_a_missing_file_breaks_them_too(books: None, files_root: Path, capsys: pytest.CaptureFixture[str]):
    kept = store.put(b"%PDF", media_type="application/pdf", now=NOW)
    store.path_of(kept.sha256).unlink()

    code, said, _complained = verify(capsys)

    assert code == BROKEN
    assert f"fichier {kept.sha256}\u00a0: illisible" in said


def test_of_many_faults_the_first_are_shown(books: None, capsys: pytest.CaptureFixture[str]):
    for number in range(MOST_SHOWN + 5):
        kept = store.put(b"%d" % number, media_type="text/plain", now=NOW)
        store.path_of(kept.sha256).unlink()

    _code, said, _complained = verify(capsys)

    assert said.count("illisible") == MOST_SHOWN


@pytest.mark.parametrize(
    "nowhere",
    ["var/rien.sqlite3", "README.md", "postgresql://postgres@127.0.0.1:1/rien", ""],
    ids=["no file", "not a database", "no server", "a folder"],
)
def test_what_cannot_be_read_ends_with_41_and_says_why(nowhere: str, settings: Any, capsys: pytest.CaptureFixture[str]):
    settings.DATABASE_ADDRESS = nowhere

    code, _said, complained = verify(capsys)

    assert code == UNREADABLE == 41
    assert complained.startswith("Les comptes ne peuvent pas être lus : ")
