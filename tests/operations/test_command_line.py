import subprocess
import sys

import pytest

from reglo.operations.command_line import COMMANDS, help_of, usage
from reglo.ports import terminal
from tests.architecture.source import ROOT


def test_reglo_alone_says_what_there_is_and_needs_no_setting():
    run = subprocess.run(
        [sys.executable, "-m", "reglo.operations.command_line"],
        env={},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )

    for name, sentence in COMMANDS.items():
        assert f"{name.replace('_', '-')} " in run.stdout
        assert sentence in run.stdout


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({}, "Met la base"),
        ({"LANG": "C.UTF-8"}, "Met la base"),
        ({"LANG": "fr_FR.UTF-8"}, "Met la base"),
        ({"LANG": "en_GB.UTF-8"}, "Brings the database"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "fr_FR.UTF-8"}, "Met la base"),
        ({"LANG": "fr_FR.UTF-8", "LANGUAGE": "en:fr"}, "Brings the database"),
    ],
)
def test_it_speaks_the_language_of_the_terminal(
    environment: dict[str, str], says: str, monkeypatch: pytest.MonkeyPatch
):
    for name in terminal.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert says in usage()


def test_every_command_has_its_english(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LANGUAGE", "en")

    assert [name for name, french in COMMANDS.items() if help_of(name) == french] == []


def test_a_missing_setting_is_one_sentence():
    run = subprocess.run(
        [sys.executable, "-m", "reglo.operations.command_line", "worker"],
        env={},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )

    assert run.returncode == 1
    assert run.stderr.startswith("Réglo ne peut pas démarrer : REGLO_SECRET_KEY manque.")
    assert run.stderr.count("\n") == 1
