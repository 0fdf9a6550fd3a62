"""A thousand charges told badly: each twenty times, duplicated, out of order, a tenth of them never; by eight senders.

    python -m bench.deliveries sqlite|postgresql [charges]

While the senders post, two workers apply. Then every charge that was told is booked once, and no other; the sweep books
those that were never told, and touches nothing else; `reglo verify` proves the books. Anything else stops the part.
"""

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

import requests

from bench import installation
from bench.figures import Figure
from bench.processes import held_process
from bench.served import ours, site_settings
from sandbox import server as sandbox_server
from sandbox.stripe import courier, objects, seed, tries

CHARGES, TIMES, DROPPED, SENDERS, WORKERS = 1000, 20, 10, 8, 2
BATCH, TURN, TRIES = 50, 800, 5
PATIENCE = 20  # seconds of one turn of a worker
SEED = 20261129
NOTHING_BY_THE_CLOCK: tuple[()] = ()


@dataclass(frozen=True)
class Told:
    """An event that waits for our address."""

    delivery: int
    event: str
    charge: str  # which of the charges it is about, by the id of its Checkout Session
    url: str


@dataclass(frozen=True)
class Books:
    """What our tables say: each charge with its payment's rows; counts of the rest."""

    payments: dict[str, str]  # "ch_…": everything that its rows say, in one text
    allocations: int
    entries: int
    settled: int
    waiting: int


def main(engine: str, charges: int = CHARGES) -> None:
    folder = installation.SCRATCH / "deliveries"
    shutil.rmtree(folder, ignore_errors=True)
    installation.create(engine, "deliveries")
    sandbox = sandbox_server.start(folder)
    try:
        sandbox.hold()
        settings = site_settings(folder, sandbox.url)
        with held_process(engine, "deliveries", **settings) as in_ours:
            sessions = begin_all(in_ours, charges)
            with ours(engine, "deliveries", settings):
                figures = tell_badly(engine, sandbox, sessions, settings, in_ours)
        prove(engine, settings)
    finally:
        sandbox.stop()
    installation.drop(engine, "deliveries")
    print(json.dumps([figure.as_json() for figure in figures]))


def begin_all(in_ours: Callable[..., Any], charges: int) -> list[str]:
    """The Checkout Sessions of as many invoices about to be paid."""
    in_ours(found)
    sessions: list[str] = []
    while len(sessions) < charges:
        sessions += in_ours(begin, min(BATCH, charges - len(sessions)))
    finish(in_ours)
    return sessions


def tell_badly(
    engine: str,
    sandbox: sandbox_server.RunningSandbox,
    sessions: list[str],
    settings: dict[str, str],
    in_ours: Callable[..., Any],
) -> list[Figure]:
    draw = Random(SEED)
    told = pay(sandbox, sessions)
    forgotten = set(draw.sample(sessions, max(1, len(sessions) * DROPPED // 100)))
    kept = drop(sandbox, told, forgotten)
    posted = repeated(kept, draw)
    began = time.perf_counter()
    with workers(engine, settings):
        send_all(sandbox, posted, draw)
    finish(in_ours)
    seconds = time.perf_counter() - began
    before: Books = in_ours(read)
    heard = len(sessions) - len(forgotten)
    assert len(before.payments) == heard, f"{len(before.payments)} payments of {heard} charges that were told"
    assert before.allocations == before.settled == heard, "each is allocated once"
    assert before.waiting == 0, "every notification is dealt with"
    began = time.perf_counter()
    in_ours(sweep_once)
    finish(in_ours)
    swept = time.perf_counter() - began
    after: Books = in_ours(read)
    repaired = after.payments.keys() - before.payments.keys()
    assert len(after.payments) == after.allocations == after.settled == len(sessions), "the sweep finds every charge"
    assert all(after.payments[charge] == row for charge, row in before.payments.items()), "the sweep touches no other"
    assert after.entries - before.entries == 2 * len(repaired), "a payment and a fee for each that was repaired"
    in_ours(sweep_once)
    finish(in_ours)
    assert in_ours(read) == after, "a second sweep changes nothing"
    return [
        Figure("charges told badly", engine, len(sessions), ""),
        Figure("notifications posted", engine, len(posted), "", f"{TIMES} for each charge that was told"),
        Figure("notifications posted, 8 senders, 2 workers", engine, len(posted) / seconds, "/s"),
        Figure("payments booked of what was told", engine, len(before.payments), "", f"expected {heard}"),
        Figure("payments repaired by the sweep", engine, len(repaired), "", f"never told: {len(forgotten)}"),
        Figure("payments, each allocated once", engine, len(after.payments), "", f"expected {len(sessions)}"),
        Figure("the sweep", engine, swept, "s"),
    ]


def finish(in_ours: Callable[..., Any]) -> None:
    while not in_ours(drain):
        pass


def pay(sandbox: sandbox_server.RunningSandbox, sessions: list[str]) -> list[Told]:
    """Every session is paid; what its courier would post, taken out of its hands."""
    for session in sessions:
        requests.post(f"{sandbox.url}/_control/sessions/{session}/pay", json={}, timeout=10).raise_for_status()
    world = sandbox.world
    courier.do_chores(world, at_once=True)
    with world.store.transaction() as db:
        rows = db.execute(
            "SELECT d.id, d.event, json_extract(w.body, '$.url') AS url, "
            "json_extract(e.body, '$.data.object') AS about FROM deliveries d "
            "JOIN objects e ON e.id = d.event JOIN objects w ON w.id = d.endpoint "
            "WHERE d.state = 'pending' ORDER BY d.id"
        ).fetchall()
        intents = {
            json.loads(row["body"])["payment_intent"]: row["id"]
            for row in db.execute("SELECT id, body FROM objects WHERE kind = 'checkout.session'").fetchall()
        }
    found, ours_alone = [], set(sessions)
    for row in rows:
        about = json.loads(row["about"])
        session = about["id"] if about["object"] == "checkout.session" else intents[about["payment_intent"]]
        if session in ours_alone:
            found.append(Told(row["id"], row["event"], session, row["url"]))
    return found


def drop(sandbox: sandbox_server.RunningSandbox, told: list[Told], forgotten: set[str]) -> list[Told]:
    """What is told of the others; of the `forgotten` everything is lost on the way."""
    world = sandbox.world
    with world.store.transaction() as db:
        for one in told:
            if one.charge in forgotten:
                db.execute("UPDATE deliveries SET state = 'dropped' WHERE id = ?", (one.delivery,))
    return [one for one in told if one.charge not in forgotten]


def repeated(told: list[Told], draw: Random) -> list[Told]:
    """Each charge's notifications TIMES times in all, every one at least once, then everything in a drawn order."""
    by_charge: dict[str, list[Told]] = {}
    for one in told:
        by_charge.setdefault(one.charge, []).append(one)
    posted = [
        one for each in by_charge.values() for one in [*each, *(draw.choice(each) for _ in range(TIMES - len(each)))]
    ]
    draw.shuffle(posted)
    return posted


def send_all(sandbox: sandbox_server.RunningSandbox, posted: list[Told], draw: Random) -> None:
    """SENDERS at once, TURN after TURN: signed when sent, sent again when refused; the courier is told at the end."""
    for first in range(0, len(posted), TURN):
        left = [(one, *signed(sandbox, one)) for one in posted[first : first + TURN]]
        for _ in range(TRIES):
            with ThreadPoolExecutor(SENDERS) as senders:
                refused = list(senders.map(post, (left[place::SENDERS] for place in range(SENDERS))))
            left = [one for some in refused for one in some]
            if not left:
                break
        assert not left, f"{len(left)} notifications refused {TRIES} times"
    for one in posted:
        tries.note(sandbox.world, one.delivery, 1, tries.Receipt(200, None))


def signed(sandbox: sandbox_server.RunningSandbox, one: Told) -> tuple[bytes, str]:
    world = sandbox.world
    with world.store.transaction() as db:
        owner = objects.owner(db, one.event)
        assert owner is not None, "an event has an owner"
        happened = objects.find(db, one.event, account=owner[0], livemode=owner[1])
        row = db.execute("SELECT endpoint FROM deliveries WHERE id = ?", (one.delivery,)).fetchone()
        endpoint = objects.find(db, row["endpoint"], account=owner[0], livemode=owner[1])
    assert happened is not None, "an event that waits is kept"
    assert endpoint is not None, "so is the endpoint that waits for it"
    body, header = courier.signed(world, happened, endpoint, None)
    return body, header or ""


def post(some: list[tuple[Told, bytes, str]]) -> list[tuple[Told, bytes, str]]:
    """Those that were not accepted."""
    refused = []
    with requests.Session() as session:
        for one, body, header in some:
            headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": header}
            if not session.post(one.url, data=body, headers=headers, timeout=30).ok:
                refused.append((one, body, header))
    return refused


@contextmanager
def workers(engine: str, settings: dict[str, str]) -> Iterator[None]:
    """WORKERS processes that apply what arrives, until the block ends."""
    done = threading.Event()

    def work() -> None:
        with held_process(engine, "deliveries", **settings) as elsewhere:
            while not done.is_set():
                elsewhere(drain)
                done.wait(0.05)

    with ThreadPoolExecutor(WORKERS) as pool:
        working = [pool.submit(work) for _ in range(WORKERS)]
        try:
            yield
        finally:
            done.set()
        for one in working:
            one.result()


def prove(engine: str, settings: dict[str, str]) -> None:
    """`reglo verify` finds nothing to say."""
    environment = {**installation.inherited(), **installation.settings_for(engine, "deliveries"), **settings}
    command = [sys.executable, "-m", "reglo.operations.command_line", "verify"]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


# What follows runs in a process of ours.


def found(_engine: str) -> None:
    """A company connected to Stripe."""
    from django.core.management import call_command

    from reglo.payments.services import connect_account, propose_account
    from reglo.ports import clock
    from tests.factories import make_company, make_customer

    call_command("migrate", verbosity=0)
    company = make_company(card_payments=True)
    make_customer(company)
    account = propose_account(
        company=company, provider="stripe", secrets={"api_key": seed.SELLER_RESTRICTED_KEY}, now=clock.now()
    )
    connect_account(company_id=company.id, account_id=account.id, now=clock.now())


def begin(_engine: str, number: int) -> list[str]:
    """`number` more invoices, each about to be paid."""
    from django.conf import settings

    from reglo.companies.models import Company
    from reglo.payments.providers.contract import Urls
    from reglo.payments.services import start_payment
    from reglo.ports import clock
    from tests.factories import make_issued

    company = Company.objects.get()
    issued = [make_issued(company, card_allowed=True) for _ in range(number)]
    base = settings.BASE_URL
    attempts = [
        start_payment(
            company_id=company.id, invoice_id=invoice.id, urls=lambda _attempt: Urls(base, base), now=clock.now()
        )
        for invoice in issued
    ]
    return [str(attempt.external_id) for attempt in attempts]


def drain(_engine: str) -> bool:
    """Whether nothing is left to do, after PATIENCE seconds at most. By the clock nothing is done: no sweep here."""
    from django.test import override_settings

    from reglo.events.worker import run_one

    until = time.monotonic() + PATIENCE
    with override_settings(SCHEDULE=f"{__name__}.NOTHING_BY_THE_CLOCK"):
        while run_one():
            if time.monotonic() > until:
                return False
    return True


def sweep_once(_engine: str) -> None:
    from reglo.payments.services import sweep
    from reglo.ports import clock

    sweep(now=clock.now())


def read(_engine: str) -> Books:
    from django.db.models import F

    from reglo.invoicing.models import Settlement
    from reglo.ledger.models import Entry
    from reglo.payments.models import Allocation, Payment, ProviderEvent
    from reglo.payments.states import NoticeState

    payments = Payment.objects.order_by("external_id").values_list(
        "external_id", "id", "amount_minor", "fee_minor", "paid_at", "recorded_at"
    )
    allocated = Allocation.objects.values("payment")
    assert allocated.count() == allocated.distinct().count(), "a payment has one allocation"
    return Books(
        payments={str(external): repr(rest) for external, *rest in payments},
        allocations=allocated.count(),
        entries=Entry.objects.count(),
        settled=Settlement.objects.filter(settled_minor=F("gross_minor")).count(),
        waiting=ProviderEvent.objects.filter(state=NoticeState.RECEIVED).count(),
    )


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
