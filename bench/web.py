"""Over HTTP, served by granian on the loopback: webhooks, the list of invoices, the payment page.

    python -m bench.web sqlite|postgresql

The sandbox runs in this process, which also plays Stripe's courier and the browsers: every notification is one that
the sandbox made for a real payment, signed by it, posted once by CLIENTS threads, then applied by a worker of ours
which asks the sandbox for each object.
"""

import gzip
import json
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from bench import installation
from bench.figures import Figure
from bench.processes import in_process
from sandbox import server as sandbox_server
from sandbox.stripe import courier, objects, seed

PAYMENTS, INVOICES, CLIENTS, VIEWS = 60, 1000, 8, 40
START_SECONDS = 30
Delivery = tuple[str, bytes, str]  # address, body, signature


def main(engine: str) -> None:
    folder = installation.SCRATCH / "web"
    shutil.rmtree(folder, ignore_errors=True)
    installation.create(engine, "web")
    sandbox = sandbox_server.start(folder)
    try:
        sandbox.hold()
        settings = site_settings(folder, sandbox.url)
        ready = in_process(prepare, engine, "web", **settings)
        deliveries = pay(sandbox, ready["sessions"])
        with served(engine, settings):
            figures = [
                *webhooks(engine, deliveries, settings),
                *page(
                    "invoice list, 1,000 invoices",
                    engine,
                    settings,
                    "/factures/",
                    ready["cookies"],
                    "Menuiserie Claire Fontaine",
                ),
                *page("payment page", engine, settings, ready["link"], {}, "Payer"),
            ]
    finally:
        sandbox.stop()
    installation.drop(engine, "web")
    print(json.dumps([figure.as_json() for figure in figures]))


def site_settings(folder: Path, stripe: str) -> dict[str, str]:
    (folder / "clock").write_text("0", encoding="ascii")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        "REGLO_BASE_URL": f"http://localhost:{port}",
        "REGLO_SIMULATION": "1",
        "REGLO_CLOCK_FILE": str(folder / "clock"),
        "REGLO_STRIPE_API": stripe,
    }


def prepare(_engine: str) -> dict[str, Any]:
    """A company connected to Stripe, with INVOICES invoices, PAYMENTS of them about to be paid.

    Returns the cookies of its owner, a customer's link, and the Checkout Sessions that are open.
    """
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from reglo.companies.models import User
    from reglo.delivery.services import create_link
    from reglo.events.worker import run_until_idle
    from reglo.invoicing.models import Invoice
    from reglo.payments.providers.contract import Urls
    from reglo.payments.services import connect_account, propose_account, start_payment
    from reglo.ports import clock
    from tests.factories import make_company, make_customer, make_issued

    call_command("migrate", verbosity=0)
    now = clock.now()
    company = make_company(card_payments=True)
    customer = make_customer(company)
    account = propose_account(
        company=company, provider="stripe", secrets={"api_key": seed.SELLER_RESTRICTED_KEY}, now=now
    )
    connect_account(company_id=company.id, account_id=account.id, now=now)
    Invoice.objects.bulk_create(
        Invoice(company=company, customer=customer, currency="EUR", created_at=now, edited_at=now, subject="Pose")
        for _ in range(INVOICES - PAYMENTS - 1)
    )
    issued = [make_issued(company, customer=customer, card_allowed=True) for _ in range(PAYMENTS + 1)]
    run_until_idle()
    base = settings.BASE_URL
    attempts = [
        start_payment(
            company_id=company.id, invoice_id=invoice.id, urls=lambda _attempt: Urls(base, base), now=clock.now()
        )
        for invoice in issued[1:]
    ]
    browser = Client()
    browser.force_login(User.objects.get())
    return {
        "cookies": {name: morsel.value for name, morsel in browser.cookies.items()},
        "link": f"/p/l/{create_link(company_id=company.id, invoice_id=issued[0].id, now=clock.now()).token}",
        "sessions": [attempt.external_id for attempt in attempts],
    }


def pay(sandbox: sandbox_server.RunningSandbox, sessions: list[str]) -> list[Delivery]:
    """Every session paid by card at the sandbox: what its courier would post."""
    for session in sessions:
        requests.post(f"{sandbox.url}/_control/sessions/{session}/pay", json={}, timeout=10).raise_for_status()
    world = sandbox.world
    courier.do_chores(world, at_once=True)
    deliveries = []
    with world.store.transaction() as db:
        for delivery, event in courier.waiting(world, at_once=True, newest_first=False):
            name = db.execute("SELECT endpoint FROM deliveries WHERE id = ?", (delivery,)).fetchone()["endpoint"]
            owner = objects.owner(db, event)
            assert owner is not None, "an event has an owner"
            happened, endpoint = (
                objects.find(db, about, account=owner[0], livemode=owner[1]) for about in (event, name)
            )
            assert happened is not None, "an event that waits is kept"
            assert endpoint is not None, "so is the endpoint that waits for it"
            body, signature = courier.signed(world, happened, endpoint, None)
            deliveries.append((endpoint["url"], body, signature or ""))
    return deliveries


@contextmanager
def served(engine: str, settings: dict[str, str]) -> Iterator[None]:
    """The site, by granian with two workers, until the block ends."""
    port = str(urlsplit(settings["REGLO_BASE_URL"]).port)
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "2"),
        *("--host", "127.0.0.1", "--port", port, "--no-ws", "--log-level", "error", "reglo.config.wsgi:application"),
    ]
    environment = {**installation.inherited(), **installation.settings_for(engine, "web"), **settings}
    with subprocess.Popen(command, env=environment) as process:
        try:
            wait_for(f"{settings['REGLO_BASE_URL']}/health/live", process)
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(address, timeout=2).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise RuntimeError(f"the site does not answer at {address}")


def webhooks(engine: str, deliveries: list[Delivery], settings: dict[str, str]) -> list[Figure]:
    """Acknowledged per second by the site, then applied per second by one worker."""
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        spent = [
            seconds for some in clients.map(post, (deliveries[i::CLIENTS] for i in range(CLIENTS))) for seconds in some
        ]
    elapsed = time.perf_counter() - began
    applied, seconds = in_process(apply, engine, "web", **settings)
    assert applied == len(deliveries), "what is acknowledged is applied"
    return [
        Figure("webhooks acknowledged", engine, len(deliveries) / elapsed, "events/s", "dj-stripe not measured"),
        Figure("webhooks acknowledged, p99", engine, statistics.quantiles(spent, n=100)[98] * 1000, "ms"),
        Figure("webhooks applied, 1 worker", engine, applied / seconds, "events/s", "dj-stripe not measured"),
    ]


def post(deliveries: list[Delivery]) -> list[float]:
    """Seconds of each; every one must be accepted."""
    spent = []
    with requests.Session() as session:
        for address, body, signature in deliveries:
            headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature}
            began = time.perf_counter()
            session.post(address, data=body, headers=headers, timeout=30).raise_for_status()
            spent.append(time.perf_counter() - began)
    return spent


def apply(_engine: str) -> tuple[int, float]:
    """How many notifications the worker applied, and the seconds until nothing was left to do."""
    from reglo.events.worker import run_until_idle
    from reglo.payments.models import ProviderEvent
    from reglo.payments.states import NoticeState

    began = time.perf_counter()
    run_until_idle()
    seconds = time.perf_counter() - began
    return ProviderEvent.objects.exclude(state=NoticeState.RECEIVED).count(), seconds


def page(
    name: str, engine: str, settings: dict[str, str], path: str, cookies: dict[str, str], wanted: str
) -> list[Figure]:
    """Median milliseconds of the page after its redirects, and the gzipped bytes of it with its styles and scripts."""
    base = settings["REGLO_BASE_URL"]
    with requests.Session() as browser:
        browser.cookies.update(cookies)
        first = browser.get(base + path, timeout=30)
        first.raise_for_status()
        assert wanted in first.text, f"{first.url} is not the page measured"
        spent = []
        for _ in range(VIEWS):
            began = time.perf_counter()
            browser.get(first.url, timeout=30).raise_for_status()
            spent.append((time.perf_counter() - began) * 1000)
        parts = sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|mjs))"', first.text)))
        assert parts, "a page has its styles"
        weight = len(gzip.compress(first.content)) + sum(gzipped(browser, base + part) for part in parts)
    return [
        Figure(name, engine, statistics.median(spent), "ms"),
        Figure(f"{name}, HTML + CSS + JS", engine, weight / 1000, "kB gzipped", *limit(name, weight)),
    ]


def limit(name: str, weight: int) -> tuple[str, float | None]:
    return ("at most 52", weight / 52_000) if name == "payment page" else ("", None)


def gzipped(browser: requests.Session, address: str) -> int:
    answer = browser.get(address, timeout=30)
    answer.raise_for_status()
    return len(gzip.compress(answer.content))


if __name__ == "__main__":
    main(sys.argv[1])
