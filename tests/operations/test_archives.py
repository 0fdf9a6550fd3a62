from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from reglo.archives import verify_archive
from reglo.archives.models import Closing
from reglo.companies.models import Company
from tests.factories import make_issued

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_close_periods_says_how_many(company: Company, capsys: pytest.CaptureFixture[str]):
    call_command("close_periods")
    call_command("close_periods")

    said = capsys.readouterr().out.replace("\u00a0", " ").splitlines()
    assert said == [f"{company} : {Closing.objects.count()} périodes closes.", f"{company} : 0 périodes closes."]


def test_archive_writes_a_file_that_verifies(company: Company, tmp_path: Path):
    make_issued(company, now=NOW)
    file = tmp_path / "archive.zip"

    call_command("archive", str(company.pk), "2026-01-01", "2026-11-22", str(file))

    assert list(verify_archive.faults(file)) == []


def test_archive_refuses_what_it_cannot_write(company: Company, tmp_path: Path):
    with pytest.raises(CommandError, match="n’existe pas"):
        call_command("archive", "0", "2026-01-01", "2026-11-22", str(tmp_path / "a.zip"))
    with pytest.raises(CommandError, match="dans l’ordre"):
        call_command("archive", str(company.pk), "2026-11-22", "2026-01-01", str(tmp_path / "a.zip"))


def test_the_attestation_fills_in_what_is_known(company: Company, capsys: pytest.CaptureFixture[str]):
    call_command("attestation", str(company.pk), "--publisher", "Éditions Réglo")

    text = capsys.readouterr().out
    for words in ("version majeure 0 (version 0.1.0)", "Éditions Réglo", "Atelier Lumen, SIREN 732829320"):
        assert words in text
    for condition in ("Inaltérabilité", "Sécurisation", "Conservation", "Archivage"):
        assert condition in text
