"""OAuth for platforms: an account's owner lets a platform act for it, with one visit to these pages."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from sandbox.loopback import is_loopback
from sandbox.pages import page, rule
from sandbox.stripe import accounts, forms, keys
from sandbox.stripe.api import secret_of
from sandbox.stripe.calls import Call
from sandbox.stripe.errors import StripeError
from sandbox.stripe.events import emit
from sandbox.stripe.ids import new_id
from sandbox.world import World

CODE_LIFE = 300
Refusal = tuple[int, str, str]


def authorize(world: World, request: Request) -> Response:
    """GET: who is asking, and for which account. POST: yes or no."""
    asked = {
        name: request.args.get(name, "") for name in ("client_id", "redirect_uri", "state", "scope", "response_type")
    }
    with world.store.transaction() as db:
        application = db.execute("SELECT * FROM applications WHERE client_id = ?", (asked["client_id"],)).fetchone()
        if application is None:
            return refused_page("Aucune application ne correspond à cet identifiant client.")
        if not is_loopback(urlsplit(asked["redirect_uri"]).hostname or ""):
            return refused_page("L’adresse de retour doit être sur cette machine.")
        account = accounts.find(db, request.args.get("account", ""))
        signed_in = account is not None and request.cookies.get("sandbox_account") == account["id"]
        if account is None or not account["ready"] or not signed_in:
            everyone = [row for row in accounts.everyone(db) if row["id"] != application["account"]]
            return page("oauth_choose.html", application=application, accounts=everyone, next=request.full_path)
        if request.method == "GET":
            return page("oauth_connect.html", application=application, account=account)
        if request.form.get("answer") != "connect":
            refused = {"error": "access_denied", "error_description": "The user denied your request"}
            return back(asked["redirect_uri"], {**refused, "state": asked["state"]})
        code = new_id("ac", 32)
        scope = asked["scope"] or "read_only"
        db.execute(
            "INSERT INTO oauth_codes (code, client_id, account, scope, expires) VALUES (?, ?, ?, ?, ?)",
            (code, asked["client_id"], account["id"], scope, world.clock.now() + CODE_LIFE),
        )
        return back(asked["redirect_uri"], {"scope": scope, "code": code, "state": asked["state"]})


def back(address: str, answer: dict[str, str]) -> Response:
    return redirect(f"{address}{'&' if '?' in address else '?'}{urlencode(answer)}", 303)


def refused_page(text: str) -> Response:
    return page("message.html", 400, title="Connexion impossible", text=text)


@dataclass
class OAuthApi:
    """`/oauth/token` and `/oauth/deauthorize`, asked by the platform's own server."""

    world: World

    def __call__(self, request: Request) -> Response:
        given = forms.decode(request.get_data(as_text=True))
        with self.world.store.transaction() as db:
            try:
                key = keys.authenticate(db, given.get("client_secret") or secret_of(request))
            except StripeError as error:
                return oauth_error((401, "invalid_client", str(error)))
            call = Call(
                self.world, db, self.world.clock.now(), account=key.account, livemode=key.livemode,
                base_url=request.host_url.rstrip("/"), key_account=key.account,
            )  # fmt: skip
            answer = token(call, given) if request.path == "/oauth/token" else deauthorize(call, given)
        if isinstance(answer, tuple):
            return oauth_error(answer)
        return Response(json.dumps(answer), content_type="application/json")


def oauth_error(refusal: Refusal) -> Response:
    status, error, description = refusal
    body = json.dumps({"error": error, "error_description": description})
    return Response(body, status, content_type="application/json")


def token(call: Call, given: dict[str, Any]) -> dict[str, Any] | Refusal:
    """Trade a code, once and within five minutes, for the right to act for the account."""
    if given.get("grant_type") != "authorization_code":
        return 400, "unsupported_grant_type", "This sandbox supports grant_type=authorization_code."
    code = str(given.get("code", ""))
    row = call.db.execute(
        "SELECT c.* FROM oauth_codes c JOIN applications a USING (client_id) "
        "WHERE c.code = ? AND a.account = ? AND c.expires > ?",
        (code, call.account, call.now),
    ).fetchone()
    if row is None:
        return 400, "invalid_grant", f"Authorization code does not exist: {code}"
    call.db.execute("DELETE FROM oauth_codes WHERE code = ?", (code,))
    call.db.execute(
        "INSERT OR REPLACE INTO grants (client_id, account, livemode, active) VALUES (?, ?, ?, 1)",
        (row["client_id"], row["account"], call.livemode),
    )
    name = access_name(row["client_id"])
    access = keys.create(
        call.db, account=row["account"], name=name, livemode=call.livemode, permissions=None, now=call.now
    )  # fmt: skip
    announce(call, row["client_id"], row["account"], "account.application.authorized")
    return {
        "access_token": access.secret,
        "livemode": call.livemode,
        "refresh_token": new_id("rt", 32),
        "scope": row["scope"],
        "stripe_publishable_key": f"pk_{call.mode}_{row['account'][5:]}",
        "stripe_user_id": row["account"],
        "token_type": "bearer",
    }


def deauthorize(call: Call, given: dict[str, Any]) -> dict[str, Any] | Refusal:
    """End a platform's right; its endpoints are told last."""
    account, client_id = str(given.get("stripe_user_id", "")), str(given.get("client_id", ""))
    row = call.db.execute(
        "SELECT 1 FROM grants g JOIN applications a USING (client_id) "
        "WHERE g.client_id = ? AND g.account = ? AND g.livemode = ? AND g.active AND a.account = ?",
        (client_id, account, call.livemode, call.account),
    ).fetchone()
    if row is None:
        return (
            401,
            "invalid_client",
            f"This application is not connected to stripe account {account}, or it does not exist.",
        )
    announce(call, client_id, account, "account.application.deauthorized")
    call.db.execute(
        "UPDATE grants SET active = 0 WHERE client_id = ? AND account = ? AND livemode = ?",
        (client_id, account, call.livemode),
    )
    for key in keys.of_account(call.db, account):
        if key.name == access_name(client_id) and key.livemode == call.livemode:
            keys.revoke(call.db, key)
    return {"stripe_user_id": account}


def access_name(client_id: str) -> str:
    return f"Accès de {client_id}"


def announce(call: Call, client_id: str, account: str, kind: str) -> None:
    application = call.db.execute("SELECT name FROM applications WHERE client_id = ?", (client_id,)).fetchone()
    theirs = Call(call.world, call.db, call.now, account=account, livemode=call.livemode, base_url=call.base_url)
    emit(theirs, kind, {"id": client_id, "object": "application", "name": application["name"]})


ADDRESSES = [rule("/oauth/authorize", authorize, "GET", "POST")]
