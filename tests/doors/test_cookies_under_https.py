"""The same installation at an https address: settings of their own, so a process of its own."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from reglo.delivery.services import create_link
from reglo.ports import clock
from tests.architecture.source import ROOT
from tests.factories import make_company, make_issued, make_user
from tests.settings import TEST_POSTGRESQL

VISIT = """
import json, sys
import django
django.setup()
from django.test import Client
email, token = sys.argv[1:]
client = Client(headers={"Host": "factures.exemple.fr"})
answers = [
    client.get("/compte/connexion/", secure=True),
    client.post("/compte/connexion/", {"login": email, "password": "une phrase de passe"}, secure=True),
    client.get(f"/p/l/{token}", secure=True),
]
cookies = {name: dict(cookie) for answer in answers for name, cookie in answer.cookies.items()}
print(json.dumps({"cookies": cookies, "status": [a.status_code for a in answers], "headers": dict(answers[0].headers)}))
"""


@pytest.fixture
def visit(transactional_db: None) -> Any:
    """What a browser gets: cookies by name, headers of the sign-in page."""
    owner = make_user("alice@atelier-lumen.test")
    invoice = make_issued(make_company(owner=owner))
    link = create_link(company_id=invoice.company_id, invoice_id=invoice.pk, now=clock.now())
    # The process has the world's clock, not ours: the link outlives both.
    type(link.link).objects.update(expires_at=datetime(2100, 1, 1, tzinfo=UTC))
    name = str(connection.settings_dict["NAME"])
    address = name if connection.vendor == "sqlite" else f"{TEST_POSTGRESQL.rpartition('/')[0]}/{name}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "reglo.config.settings",
        "REGLO_BASE_URL": "https://factures.exemple.fr",
        "REGLO_DATABASE": address,
        "REGLO_DEBUG": "1",  # static files are found without being gathered
    }
    password = "from django.contrib.auth.hashers import make_password; print(make_password('une phrase de passe'))"
    hashed = run(f"import django; django.setup(); {password}", environment=environment).strip()
    type(owner).objects.update(password=hashed)  # ours are hashed fast, for tests
    return json.loads(run(VISIT, owner.email, link.token, environment=environment).splitlines()[-1])


def run(script: str, *arguments: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_cookie_belongs_to_this_host_alone(visit: dict[str, Any]):
    assert visit["status"] == [200, 302, 303]
    assert {"__Host-reglo_csrf", "__Host-reglo_session", "__Host-reglo_portal"} == set(visit["cookies"])
    for cookie in visit["cookies"].values():
        flags = (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"])
        assert flags == (True, True, "Lax", "/", "")


def test_the_browser_never_comes_back_in_clear(visit: dict[str, Any]):
    assert visit["headers"]["Strict-Transport-Security"] == "max-age=31536000"
