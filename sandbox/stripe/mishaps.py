"""Bad days of the API: answers that get lost on the way, faults, refusals for haste. Asked for, counted, then over."""

import json
import socket

from werkzeug.wrappers import Request

from sandbox.stripe.errors import StripeError
from sandbox.world import World

SWITCH = "mishap"
#: "lost_answer": the work is done and nobody hears of it. The others do nothing and say why.
KINDS = ("lost_answer", "server_error", "rate_limited")


def plan(world: World, kind: str | None, *, path: str = "/v1/", times: int | None = 1) -> None:
    """From now on `kind` meets requests whose path begins with `path`: `times` of them, or all; None ends it."""
    value = None if kind is None else json.dumps({"kind": kind, "path": path, "times": times})
    world.set_switch(SWITCH, value)


def strike(world: World, request: Request) -> str | None:
    """The mishap that meets this request, if any; one fewer is left."""
    with world.store.transaction():
        planned = world.switch(SWITCH)
        if planned is None:
            return None
        mishap = json.loads(planned)
        if not request.path.startswith(mishap["path"]):
            return None
        left = None if mishap["times"] is None else mishap["times"] - 1
        plan(world, None if left == 0 else mishap["kind"], path=mishap["path"], times=left)
        return str(mishap["kind"])


def fault(kind: str) -> StripeError:
    """What a request hears that was met by `kind` before any work was done."""
    if kind == "rate_limited":
        message = "Request rate limit exceeded."
        return StripeError(429, "invalid_request_error", message, code="rate_limit")
    return StripeError(500, "api_error", "An unknown error occurred. Please try again.")


def hang_up(request: Request) -> None:
    """Close the line before anything is said."""
    line = request.environ["werkzeug.socket"]
    line.shutdown(socket.SHUT_RDWR)
