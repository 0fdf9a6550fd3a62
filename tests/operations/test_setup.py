import re
import stat
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from reglo.companies.models import Invitation, SignInLink, User
from reglo.config import environment
from reglo.operations.first_settings import missing_keys, write_keys
from tests.architecture.source import ROOT


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def link_in(text: str) -> str:
    found = re.search(r"http://localhost:8000(/\S+)", text)
    assert found, text
    return found[1]


def test_setup_prints_a_link_that_creates_the_first_account(db: None):
    link = link_in(run("setup"))

    assert "Bienvenue dans Réglo" in Client().get(link).content.decode()
    assert link.strip("/").split("/")[1] not in str(vars(Invitation.objects.get()))


def test_a_second_setup_ends_the_first_link(db: None):
    first, second = link_in(run("setup")), link_in(run("setup"))

    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200


def test_password_link_works_without_mail(alice: User):
    link = link_in(run("password_link", alice.email.upper()))

    Client().post(link, {"password": "une toute nouvelle phrase"})

    alice.refresh_from_db()
    assert alice.check_password("une toute nouvelle phrase")


def test_sign_in_link_signs_in_and_leaves_the_password_alone(alice: User, company: object):
    browser = Client()

    browser.post(link_in(run("sign_in_link", alice.email)), {"password": "not wanted"})

    assert browser.get("/clients/").status_code == 200
    alice.refresh_from_db()
    assert alice.check_password("une phrase de passe")


@pytest.mark.parametrize("command", ["password_link", "sign_in_link"])
def test_an_unknown_address_is_a_sentence(command: str, db: None):
    with pytest.raises(CommandError, match=r"Aucun compte n’a l’adresse nobody@example\.test"):
        run(command, "nobody@example.test")

    assert not SignInLink.objects.exists()


def test_before_any_setting_setup_makes_the_keys(tmp_path: Path):
    first = subprocess.run(
        [sys.executable, "-m", "reglo.operations.command_line", "setup"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )

    written = tmp_path / "reglo.env"
    assert "reglo migrate" in first.stdout
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    lines = [
        (line.split("=", 1)[0], line.split("=", 1)[1])
        for line in written.read_text(encoding="utf-8").splitlines()
        if line[0] != "#"
    ]
    read = environment.read(dict(lines))
    assert len(read.encryption_keys[0]) == 32


def test_keys_that_exist_are_never_replaced(tmp_path: Path):
    path = tmp_path / "reglo.env"
    path.write_text("REGLO_SECRET_KEY=precious\n", encoding="utf-8")

    assert "gardé tel quel" in write_keys(path)

    assert path.read_text(encoding="utf-8") == "REGLO_SECRET_KEY=precious\n"


def test_two_installations_have_two_keys(tmp_path: Path):
    write_keys(tmp_path / "a")
    write_keys(tmp_path / "b")

    assert (tmp_path / "a").read_text(encoding="utf-8") != (tmp_path / "b").read_text(encoding="utf-8")


def test_an_empty_key_is_a_missing_key():
    assert missing_keys({"REGLO_SECRET_KEY": ""}) == ["REGLO_SECRET_KEY", "REGLO_ENCRYPTION_KEYS"]
    assert missing_keys({"REGLO_SECRET_KEY": "x", "REGLO_ENCRYPTION_KEYS": "y"}) == []
