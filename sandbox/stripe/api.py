"""The door of the API: who asks, may they, was it asked before; then the verb, then the answer in the API's shape."""

import base64
import binascii
import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from sandbox.stripe import accounts, forms, idempotency, keys, mishaps, parameters
from sandbox.stripe.calls import API_VERSION, Call
from sandbox.stripe.errors import StripeError, invalid
from sandbox.stripe.expand import expanded
from sandbox.stripe.idempotency import Answer, Desk
from sandbox.stripe.ids import new_id
from sandbox.stripe.objects import public
from sandbox.stripe.parameters import Field, Many, Text
from sandbox.stripe.routes import URL_MAP, Route
from sandbox.world import World

LARGEST_BODY = 1_000_000
EXPAND: dict[str, Field] = {"expand": Many(Text(), most=20)}


@dataclass
class Api:
    world: World
    desk: Desk

    def __call__(self, request: Request) -> Response:
        request_id = new_id("req", 14)
        replayed = False
        mishap = mishaps.strike(self.world, request)
        try:
            if mishap not in {None, "lost_answer"}:
                raise mishaps.fault(str(mishap))
            answer = self.answer(request, request_id)
            replayed = answer.request_id != request_id
        except StripeError as error:
            answer = Answer(error.status, json.dumps(error.body(request_id)), request_id)
        if mishap == "lost_answer":
            mishaps.hang_up(request)
        response = Response(answer.body, answer.status, content_type="application/json")
        response.headers["Request-Id"] = request_id
        response.headers["Stripe-Version"] = request.headers.get("Stripe-Version", API_VERSION)
        if key := request.headers.get("Idempotency-Key"):
            response.headers["Idempotency-Key"] = key
        if replayed:
            response.headers["Idempotent-Replayed"] = "true"
            response.headers["Original-Request"] = answer.request_id
        if answer.status == 401:
            response.headers["WWW-Authenticate"] = 'Bearer realm="Stripe"'
        return response

    def answer(self, request: Request, request_id: str) -> Answer:
        """Raises StripeError for what is refused before the verb began: such answers are kept for no key."""
        if (request.content_length or 0) > LARGEST_BODY:
            raise invalid("Request body too large.", status=413)
        in_body = request.method == "POST"
        given = forms.decode(request.get_data(as_text=True) if in_body else request.query_string.decode())
        key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
        desk_name = request.headers.get("Authorization", "")
        if key is not None:
            self.desk.enter(desk_name, key)
        try:
            with self.world.store.transaction() as db:
                return self.serve(db, request, given, request_id, key)
        finally:
            if key is not None:
                self.desk.leave(desk_name, key)

    def serve(
        self, db: sqlite3.Connection, request: Request, given: dict[str, Any], request_id: str, key: str | None
    ) -> Answer:
        call, api_key = self.admit(db, request, request_id, key)
        route, names = find_route(request)
        keys.require(api_key, route.permission)
        if key is not None and (kept := idempotency.first_answer(call, request.path, given)):
            return kept
        typed = parameters.read_fields({**route.fields, **EXPAND}, given)
        answer = perform(call, route, names, typed, request_id)
        if key is not None:
            idempotency.keep(call, request.path, given, answer)
        return answer

    def admit(
        self, db: sqlite3.Connection, request: Request, request_id: str, key: str | None
    ) -> tuple[Call, keys.ApiKey]:
        """Raises 401 for a bad key, 400 for an unknown version, 403 for an account that is not the caller's."""
        api_key = keys.authenticate(db, secret_of(request))
        version = request.headers.get("Stripe-Version")
        if version is not None and version != API_VERSION:
            raise invalid(f"Invalid Stripe API version: {version}. The sandbox plays {API_VERSION}.")
        account, application = api_key.account, None
        other = request.headers.get("Stripe-Account")
        if other and other != account:
            application = connected_through(db, api_key, other)
            account = other
        call = Call(
            world=self.world,
            db=db,
            now=self.world.clock.now(),
            account=account,
            livemode=api_key.livemode,
            base_url=request.host_url.rstrip("/"),
            version=version,
            request_id=request_id,
            idempotency_key=key,
            application=application,
            key_account=api_key.account,
        )
        return call, api_key


def secret_of(request: Request) -> str | None:
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Bearer":
        return rest.strip()
    if scheme == "Basic":
        try:
            return base64.b64decode(rest).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return None
    return None


def connected_through(db: sqlite3.Connection, api_key: keys.ApiKey, account: str) -> str:
    """The client id of the platform by which the key's owner may act for `account`."""
    row = db.execute(
        "SELECT g.client_id FROM grants g JOIN applications a USING (client_id) "
        "WHERE a.account = ? AND g.account = ? AND g.livemode = ? AND g.active",
        (api_key.account, account, api_key.livemode),
    ).fetchone()
    if row is None or accounts.find(db, account) is None:
        message = (
            f"The provided key '{api_key.masked}' does not have access to account '{account}' (or that account does "
            "not exist). Application access may have been revoked."
        )
        raise StripeError(403, "invalid_request_error", message, code="account_invalid")
    return str(row["client_id"])


def find_route(request: Request) -> tuple[Route, dict[str, Any]]:
    try:
        route, names = URL_MAP.bind("").match(request.path, method=request.method)
    except HTTPException as error:
        message = (
            f"Unrecognized request URL ({request.method}: {request.path}). Please see https://stripe.com/docs or we "
            "can help at https://support.stripe.com/."
        )
        raise invalid(message, status=404) from error
    assert isinstance(route, Route)
    return route, dict(names)


def perform(call: Call, route: Route, names: dict[str, Any], typed: dict[str, Any], request_id: str) -> Answer:
    """A refusal by the verb is an answer too: what it wrote before (a failed charge) stays."""
    paths = typed.pop("expand", [])
    try:
        body = expanded(call, route.verb(call, typed, **names), paths)
    except StripeError as error:
        return Answer(error.status, json.dumps(error.body(request_id)), request_id)
    return Answer(200, json.dumps(public(body)), request_id)
