"""An invented clock never stands beside real money."""

import base64
import os
import subprocess
import sys
from typing import Any

import pytest
from django.db import connection

from reglo.config import environment
from reglo.config.checks import require_fit
from reglo.database.readiness import NotReady
from tests.architecture.source import ROOT
from tests.factories import make_company
from tests.settings import TEST_POSTGRESQL

NEEDED = {"REGLO_SECRET_KEY": "x" * 50, "REGLO_ENCRYPTION_KEYS": base64.b64encode(b"k" * 32).decode()}


@pytest.mark.parametrize("key", ["sk_live_abc", "rk_live_abc"])
def test_refused_beside_a_live_key_of_the_platform(key: str):
    with pytest.raises(environment.BadSetting) as refused:
        environment.read({**NEEDED, "REGLO_SIMULATION": "1", "REGLO_STRIPE_PLATFORM_KEY": key})

    assert str(refused.value) == (
        "Réglo ne peut pas démarrer : REGLO_SIMULATION est refusé à côté d’une clé réelle : "
        "videz REGLO_STRIPE_PLATFORM_KEY."
    )


@pytest.mark.parametrize(
    "given",
    [
        {"REGLO_SIMULATION": "1", "REGLO_STRIPE_PLATFORM_KEY": "sk_test_abc"},
        {"REGLO_SIMULATION": "0", "REGLO_STRIPE_PLATFORM_KEY": "sk_live_abc"},
    ],
)
def test_each_alone_is_fine(given: dict[str, str]):
    assert environment.read({**NEEDED, **given}).stripe_platform_key == given["REGLO_STRIPE_PLATFORM_KEY"]


def test_the_web_server_refuses_it_beside_a_real_company(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connection, "close", lambda: None)  # or the test's transaction is lost
    make_company(practice=True)
    settings.SIMULATION = True
    require_fit()

    settings.SIMULATION = False
    make_company(practice=False)
    settings.SIMULATION = True
    with pytest.raises(NotReady, match="REGLO_SIMULATION=1 est refusé à côté d’une entreprise réelle"):
        require_fit()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("command", ["-c 'import reglo.config.wsgi'", "-m reglo.operations.command_line worker --once"])
def test_neither_server_nor_worker_starts(command: str):
    make_company(practice=False)
    name = str(connection.settings_dict["NAME"])
    address = name if connection.vendor == "sqlite" else f"{TEST_POSTGRESQL.rpartition('/')[0]}/{name}"
    run = subprocess.run(
        f"{sys.executable} {command}",
        shell=True,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "reglo.config.settings",
            "REGLO_DATABASE": address,
            "REGLO_SIMULATION": "1",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert run.stderr.strip().splitlines()[-1] == (
        "Réglo ne peut pas démarrer : REGLO_SIMULATION=1 est refusé à côté d’une entreprise réelle. "
        "Retirez-le, ou prenez une autre base."
    )
