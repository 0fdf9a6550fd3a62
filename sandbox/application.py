"""The web side of the sandbox: which address is answered by which function."""

import mimetypes
from collections.abc import Iterable
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map
from werkzeug.wrappers import Request, Response

from sandbox.control import commands, disputes, panel, payouts
from sandbox.loopback import is_loopback
from sandbox.mailbox import pages as mail_pages
from sandbox.pages import not_found, page, rule
from sandbox.stripe import dashboard, hosted_checkout, oauth
from sandbox.stripe.api import Api
from sandbox.stripe.courier import Courier
from sandbox.stripe.idempotency import Desk
from sandbox.world import World

PAGES = Map(
    [
        rule("/", panel.index),
        rule("/c/pay/<name>", hosted_checkout.show, "GET", "POST"),
        rule("/3ds/<name>", hosted_checkout.bank, "GET", "POST"),
        rule("/receipts/<name>", hosted_checkout.receipt),
        rule("/mail", mail_pages.index),
        rule("/mail/<int:name>", mail_pages.show),
        rule("/mail/<int:name>/html", mail_pages.html),
        rule("/mail/<int:name>/part/<int:number>", mail_pages.part),
        rule("/payouts", payouts.index),
        rule("/acts", panel.acts),
        rule("/events", panel.events),
        rule("/events/<name>", panel.event),
        *disputes.PAGES,
        *dashboard.ADDRESSES,
        *oauth.ADDRESSES,
    ]
)
CONTROLS = Map([*commands.ADDRESSES, *disputes.COMMANDS, *payouts.ADDRESSES])


class Application:
    def __init__(self, world: World, courier: Courier) -> None:
        self.world = world
        self.courier = courier
        self.api = Api(world, Desk())
        self.oauth_api = oauth.OAuthApi(world)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        return self.answer(request)(environ, start_response)

    def answer(self, request: Request) -> Response:
        if not is_loopback(urlsplit(f"//{request.host}").hostname or ""):
            return page(
                "message.html", 421, title="Adresse refusée", text="Le bac à sable ne répond qu’à cette machine."
            )
        if request.path.startswith("/v1/"):
            return self.api(request)
        if request.path in {"/oauth/token", "/oauth/deauthorize"} and request.method == "POST":
            return self.oauth_api(request)
        if request.path.startswith("/static/"):
            return static(request.path.removeprefix("/static/"))
        if request.method == "POST" and not is_own(request):
            return page("message.html", 403, title="Demande refusée", text="Ce formulaire ne vient pas de cette page.")
        if request.path.startswith("/_control/"):
            return self.find(CONTROLS, request, self.courier)
        return self.find(PAGES, request)

    def find(self, addresses: Map, request: Request, *more: Courier) -> Response:
        try:
            endpoint, names = addresses.bind("").match(request.path, method=request.method)
        except HTTPException as error:
            if error.code == 405:
                return page(
                    "message.html", 405, title="Méthode refusée", text="Cette adresse attend une autre méthode."
                )
            return not_found("Il n’y a rien à cette adresse.")
        response: Response = endpoint(self.world, *more, request, **names)
        return response


def is_own(request: Request) -> bool:
    """Whether a form was sent by a page of this server, or by a program (which names no origin)."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def static(name: str) -> Response:
    found = files("sandbox") / "static" / name
    if "/" in name or not found.is_file():
        return not_found("Il n’y a rien à cette adresse.")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = Response(found.read_bytes(), content_type=kind)
    response.headers["Cache-Control"] = "max-age=60"
    return response
