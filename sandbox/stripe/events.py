"""Events: a frozen copy of what changed, and one delivery for each endpoint that asked for it."""

import sqlite3
from typing import Any

from sandbox.stripe import objects
from sandbox.stripe.calls import API_VERSION, Call
from sandbox.stripe.ids import new_id
from sandbox.stripe.listing import listed
from sandbox.stripe.objects import Json, public
from sandbox.stripe.parameters import PAGING, Boolean, Field, Many, Text

LIST: dict[str, Field] = {**PAGING, "type": Text(), "types": Many(Text(), most=20), "delivery_success": Boolean()}


def emit(call: Call, kind: str, body: Json, *, before: Json | None = None) -> Json:
    """Record that `kind` happened to `body`; `before` holds the former values of what an update changed."""
    data: Json = {"object": public(body)}
    if before is not None:
        data["previous_attributes"] = before
    event: Json = {
        "id": new_id("evt_1"),
        "object": "event",
        "api_version": API_VERSION,
        "created": call.now,
        "data": data,
        "livemode": call.livemode,
        "pending_webhooks": 0,
        "request": {"id": call.request_id, "idempotency_key": call.idempotency_key},
        "type": kind,
    }
    call.add(event)
    for endpoint in listeners(call.db, call.account, call.livemode):
        if endpoint["status"] == "enabled" and wants(endpoint, kind):
            send_later(call, event["id"], endpoint["id"])
    return event


def send_later(call: Call, event: str, endpoint: str) -> None:
    call.db.execute(
        "INSERT INTO deliveries (event, endpoint, state, attempts, next_at, place) "
        "VALUES (?, ?, 'pending', 0, ?, (SELECT coalesce(max(place), 0) + 1 FROM deliveries))",
        (event, endpoint, call.now),
    )
    call.world.bell.set()


def wants(endpoint: Json, kind: str) -> bool:
    return "*" in endpoint["enabled_events"] or kind in endpoint["enabled_events"]


def listeners(db: sqlite3.Connection, account: str, livemode: bool) -> list[Json]:
    """The account's own endpoints, oldest first, then those of the platforms that it connected to."""
    own = objects.every(db, "webhook_endpoint", account=account, livemode=livemode)
    found = [endpoint for endpoint in reversed(own) if not endpoint["_connect"]]
    platforms = db.execute(
        "SELECT a.account FROM grants g JOIN applications a USING (client_id) "
        "WHERE g.account = ? AND g.livemode = ? AND g.active",
        (account, livemode),
    ).fetchall()
    for row in platforms:
        theirs = objects.every(db, "webhook_endpoint", account=row["account"], livemode=livemode)
        found += [endpoint for endpoint in reversed(theirs) if endpoint["_connect"]]
    return found


def retrieve(call: Call, given: dict[str, Any], name: str) -> Json:
    return with_pending(call, call.get("event", name, param="id"))


def all_events(call: Call, given: dict[str, Any]) -> Json:
    """Newest first. `delivery_success` false: those with a delivery that is pending or was given up."""
    found = call.every("event")
    if "type" in given:
        found = [event for event in found if event["type"] == given["type"]]
    if "types" in given:
        found = [event for event in found if event["type"] in given["types"]]
    if "delivery_success" in given:
        rows = call.db.execute("SELECT DISTINCT event FROM deliveries WHERE state <> 'delivered'").fetchall()
        undelivered = {row["event"] for row in rows}
        found = [event for event in found if (event["id"] not in undelivered) == given["delivery_success"]]
    page = listed(found, given, "/v1/events")
    page["data"] = [with_pending(call, event) for event in page["data"]]
    return page


def with_pending(call: Call, event: Json) -> Json:
    row = call.db.execute(
        "SELECT count(*) AS waiting FROM deliveries WHERE event = ? AND state = 'pending'", (event["id"],)
    ).fetchone()
    return {**event, "pending_webhooks": row["waiting"]}
