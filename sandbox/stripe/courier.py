"""Delivers events to the endpoints that asked for them, signed, again and again with growing gaps until accepted.

The same thread does what time alone does: it expires sessions, tells fees, lets banks answer and pays out.
"""

import http.client
import json
import secrets
import sqlite3
import threading
from urllib.parse import urlsplit

from sandbox.stripe import checkout_sessions, chores, objects, outages, payouts, signing
from sandbox.stripe.calls import API_VERSION, Call
from sandbox.stripe.objects import Json, public
from sandbox.stripe.tries import Receipt, note
from sandbox.world import World

PATIENCE = 10
HELD = "courier_held"
#: How a delivery can go wrong on purpose.
FORGERIES = ("tampered", "wrong_secret", "stale", "future", "foreign_account", "other_mode", "unsigned")
TEN_MINUTES = 600


class Courier:
    def __init__(self, world: World) -> None:
        self.world = world
        self._stopping = threading.Event()
        #: One round at a time: a round asked for by hand and the thread's own must not both send a delivery.
        self._round = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="sandbox-courier", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self.world.bell.set()
        self._thread.join(timeout=PATIENCE + 1)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.work(unless_held=True)
            self.world.bell.wait(timeout=1.0)
            self.world.bell.clear()

    def hold(self) -> None:
        """Nothing is delivered and no fee told until `release`, or by hand. A round under way is let finish."""
        with self._round:
            self.world.set_switch(HELD, "1")

    def release(self) -> None:
        self.world.set_switch(HELD, None)
        self.world.bell.set()

    def work(
        self,
        *,
        at_once: bool = False,
        newest_first: bool = False,
        shuffled: bool = False,
        unless_held: bool = False,
    ) -> list[tuple[str, Receipt]]:
        """Everything that is due, or with `at_once` everything that waits. Returns (event, receipt) pairs."""
        with self._round:
            if unless_held and self.world.switch(HELD) is not None:
                return []
            do_chores(self.world, at_once=at_once)
            outages.play(self.world)
            due = waiting(self.world, at_once=at_once, newest_first=newest_first)
            if shuffled:
                secrets.SystemRandom().shuffle(due)
            return [(event, self.attempt(delivery, event)) for delivery, event in due]

    def attempt(self, delivery: int, event: str) -> Receipt:
        with self.world.store.transaction() as db:
            row = db.execute("SELECT * FROM deliveries WHERE id = ?", (delivery,)).fetchone()
        if row is None:
            return Receipt(None, "the world was reset meanwhile")
        down = outages.is_down(self.world, row["endpoint"])
        receipt = outages.REFUSED if down else send(self.world, event, row["endpoint"])
        note(self.world, delivery, row["attempts"] + 1, receipt)
        return receipt


def waiting(world: World, *, at_once: bool, newest_first: bool) -> list[tuple[int, str]]:
    with world.store.transaction() as db:
        rows = db.execute(
            "SELECT id, event FROM deliveries WHERE state = 'pending' AND (? OR next_at <= ?) ORDER BY place",
            (at_once, world.clock.now()),
        ).fetchall()
    found = [(row["id"], row["event"]) for row in rows]
    return found[::-1] if newest_first else found


def do_chores(world: World, *, at_once: bool) -> None:
    """What is due, each at its own moment, and what follows from it; then the day's payouts, and sessions expire."""
    with world.store.transaction() as db:
        now = world.clock.now()
        while chore := next_chore(db, now, at_once=at_once):
            db.execute("DELETE FROM chores WHERE id = ?", (chore["id"],))
            if call := call_about(world, chore["subject"], now=min(now, chore["due"])):
                chores.WORK[chore["kind"]](call, chore["subject"])
        for movement in payouts.first_of_each_balance(db, now):
            if call := call_about(world, movement):
                payouts.pay_out_the_day(call, movement)
        over = db.execute(
            "SELECT id FROM objects WHERE kind = 'checkout.session' AND json_extract(body, '$.status') = 'open' "
            "AND json_extract(body, '$.expires_at') <= ?",
            (now,),
        ).fetchall()
        for row in over:
            if call := call_about(world, row["id"]):
                checkout_sessions.current(call, row["id"])


def next_chore(db: sqlite3.Connection, now: int, *, at_once: bool) -> sqlite3.Row | None:
    """The one that was due first; with `at_once`, of those that may be hurried too."""
    hurried = ", ".join("?" for _ in chores.HURRIED)
    row: sqlite3.Row | None = db.execute(
        f"SELECT * FROM chores WHERE due <= ? OR (? AND kind IN ({hurried})) ORDER BY due, id LIMIT 1",  # noqa: S608 (question marks)
        (now, at_once, *chores.HURRIED),
    ).fetchone()
    return row


def call_about(world: World, name: str, base_url: str = "", *, now: int | None = None) -> Call | None:
    """A call in nobody's name, for what happens to an object without a request. None for an unknown object."""
    with world.store.transaction() as db:
        owner = objects.owner(db, name)
        if owner is None:
            return None
        at = world.clock.now() if now is None else now
        return Call(world, db, at, account=owner[0], livemode=owner[1], base_url=base_url)


def send(world: World, event: str, endpoint: str, forgery: str | None = None) -> Receipt:
    """Post one event to one endpoint, honestly or with one of FORGERIES."""
    with world.store.transaction() as db:
        owners = objects.owner(db, event), objects.owner(db, endpoint)
        if owners[0] is None or owners[1] is None:
            return Receipt(None, "the event or the endpoint is gone")
        happened = objects.find(db, event, account=owners[0][0], livemode=owners[0][1])
        target = objects.find(db, endpoint, account=owners[1][0], livemode=owners[1][1])
    assert happened is not None
    assert target is not None
    if happened["livemode"] and forgery == "other_mode":
        happened["livemode"] = False
    elif forgery == "other_mode":
        happened["livemode"] = True
    if forgery == "foreign_account":
        happened["account"] = "acct_1SandboxStranger"
    elif target["_connect"]:
        happened["account"] = owners[0][0]
    return post(target, *signed(world, happened, target, forgery))


def signed(world: World, event: Json, endpoint: Json, forgery: str | None) -> tuple[bytes, str | None]:
    """The body and its signature header."""
    version = endpoint["api_version"] or API_VERSION
    body = json.dumps(public({**event, "api_version": version}), indent=2).encode()
    timestamp = world.clock.now() + {"stale": -TEN_MINUTES, "future": TEN_MINUTES}.get(forgery or "", 0)
    secret = "whsec_of_somebody_else" if forgery == "wrong_secret" else endpoint["_secret"]
    header = signing.header(body, [secret], timestamp)
    if forgery == "tampered":
        body = body.replace(b'"id": "evt_', b'"id": "evt_x', 1)
    return body, None if forgery == "unsigned" else header


def post(endpoint: Json, body: bytes, signature: str | None) -> Receipt:
    parts = urlsplit(endpoint["url"])
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    }
    if signature is not None:
        headers["Stripe-Signature"] = signature
    connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = connect(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        path = parts.path or "/"
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, headers)
        answer = connection.getresponse()
        answer.read(65_536)
        return Receipt(answer.status, None)
    except (OSError, http.client.HTTPException) as error:
        return Receipt(None, f"{type(error).__name__}: {error}")
    finally:
        connection.close()
