"""What the seller's bank is sent: the page, and its buttons (pay out now, it arrives, the bank sends it back)."""

import json
from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.control.commands import done, given, refused
from sandbox.pages import page, rule
from sandbox.stripe import accounts, payouts
from sandbox.stripe.calls import Call
from sandbox.stripe.courier import Courier, call_about
from sandbox.stripe.errors import StripeError
from sandbox.stripe.objects import Json
from sandbox.world import World


def index(world: World, request: Request) -> Response:
    with world.store.transaction() as db:
        names = {row["id"]: row["name"] for row in accounts.everyone(db)}
        rows = db.execute(
            "SELECT account, livemode, body FROM objects WHERE kind = 'payout' ORDER BY seq DESC LIMIT 200"
        ).fetchall()
        waiting = [
            {"account": row["account"], "name": names[row["account"]], "currency": row["currency"], "net": row["net"]}
            for row in db.execute(
                "SELECT account, json_extract(body, '$.currency') AS currency, sum(json_extract(body, '$.net')) AS net "
                "FROM objects WHERE kind = 'balance_transaction' AND NOT livemode "
                "AND json_extract(body, '$._payout') IS NULL GROUP BY 1, 2 HAVING net > 0"
            ).fetchall()
        ]
    sent = [{**json.loads(row["body"]), "account": names[row["account"]]} for row in rows]
    return page("payouts.html", payouts=sent, waiting=waiting)


def pay_out(world: World, courier: Courier, request: Request) -> Response:
    """`account`, `currency` (eur): everything it holds in test mode leaves now, and can be taken apart at once."""
    values = given(request)
    with world.store.transaction() as db:
        if accounts.find(db, values.get("account", "")) is None:
            return refused("no such account", 404)
        call = Call(world, db, world.clock.now(), account=values["account"], livemode=False, base_url="")
        payout = payouts.pay_out(call, values.get("currency", "eur"), pending_too=True)
        if payout is None:
            return refused("there is nothing to pay out", 409)
        payouts.reconcile(call, payout["id"])
    world.bell.set()
    return done(request, {"payout": payout["id"], "amount": payout["amount"]})


def arrive(world: World, courier: Courier, request: Request, name: str) -> Response:
    return _about(world, request, name, payouts.arrive)


def fail(world: World, courier: Courier, request: Request, name: str) -> Response:
    """`code`: one of FAILURES, account_closed where it is not said."""
    code = given(request).get("code", "account_closed")
    if code not in payouts.FAILURES:
        return refused(f"code must be one of {', '.join(payouts.FAILURES)}")
    return _about(world, request, name, lambda call, payout: payouts.fail(call, payout, code))


def _about(world: World, request: Request, name: str, act: Any) -> Response:
    with world.store.transaction():
        call = call_about(world, name)
        if call is None or call.find("payout", name) is None:
            return refused("no such payout", 404)
        try:
            act(call, name)
        except StripeError as error:
            return refused(str(error), 409)
        found: Json = call.get("payout", name, param="id")
    world.bell.set()
    return done(request, {"status": found["status"]})


ADDRESSES = [
    rule("/_control/payouts", pay_out, "POST"),
    rule("/_control/payouts/<name>/arrive", arrive, "POST"),
    rule("/_control/payouts/<name>/fail", fail, "POST"),
]
