"""The addresses under /_control: everything the panel can do, for programs too.

A form from the panel is answered with a redirect back to it, anything else with JSON.
"""

import json
from collections.abc import Iterable
from typing import Any

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from sandbox.control import sales
from sandbox.mailbox import mails
from sandbox.pages import rule
from sandbox.stripe import (
    accounts,
    cards,
    checkout_sessions,
    keys,
    mishaps,
    objects,
    outages,
    paying,
    payment_methods,
    payment_pages,
)
from sandbox.stripe.courier import FORGERIES, HELD, Courier, call_about, send
from sandbox.stripe.objects import Json
from sandbox.stripe.seed import seed
from sandbox.stripe.tries import Receipt
from sandbox.world import World


def given(request: Request) -> dict[str, Any]:
    """The command's own values: a form or a JSON object."""
    if request.is_json:
        body = request.get_json()
        return dict(body) if isinstance(body, dict) else {}
    return {**request.args.to_dict(), **request.form.to_dict()}


def done(request: Request, body: Any = None, status: int = 200) -> Response:
    if status == 200 and request.method == "POST" and "text/html" in request.headers.get("Accept", ""):
        return redirect(request.referrer or "/", 303)
    return Response(json.dumps({"ok": True} if body is None else body), status, content_type="application/json")


def refused(message: str, status: int = 400) -> Response:
    return Response(json.dumps({"error": message}), status, content_type="application/json")


def state(world: World, courier: Courier, request: Request) -> Response:
    with world.store.transaction() as db:
        sellers = [{name: row[name] for name in ("id", "name", "email", "ready")} for row in accounts.everyone(db)]
        waiting = db.execute("SELECT count(*) AS n FROM deliveries WHERE state = 'pending'").fetchone()["n"]
    body = {"now": world.clock.now(), "offset": world.clock.offset(), "held": world.switch(HELD) is not None}
    return done(request, {**body, "waiting": waiting, "smtp_port": world.smtp_port, "accounts": sellers})


def reset(world: World, courier: Courier, request: Request) -> Response:
    with world.store.transaction() as db:
        world.store.empty()
        seed(db, world.clock.now())
    return done(request)


def clock(world: World, courier: Courier, request: Request) -> Response:
    """`offset` sets, `advance` adds; both in seconds."""
    values = given(request)
    try:
        offset = int(values["offset"]) if "offset" in values else world.clock.offset() + int(values["advance"])
        world.clock.set_offset(offset)
    except (KeyError, ValueError) as error:
        return refused(str(error))
    world.bell.set()
    return done(request, {"offset": offset, "now": world.clock.now()})


def hold(world: World, courier: Courier, request: Request) -> Response:
    courier.hold()
    return done(request)


def release(world: World, courier: Courier, request: Request) -> Response:
    courier.release()
    return done(request)


def deliver_all(world: World, courier: Courier, request: Request) -> Response:
    """Now, held or not; `order` newest or shuffled delivers in a wrong order."""
    order = given(request).get("order")
    receipts = courier.work(at_once=True, newest_first=order == "newest", shuffled=order == "shuffled")
    return done(request, [{"event": event, **as_json(receipt)} for event, receipt in receipts])


def as_json(receipt: Receipt) -> Json:
    return {"status": receipt.status, "error": receipt.error}


def list_events(world: World, courier: Courier, request: Request) -> Response:
    """Newest first; `type` and `account` narrow."""
    wanted = given(request)
    found = [
        {**public_event, "deliveries": deliveries_of(world, public_event["id"])}
        for public_event in recent_events(world, limit=1000)
        if wanted.get("type") in {None, public_event["type"]}
        and wanted.get("account") in {None, public_event["account"]}
    ]
    return done(request, found)


def recent_events(world: World, *, limit: int) -> list[Json]:
    """Of all accounts: id, type, created, account, object name, and how the deliveries stand."""
    with world.store.transaction() as db:
        rows = db.execute(
            "SELECT o.account, o.livemode, o.body, "
            "(SELECT count(*) FROM deliveries d WHERE d.event = o.id AND d.state = 'delivered') AS delivered, "
            "(SELECT count(*) FROM deliveries d WHERE d.event = o.id) AS asked "
            "FROM objects o WHERE o.kind = 'event' ORDER BY o.seq DESC LIMIT ?",
            (limit,),
        ).fetchall()
    return [summary(row) for row in rows]


def summary(row: Any) -> Json:
    event = json.loads(row["body"])
    return {
        "id": event["id"],
        "type": event["type"],
        "created": event["created"],
        "account": row["account"],
        "livemode": bool(row["livemode"]),
        "object": event["data"]["object"]["id"],
        "asked": row["asked"],
        "delivered": row["delivered"],
    }


def event_by_name(world: World, name: str) -> Json | None:
    with world.store.transaction() as db:
        owner = objects.owner(db, name)
        return objects.find(db, name, account=owner[0], livemode=owner[1], kind="event") if owner else None


def deliveries_of(world: World, event: str) -> list[Json]:
    """Of one event: endpoint, url, state, attempts, last answer."""
    with world.store.transaction() as db:
        rows = db.execute(
            "SELECT d.*, json_extract(o.body, '$.url') AS url "
            "FROM deliveries d LEFT JOIN objects o ON o.id = d.endpoint WHERE d.event = ? ORDER BY d.id",
            (event,),
        ).fetchall()
    names = ("endpoint", "url", "state", "attempts", "next_at", "last_status", "last_error")
    return [{name: row[name] for name in names} for row in rows]


def deliver_event(world: World, courier: Courier, request: Request, name: str) -> Response:
    """`how`: once, twice, or one of the forgeries. To `endpoint`, else to all that were asked for."""
    wanted, name = given(request), named(world, name)
    how = wanted.get("how", "once")
    if how not in {"once", "twice", *FORGERIES}:
        return refused(f"how must be one of once, twice, {', '.join(FORGERIES)}")
    if event_by_name(world, name) is None:
        return refused("no such event", 404)
    targets: Iterable[str] = (
        [wanted["endpoint"]] if "endpoint" in wanted else [one["endpoint"] for one in deliveries_of(world, name)]
    )
    forgery = how if how in FORGERIES else None
    receipts = []
    for endpoint in targets:
        for _ in range(2 if how == "twice" else 1):
            receipt = send(world, name, endpoint, forgery)
            receipts.append({"endpoint": endpoint, **as_json(receipt)})
            if forgery is None and receipt.accepted:
                settle_delivery(world, name, endpoint)
    return done(request, receipts)


def settle_delivery(world: World, event: str, endpoint: str) -> None:
    with world.store.transaction() as db:
        db.execute("UPDATE deliveries SET state = 'delivered' WHERE event = ? AND endpoint = ?", (event, endpoint))


def delay_event(world: World, courier: Courier, request: Request, name: str) -> Response:
    """What waits of it waits `seconds` more (3600), from now, unless everything is delivered at once."""
    later = world.clock.now() + int(given(request).get("seconds", 3600))
    with world.store.transaction() as db:
        delayed = db.execute(
            "UPDATE deliveries SET next_at = ? WHERE event = ? AND state = 'pending'", (later, named(world, name))
        ).rowcount
    return done(request, {"delayed": delayed})


def named(world: World, name: str) -> str:
    """The name of an event; "last" is the newest that somebody asked for."""
    if name != "last":
        return name
    with world.store.transaction() as db:
        row = db.execute("SELECT event FROM deliveries ORDER BY id DESC LIMIT 1").fetchone()
    return str(row["event"]) if row else name


def cut_line(world: World, courier: Courier, request: Request) -> Response:
    """The addresses of webhooks are down for `seconds` (three days): all, or one `endpoint`."""
    values = given(request)
    seconds = int(values.get("seconds", outages.THREE_DAYS))
    return done(request, {"until": outages.begin(world, seconds=seconds, endpoint=values.get("endpoint"))})


def mend_line(world: World, courier: Courier, request: Request) -> Response:
    outages.end(world)
    world.bell.set()
    return done(request)


def sell_outside(world: World, courier: Courier, request: Request) -> Response:
    """A sale that is none of the product's: `sales.sell` has the values."""
    intent = sales.sell(world, given(request), request.host_url.rstrip("/"))
    if intent is None:
        return refused("no such test card", 404)
    return done(request, {"payment_intent": intent["id"], "status": intent["status"]})


def drop_event(world: World, courier: Courier, request: Request, name: str) -> Response:
    """Lost on the way: what waits is never delivered, and the provider counts it as failed."""
    with world.store.transaction() as db:
        lost = db.execute(
            "UPDATE deliveries SET state = 'dropped' WHERE event = ? AND state = 'pending'", (named(world, name),)
        ).rowcount
    return done(request, {"dropped": lost})


def revoke_key(world: World, courier: Courier, request: Request, key: str) -> Response:
    """`key` is its id or the key itself."""
    with world.store.transaction() as db:
        found = keys.find(db, key)
        if found is None:
            return refused("no such key", 404)
        keys.revoke(db, found)
    return done(request)


def change_permissions(world: World, courier: Courier, request: Request, key: str) -> Response:
    """`remove` or `add` one permission such as rak_charge_write. Removing write leaves nothing of that resource."""
    values = given(request)
    with world.store.transaction() as db:
        found = keys.find(db, key)
        if found is None or found.permissions is None:
            return refused("no such restricted key", 404)
        left = (found.permissions | {values["add"]} if "add" in values else found.permissions) - {values.get("remove")}
        keys.set_permissions(db, found, frozenset(left))
    return done(request, {"permissions": sorted(left)})


def pay_session(world: World, courier: Courier, request: Request, name: str) -> Response:
    """Pay a Checkout Session without its page: `card` (4242… if absent) or `iban`, and `email`."""
    values = given(request)
    with world.store.transaction():
        call = call_about(world, name, request.host_url.rstrip("/"))
        if call is None or call.find("checkout.session", name) is None:
            return refused("no such session", 404)
        session = checkout_sessions.current(call, name)
        if session["status"] != "open":
            return refused(f"the session is {session['status']}", 409)
        billing = {"email": values.get("email", "client@example.com"), "name": "Claire Martin"}
        card = cards.BY_NUMBER.get(str(values.get("card", "4242424242424242")))
        if "iban" in values:
            method = payment_methods.bank_account(call, values["iban"], billing)
        elif card is not None:
            method = payment_methods.card_method(call, card, billing)
        else:
            return refused("no such test card", 404)
        result = payment_pages.pay(call, session, call.add(method))
    return done(request, {"result": result, "payment_intent": session["payment_intent"]})


def end_debit(world: World, courier: Courier, request: Request, name: str) -> Response:
    """The bank answers a debit now: `arrived` true or false; by default as the test IBAN says."""
    with world.store.transaction():
        call = call_about(world, name, request.host_url.rstrip("/"))
        intent = call.find("payment_intent", name) if call else None
        if call is None or intent is None or intent["status"] != "processing":
            return refused("no debit under way", 404)
        wanted = given(request).get("arrived")
        failure = paying.bank_answer(intent)
        if wanted is not None:
            failure = None if str(wanted).lower() == "true" else failure or "insufficient_funds"
        payment_pages.end_debit(call, intent, failure=failure)
    return done(request, {"arrived": failure is None})


def mishap(world: World, courier: Courier, request: Request) -> Response:
    """`kind` meets the next API requests: `times` of them (1), 0 for all; only those under `path`. "none" ends it."""
    values = given(request)
    kind = values.get("kind")
    if kind not in {"none", *mishaps.KINDS}:
        return refused(f"kind must be one of none, {', '.join(mishaps.KINDS)}")
    times = int(values.get("times", 1))
    mishaps.plan(world, None if kind == "none" else kind, path=values.get("path", "/v1/"), times=times or None)
    return done(request)


def list_mail(world: World, courier: Courier, request: Request) -> Response:
    """Newest first; `to` narrows to one recipient."""
    return done(request, [mail.as_json() for mail in mails.every(world, to=given(request).get("to"))])


def clear_mail(world: World, courier: Courier, request: Request) -> Response:
    with world.store.transaction() as db:
        db.execute("DELETE FROM mails")
    return done(request)


ADDRESSES = [
    rule("/_control/state", state),
    rule("/_control/reset", reset, "POST"),
    rule("/_control/clock", clock, "POST"),
    rule("/_control/hold", hold, "POST"),
    rule("/_control/release", release, "POST"),
    rule("/_control/deliver", deliver_all, "POST"),
    rule("/_control/events", list_events),
    rule("/_control/events/<name>/deliver", deliver_event, "POST"),
    rule("/_control/events/<name>/delay", delay_event, "POST"),
    rule("/_control/events/<name>/drop", drop_event, "POST"),
    rule("/_control/endpoints/down", cut_line, "POST"),
    rule("/_control/endpoints/up", mend_line, "POST"),
    rule("/_control/sales", sell_outside, "POST"),
    rule("/_control/keys/<key>/revoke", revoke_key, "POST"),
    rule("/_control/keys/<key>/permissions", change_permissions, "POST"),
    rule("/_control/sessions/<name>/pay", pay_session, "POST"),
    rule("/_control/debits/<name>/end", end_debit, "POST"),
    rule("/_control/mishap", mishap, "POST"),
    rule("/_control/mail", list_mail),
    rule("/_control/mail/clear", clear_mail, "POST"),
]
