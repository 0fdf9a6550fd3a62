import subprocess
import sys

from reglo.operations.command_line import COMMANDS
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
    assert run.stderr.startswith("Réglo ne peut pas démarrer : REGLO_SECRET_KEY manque.")
    assert run.stderr.count("\n") == 1
