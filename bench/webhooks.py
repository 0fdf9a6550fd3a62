"""Notifications of real payments, acknowledged by our site and applied by a worker, against dj-stripe's handler.

    python -m bench.webhooks sqlite|postgresql

The sandbox runs in this process, which also plays Stripe's courier: it tells both sites of the same events, each signed
with the secret of that site's endpoint. CLIENTS threads post a turn to one site, then the same turn to the other.
dj-stripe applies inside the request, so that its one time stands against both of ours. Both ask the sandbox for what an
event is about.
"""

import json
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import requests

from bench import djstripe, installation
from bench.counting import counted, handle
from bench.figures import Figure
from bench.outsiders import NotInstalled
from bench.processes import held_process, in_process
from bench.served import ours, site_settings
from sandbox import server as sandbox_server
from sandbox.stripe import courier, objects, seed, tries

PAYMENTS, COUNTED, CLIENTS, TURN, TRIES = 60, 4, 8, 24, 5
Delivery = tuple[str, str, str]  # address, body, signature


@dataclass
class Turns:
    """Seconds of each turn and of each answer of ours. The first turn warms up and is left out of what is told."""

    acknowledged: list[float] = field(default_factory=list)
    applied: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    refused: int = 0

    def figures(self, engine: str, reason: str) -> list[Figure]:
        """Events per second by median turn, and how many times theirs."""
        acknowledged = TURN / statistics.median(self.acknowledged[1:])
        applied = TURN / statistics.median(self.applied[1:])
        both = TURN / statistics.median(
            one + other for one, other in zip(self.acknowledged[1:], self.applied[1:], strict=True)
        )
        theirs = TURN / statistics.median(self.theirs[1:]) if self.theirs else None
        against = f"dj-stripe {theirs:.3g}" if theirs else f"dj-stripe not measured: {reason}"
        p99 = statistics.quantiles(self.answers, n=100)[98] * 1000
        return [
            Figure(
                "webhooks acknowledged", engine, acknowledged, "events/s", against, theirs and acknowledged / theirs
            ),
            Figure("webhooks acknowledged, p99", engine, p99, "ms"),
            Figure("webhooks applied, 1 worker", engine, applied, "events/s"),
            Figure("webhooks acknowledged and applied", engine, both, "events/s", against, theirs and both / theirs),
            *([Figure("answers 500 of dj-stripe, sent again", engine, self.refused, "")] if theirs else []),
        ]


@dataclass(frozen=True)
class Cost:
    """Of some notifications of ours: what the hook took, and what followed."""

    hook: dict[str, int]
    worker: dict[str, int]


def main(engine: str) -> None:
    folder = installation.SCRATCH / "webhooks"
    shutil.rmtree(folder, ignore_errors=True)
    installation.create(engine, "webhooks")
    sandbox = sandbox_server.start(folder)
    try:
        sandbox.hold()
        settings = site_settings(folder, sandbox.url)
        ready = in_process(prepare, engine, "webhooks", **settings)
        with djstripe.rival(engine, sandbox, ready["events"]) as rival, ours(engine, "webhooks", settings):
            figures = compare(engine, sandbox, ready["sessions"], settings, rival)
    finally:
        sandbox.stop()
    installation.drop(engine, "webhooks")
    print(json.dumps([figure.as_json() for figure in figures]))


def compare(
    engine: str,
    sandbox: sandbox_server.RunningSandbox,
    sessions: list[str],
    settings: dict[str, str],
    rival: djstripe.Rival | str,
) -> list[Figure]:
    """What a notification costs, by the first payments; then how many a second, by the others."""
    theirs = "" if isinstance(rival, str) else rival.url
    with held_process(engine, "webhooks", **settings) as in_ours:
        sent = pay(sandbox, sessions[:COUNTED])
        own, other = told(sent, theirs)
        mine, yours, reason = in_ours(count, own), None, rival if isinstance(rival, str) else ""
        if not isinstance(rival, str):
            try:
                yours = json.loads(rival.run("count", other))
            except NotInstalled as error:
                theirs, reason = "", str(error)
        turns = take_turns(*told(pay(sandbox, sessions[COUNTED:]), theirs), lambda: in_ours(apply))
    return [*turns.figures(engine, reason), *costs(engine, mine, yours, len(own))]


def costs(engine: str, mine: Cost, yours: dict[str, int] | None, events: int) -> list[Figure]:
    """Statements and calls by event."""
    told = [Figure("SQL statements to acknowledge one", engine, mine.hook["statements"] / events, "")]
    for what, name in (("statements", "SQL statements an event, all told"), ("calls", "API calls an event")):
        value = (mine.hook[what] + mine.worker[what]) / events
        theirs = yours[what] / events if yours else None
        against = "dj-stripe not measured" if theirs is None else f"dj-stripe {theirs:.3g}"
        told.append(Figure(name, engine, value, "", against, value / theirs if theirs else None))
    return told


def prepare(_engine: str) -> dict[str, Any]:
    """A company connected to Stripe, with PAYMENTS invoices about to be paid: their Checkout Sessions, and the events
    that its endpoint asks for."""
    from django.conf import settings
    from django.core.management import call_command

    from reglo.events.worker import run_until_idle
    from reglo.payments.providers.contract import Urls
    from reglo.payments.providers.stripe.webhook import EVENT_TYPES
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
    issued = [make_issued(company, customer=customer, card_allowed=True) for _ in range(PAYMENTS)]
    run_until_idle()
    base = settings.BASE_URL
    attempts = [
        start_payment(
            company_id=company.id, invoice_id=invoice.id, urls=lambda _attempt: Urls(base, base), now=clock.now()
        )
        for invoice in issued
    ]
    return {"sessions": [attempt.external_id for attempt in attempts], "events": list(EVENT_TYPES)}


def pay(sandbox: sandbox_server.RunningSandbox, sessions: list[str]) -> list[Delivery]:
    """Every session paid by card at the sandbox: what its courier would post, taken out of its hands."""
    for session in sessions:
        requests.post(f"{sandbox.url}/_control/sessions/{session}/pay", json={}, timeout=10).raise_for_status()
    world = sandbox.world
    courier.do_chores(world, at_once=True)
    waiting = courier.waiting(world, at_once=True, newest_first=False)
    deliveries = []
    with world.store.transaction() as db:
        for delivery, event in waiting:
            name = db.execute("SELECT endpoint FROM deliveries WHERE id = ?", (delivery,)).fetchone()["endpoint"]
            owner = objects.owner(db, event)
            assert owner is not None, "an event has an owner"
            happened, endpoint = (
                objects.find(db, about, account=owner[0], livemode=owner[1]) for about in (event, name)
            )
            assert happened is not None, "an event that waits is kept"
            assert endpoint is not None, "so is the endpoint that waits for it"
            body, signature = courier.signed(world, happened, endpoint, None)
            deliveries.append((endpoint["url"], body.decode(), signature or ""))
    for delivery, _event in waiting:
        tries.note(world, delivery, 1, tries.Receipt(200, None))
    return deliveries


def told(deliveries: list[Delivery], theirs: str) -> tuple[list[Delivery], list[Delivery]]:
    """Ours, and those for the address `theirs`: the same events in the same order."""
    others = {url for url, _body, _signature in deliveries if "/stripe/webhook/" in url}
    own = [delivery for delivery in deliveries if delivery[0] not in others]
    other = [delivery for delivery in deliveries if delivery[0] == theirs]
    if theirs:
        assert [event_of(one) for one in own] == [event_of(one) for one in other], "both are told the same"
    return own, other


def event_of(delivery: Delivery) -> str:
    return str(json.loads(delivery[1])["id"])


def take_turns(own: list[Delivery], other: list[Delivery], work: Callable[[], tuple[int, float]]) -> Turns:
    """TURN notifications to ours and `work` on them, the same ones to the other, and again."""
    turns, applied = Turns(), 0
    for first in range(0, len(own) - TURN + 1, TURN):
        seconds, answers, refused = post_all(own[first : first + TURN])
        assert not refused, "ours accepts every one"
        turns.acknowledged.append(seconds)
        turns.answers += answers if first else []
        done, seconds = work()
        applied += done
        turns.applied.append(seconds)
        if other:
            seconds, _answers, refused = post_all(other[first : first + TURN])
            turns.theirs.append(seconds)
            turns.refused += refused
    assert applied == TURN * len(turns.applied), "what is acknowledged is applied"
    return turns


def post_all(deliveries: list[Delivery]) -> tuple[float, list[float], int]:
    """Seconds until all are accepted, seconds of each, and how many answers were an error and had to be sent again."""
    began, answers, refused = time.perf_counter(), [], 0
    left = deliveries
    with ThreadPoolExecutor(CLIENTS) as clients:
        for _ in range(TRIES):
            again = []
            for spent, some in clients.map(post, (left[i::CLIENTS] for i in range(CLIENTS))):
                answers += spent
                again += some
            refused += len(again)
            left = again
            if not left:
                return time.perf_counter() - began, answers, refused
    raise RuntimeError(f"{len(left)} notifications refused {TRIES} times by {left[0][0]}")


def post(deliveries: list[Delivery]) -> tuple[list[float], list[Delivery]]:
    """Seconds of each, and those answered by an error."""
    spent, refused = [], []
    with requests.Session() as session:
        for delivery in deliveries:
            address, body, signature = delivery
            headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature}
            began = time.perf_counter()
            answer = session.post(address, data=body.encode(), headers=headers, timeout=30)
            spent.append(time.perf_counter() - began)
            if not answer.ok:
                refused.append(delivery)
    return spent, refused


def apply(_engine: str) -> tuple[int, float]:
    """How many notifications the worker applied, and the seconds until nothing was left to do."""
    from reglo.events.worker import run_until_idle
    from reglo.payments.models import ProviderEvent
    from reglo.payments.states import NoticeState

    waiting = ProviderEvent.objects.filter(state=NoticeState.RECEIVED)
    before = waiting.count()
    began = time.perf_counter()
    run_until_idle()
    seconds = time.perf_counter() - began
    return before - waiting.count(), seconds


def count(_engine: str, deliveries: list[Delivery]) -> Cost:
    from reglo.events.worker import run_until_idle

    return Cost(counted(lambda: handle(deliveries)), counted(run_until_idle))


if __name__ == "__main__":
    main(sys.argv[1])
