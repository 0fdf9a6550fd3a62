"""The panel's pages: where everything is, what happened, and what can be made to go wrong."""

import json

from werkzeug.wrappers import Request, Response

from sandbox.control.acts import SECTIONS
from sandbox.control.commands import deliveries_of, event_by_name, recent_events
from sandbox.pages import not_found, page
from sandbox.stripe import accounts, keys
from sandbox.stripe.courier import HELD
from sandbox.stripe.mishaps import SWITCH
from sandbox.stripe.objects import public
from sandbox.world import World

FORGERY_LABELS = {
    "once": "Livrer encore",
    "twice": "Livrer deux fois",
    "tampered": "Corps modifié",
    "wrong_secret": "Mauvais secret",
    "unsigned": "Sans signature",
    "stale": "Signature d’il y a 10 min",
    "future": "Signature dans 10 min",
    "foreign_account": "Au nom d’un autre compte",
    "other_mode": "Dans l’autre mode (réel/test)",
}


def index(world: World, request: Request) -> Response:
    with world.store.transaction() as db:
        counts = {
            "mails": db.execute("SELECT count(*) AS n FROM mails").fetchone()["n"],
            "waiting": db.execute("SELECT count(*) AS n FROM deliveries WHERE state = 'pending'").fetchone()["n"],
        }
        everyone = accounts.everyone(db)
    return page(
        "index.html",
        counts=counts,
        accounts=everyone,
        held=world.switch(HELD) is not None,
        mishap=world.switch(SWITCH) is not None,
        now=world.clock.now(),
        offset=world.clock.offset(),
        has_clock=world.clock.offset_file is not None,
        events=recent_events(world, limit=8),
        smtp_port=world.smtp_port,
    )


def acts(world: World, request: Request) -> Response:
    with world.store.transaction() as db:
        found = [key for account in accounts.everyone(db) for key in keys.of_account(db, account["id"])]
    return page("acts.html", sections=SECTIONS, keys=found, now=world.clock.now())


def events(world: World, request: Request) -> Response:
    return page("events.html", events=recent_events(world, limit=200), held=world.switch(HELD) is not None)


def event(world: World, request: Request, name: str) -> Response:
    found = event_by_name(world, name)
    if found is None:
        return not_found("Cet événement n’existe pas.")
    body = json.dumps(public(found), indent=2, ensure_ascii=False)
    return page("event.html", event=found, body=body, deliveries=deliveries_of(world, name), forgeries=FORGERY_LABELS)
