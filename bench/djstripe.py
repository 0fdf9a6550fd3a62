"""dj-stripe's webhook handler, in its own environment, on the same engine, asking the same sandbox."""

import json
import os
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from bench import installation
from bench.outsiders import DJSTRIPE, NotInstalled, python_with
from bench.served import free_address, served
from sandbox import server as sandbox_server
from sandbox.stripe import keys, seed
from sandbox.stripe.calls import API_VERSION

BASE = "djstripe"  # its database
PATIENCE = 60  # seconds for its tables, or for what is counted


@dataclass(frozen=True)
class Rival:
    """Where its notifications go, and how to run a module of its project."""

    url: str
    python: Path
    environment: dict[str, str]

    def run(self, module: str, told: Any) -> str:
        """What it printed. Raises NotInstalled."""
        try:
            return subprocess.run(
                [self.python, "-m", f"bench.djstripe_site.{module}"],
                input=json.dumps(told),
                env=self.environment,
                capture_output=True,
                text=True,
                check=True,
                timeout=PATIENCE,
            ).stdout
        except subprocess.CalledProcessError as error:
            raise NotInstalled(f"{module}: {(error.stderr.strip() or 'no word').splitlines()[-1]}"[:160]) from error
        except subprocess.TimeoutExpired as error:
            raise NotInstalled(f"{module}: stopped after {PATIENCE} seconds") from error


@contextmanager
def rival(engine: str, sandbox: sandbox_server.RunningSandbox, events: list[str]) -> Iterator[Rival | str]:
    """It, served and connected to the seller's account for these events; or why it is not."""
    try:
        found = connected(engine, sandbox, events)
    except NotInstalled as error:
        yield str(error)
        return
    address = found.url.partition("/stripe/")[0]
    try:
        with served(found.python, address, found.environment, "--factory", "django.core.wsgi:get_wsgi_application"):
            yield found
    finally:
        installation.drop(engine, BASE)


def connected(engine: str, sandbox: sandbox_server.RunningSandbox, events: list[str]) -> Rival:
    """Its environment, its tables, its endpoint. Raises NotInstalled."""
    python = python_with(*DJSTRIPE)
    world = sandbox.world
    with world.store.transaction() as db:  # it wants a key of letters and figures: the seeded ones have underscores
        key = keys.create(
            db, account=seed.SELLER, name="dj-stripe", livemode=False, permissions=None, now=world.clock.now()
        )
    name = str(uuid.uuid4())
    url = f"{free_address()}/stripe/webhook/{name}/"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("REGLO_", "PYTHON"))},
        "DJANGO_SETTINGS_MODULE": "bench.djstripe_site.settings",
        "BENCH_DATABASE": installation.address_of(engine, BASE),
        "BENCH_STRIPE_KEY": key.secret,
        "BENCH_STRIPE_API": sandbox.url,
        "BENCH_STRIPE_VERSION": API_VERSION,
    }
    answer = requests.post(
        f"{sandbox.url}/v1/webhook_endpoints",
        auth=(key.secret, ""),
        data={"url": url, "enabled_events[]": events, "metadata[djstripe_uuid]": name, "api_version": API_VERSION},
        timeout=10,
    )
    answer.raise_for_status()
    installation.create(engine, BASE)
    found = Rival(url, python, environment)
    found.run("prepare", answer.json())
    return found
