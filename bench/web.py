"""Over HTTP, served by granian on the loopback: the list of invoices, the payment page.

    python -m bench.web sqlite|postgresql

This process plays the browsers; the sandbox, with which the company is connected, runs in it too.
"""

import gzip
import json
import re
import shutil
import statistics
import sys
import time
from typing import Any

import requests

from bench import installation
from bench.figures import Figure
from bench.processes import in_process
from bench.served import ours, site_settings
from sandbox import server as sandbox_server
from sandbox.stripe import seed

INVOICES, VIEWS = 1000, 40


def main(engine: str) -> None:
    folder = installation.SCRATCH / "web"
    shutil.rmtree(folder, ignore_errors=True)
    installation.create(engine, "web")
    sandbox = sandbox_server.start(folder)
    try:
        sandbox.hold()
        settings = site_settings(folder, sandbox.url)
        ready = in_process(prepare, engine, "web", **settings)
        with ours(engine, "web", settings):
            figures = [
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


def prepare(_engine: str) -> dict[str, Any]:
    """A company connected to Stripe, with INVOICES invoices, one of them to be paid.

    Returns the cookies of its owner and a customer's link.
    """
    from django.core.management import call_command
    from django.test import Client

    from reglo.companies.models import User
    from reglo.delivery.services import create_link
    from reglo.events.worker import run_until_idle
    from reglo.invoicing.models import Invoice
    from reglo.payments.services import connect_account, propose_account
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
        for _ in range(INVOICES - 1)
    )
    issued = make_issued(company, customer=customer, card_allowed=True)
    run_until_idle()
    browser = Client()
    browser.force_login(User.objects.get())
    return {
        "cookies": {name: morsel.value for name, morsel in browser.cookies.items()},
        "link": f"/p/l/{create_link(company_id=company.id, invoice_id=issued.id, now=clock.now()).token}",
    }


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
