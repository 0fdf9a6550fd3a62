"""What the process says before it starts."""

from pathlib import Path
from typing import Any

import pytest

from reglo.companies.models import User
from reglo.companies.simulation import refuse_simulation_beside_real_company
from reglo.config import checks
from reglo.database.readiness import NotReady
from tests.factories import make_company


def test_a_simulation_is_refused_beside_a_real_company(alice: User, settings: Any):
    make_company(owner=alice, practice=False)
    refuse_simulation_beside_real_company()

    settings.SIMULATION = True
    with pytest.raises(NotReady, match="à côté d’une entreprise réelle"):
        refuse_simulation_beside_real_company()


def test_a_simulation_is_fine_among_practice_companies(alice: User, settings: Any):
    make_company(owner=alice, practice=True)
    settings.SIMULATION = True

    refuse_simulation_beside_real_company()


def test_a_folder_that_cannot_be_written_is_named(settings: Any, tmp_path: Path):
    taken = tmp_path / "files"
    taken.write_text("a file stands where the folder should", encoding="utf-8")
    settings.FILES_ROOT = taken

    [message] = checks.files_folder(None)

    assert str(taken) in message.msg
    assert message.id == "reglo.E001"


def test_a_folder_not_made_yet_is_fine(settings: Any, tmp_path: Path):
    settings.FILES_ROOT = tmp_path / "not" / "yet"

    assert checks.files_folder(None) == []


def test_static_files_not_collected_are_told(settings: Any, tmp_path: Path):
    settings.STATIC_ROOT = str(tmp_path)
    assert [message.hint for message in checks.static_files(None)] == ["Lancez « reglo migrate »."]

    (tmp_path / "staticfiles.json").touch()
    assert checks.static_files(None) == []


@pytest.mark.parametrize(
    ("debug", "address", "refused"),
    [
        (True, "https://factures.exemple.fr", True),
        (True, "http://localhost:8000", False),
        (False, "https://x.fr", False),
    ],
)
def test_debugging_is_refused_at_a_public_address(settings: Any, debug: bool, address: str, refused: bool):
    settings.DEBUG, settings.BASE_URL = debug, address

    assert bool(checks.debugging(None)) is refused


@pytest.mark.django_db
def test_the_web_server_stops_on_the_first_error(settings: Any, tmp_path: Path):
    settings.FILES_ROOT = tmp_path / "files"
    settings.FILES_ROOT.write_text("", encoding="utf-8")

    with pytest.raises(NotReady, match="REGLO_FILES"):
        checks.require_fit()
