"""The payer's bank: it asks about a payment, takes its money back, decides. A page of buttons, and their addresses."""

import json

from werkzeug.wrappers import Request, Response

from sandbox.control.commands import done, given, refused
from sandbox.pages import not_found, page, rule
from sandbox.stripe import disputes
from sandbox.stripe.courier import Courier, call_about
from sandbox.stripe.objects import Json
from sandbox.world import World

MOST_SHOWN = 20
REASON_LABELS = {
    "fraudulent": "fraude",
    "product_not_received": "rien reçu",
    "product_unacceptable": "non conforme",
    "duplicate": "payé deux fois",
}


def open_one(world: World, courier: Courier, request: Request, name: str) -> Response:
    """About a charge. `kind`: inquiry or chargeback; `reason` as the API words it; `amount`, else the whole."""
    wanted = given(request)
    kind, reason = wanted.get("kind", "chargeback"), wanted.get("reason", "fraudulent")
    if kind not in {"inquiry", "chargeback"} or reason not in disputes.REASONS:
        return refused(f"kind must be inquiry or chargeback, reason one of {', '.join(disputes.REASONS)}")
    with world.store.transaction():
        call = call_about(world, name)
        charge = call.find("charge", name) if call else None
        if call is None or charge is None or charge["status"] != "succeeded":
            return refused("no such paid charge", 404)
        amount = int(wanted["amount"]) if wanted.get("amount") else charge["amount"]
        if not 0 < amount <= charge["amount"]:
            return refused("amount must be positive, and no more than the charge")
        dispute = disputes.open_dispute(call, charge, inquiry=kind == "inquiry", reason=reason, amount=amount)
    return done(request, {"dispute": dispute["id"], "status": dispute["status"]})


def escalate(world: World, courier: Courier, request: Request, name: str) -> Response:
    """A question becomes a dispute."""
    with world.store.transaction():
        call = call_about(world, name)
        dispute = call.find("dispute", name) if call else None
        if call is None or dispute is None or dispute["status"] not in disputes.INQUIRIES:
            return refused("no such inquiry", 404)
        disputes.escalate(call, dispute)
    return done(request, {"status": dispute["status"]})


def end(world: World, courier: Courier, request: Request, name: str) -> Response:
    """The bank decides: `won` true or false."""
    with world.store.transaction():
        call = call_about(world, name)
        dispute = call.find("dispute", name) if call else None
        if call is None or dispute is None or dispute["status"] not in {*disputes.INQUIRIES, *disputes.OPEN}:
            return refused("no such open dispute", 404)
        disputes.end(call, dispute, won=str(given(request).get("won", "")).lower() == "true")
    return done(request, {"status": dispute["status"]})


def index(world: World, request: Request) -> Response:
    """What was paid, and what is disputed of it."""
    with world.store.transaction() as db:
        paid = db.execute(
            "SELECT body FROM objects WHERE kind = 'charge' AND json_extract(body, '$.status') = 'succeeded' "
            "AND NOT json_extract(body, '$.disputed') ORDER BY seq DESC LIMIT ?",
            (MOST_SHOWN,),
        ).fetchall()
        contested = db.execute(
            "SELECT body FROM objects WHERE kind = 'dispute' ORDER BY seq DESC LIMIT ?", (MOST_SHOWN,)
        ).fetchall()
    found: list[Json] = [json.loads(row["body"]) for row in contested]
    charges: list[Json] = [json.loads(row["body"]) for row in paid]
    return page("disputes.html", charges=charges, disputes=found, reasons=REASON_LABELS, inquiries=disputes.INQUIRIES,
                open=disputes.OPEN)  # fmt: skip


def answer(world: World, request: Request, name: str) -> Response:
    """Where the seller answers. GET: the dispute; POST: `text` is handed in, or `give_in`."""
    with world.store.transaction():
        call = call_about(world, name)
        dispute = call.find("dispute", name) if call else None
        if call is None or dispute is None:
            return not_found("Cette contestation n’existe pas.")
        if request.method == "POST" and dispute["status"] in disputes.ANSWERABLE:
            if "give_in" in request.form:
                disputes.end(call, dispute, won=False)
            else:
                evidence = {"uncategorized_text": request.form.get("text", "").strip() or "—"}
                disputes.answer(call, dispute, evidence, submit=True)
    return page("dispute.html", dispute=dispute, answerable=dispute["status"] in disputes.ANSWERABLE)


COMMANDS = [
    rule("/_control/charges/<name>/dispute", open_one, "POST"),
    rule("/_control/disputes/<name>/escalate", escalate, "POST"),
    rule("/_control/disputes/<name>/end", end, "POST"),
]
PAGES = [
    rule("/disputes", index),
    rule("/disputes/<name>", answer, "GET", "POST"),
    rule("/test/disputes/<name>", answer, "GET", "POST"),
]
