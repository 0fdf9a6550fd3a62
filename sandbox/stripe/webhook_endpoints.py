"""Where an account wants its events sent. The signing secret is told once, at creation."""

from typing import Any
from urllib.parse import urlsplit

from sandbox.loopback import is_loopback
from sandbox.stripe import objects
from sandbox.stripe.calls import API_VERSION, Call
from sandbox.stripe.errors import invalid
from sandbox.stripe.event_types import EVENT_TYPES
from sandbox.stripe.ids import new_id
from sandbox.stripe.listing import listed
from sandbox.stripe.objects import Json
from sandbox.stripe.parameters import PAGING, Boolean, Choice, Field, Many, Metadata, Text, Url

MOST_ENDPOINTS = 16
ENABLED_EVENTS = Choice(("*", *EVENT_TYPES))
CREATE: dict[str, Field] = {
    "url": Url(required=True),
    "enabled_events": Many(ENABLED_EVENTS, required=True, most=500),
    "api_version": Choice((API_VERSION,)),
    "connect": Boolean(),
    "description": Text(may_unset=True),
    "metadata": Metadata(),
}
UPDATE: dict[str, Field] = {
    "url": Url(),
    "enabled_events": Many(ENABLED_EVENTS, most=500),
    "disabled": Boolean(),
    "description": Text(may_unset=True),
    "metadata": Metadata(),
}


def create(call: Call, given: dict[str, Any]) -> Json:
    check_url(given["url"])
    if not given["enabled_events"]:
        raise invalid("You must select at least one event.", param="enabled_events")
    if len(call.every("webhook_endpoint")) >= MOST_ENDPOINTS:
        raise invalid(f"You have reached the maximum of {MOST_ENDPOINTS} test webhook endpoints.")
    secret = new_id("whsec", 32)
    endpoint: Json = {
        "id": new_id("we_1"),
        "object": "webhook_endpoint",
        "api_version": given.get("api_version"),
        "application": None,
        "created": call.now,
        "description": given.get("description"),
        "enabled_events": given["enabled_events"],
        "livemode": call.livemode,
        "metadata": given.get("metadata", {}),
        "status": "enabled",
        "url": given["url"],
        "_connect": given.get("connect", False),
        "_secret": secret,
    }
    call.add(endpoint)
    return {**endpoint, "secret": secret}


def check_url(url: str) -> None:
    """This world ends at this machine: nothing is ever sent further."""
    if not is_loopback(urlsplit(url).hostname or ""):
        message = "Invalid URL: the sandbox delivers to this machine only (localhost, 127.0.0.1 or [::1])."
        raise invalid(message, param="url", code="url_invalid")


def retrieve(call: Call, given: dict[str, Any], name: str) -> Json:
    return call.get("webhook_endpoint", name, param="webhook_endpoint")


def update(call: Call, given: dict[str, Any], name: str) -> Json:
    endpoint = call.get("webhook_endpoint", name, param="webhook_endpoint")
    if "url" in given:
        check_url(given["url"])
    if "disabled" in given:
        endpoint["status"] = "disabled" if given.pop("disabled") else "enabled"
    if "metadata" in given:
        endpoint["metadata"] = {**endpoint["metadata"], **given.pop("metadata")}
    return call.save({**endpoint, **given})


def delete(call: Call, given: dict[str, Any], name: str) -> Json:
    endpoint = call.get("webhook_endpoint", name, param="webhook_endpoint")
    objects.remove(call.db, endpoint["id"])
    call.db.execute("UPDATE deliveries SET state = 'dropped' WHERE endpoint = ? AND state = 'pending'", (name,))
    return {"id": name, "object": "webhook_endpoint", "deleted": True}


def all_endpoints(call: Call, given: dict[str, Any]) -> Json:
    return listed(call.every("webhook_endpoint"), given, "/v1/webhook_endpoints")


LIST = PAGING
