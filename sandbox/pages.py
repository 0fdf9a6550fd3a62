"""HTML pages: templates, French amounts and dates, and the headers that keep a page harmless."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from sandbox.stripe.parameters import CURRENCIES

PARIS = ZoneInfo("Europe/Paris")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
SYMBOLS = {"eur": "€", "usd": "$", "gbp": "£"}
#: Forms may lead back to the shop, which is another port of this machine.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; base-uri 'none'; "
    "frame-ancestors 'self'; "
    "form-action 'self' http://localhost:* http://127.0.0.1:*"
)


def rule(path: str, endpoint: Callable[..., Response], *methods: str) -> Rule:
    """One address and the function that answers it, to GET unless `methods` says otherwise."""
    return Rule(path, endpoint=endpoint, methods=list(methods or ("GET",)))


def money(amount: int, currency: str) -> str:
    """124000, "eur" → "1 240,00 €", with the spaces that do not break."""
    digits = CURRENCIES.get(currency, 2)
    whole, cents = divmod(abs(amount), 10**digits)
    grouped = f"{whole:,}".replace(",", "\u202f")
    sign = "−" if amount < 0 else ""
    decimals = f",{cents:0{digits}d}" if digits else ""
    return f"{sign}{grouped}{decimals}\u00a0{SYMBOLS.get(currency, currency.upper())}"


def moment(seconds: int) -> str:
    """Seconds since 1970 → "3 décembre 2026 à 14:32", Paris time."""
    local = datetime.fromtimestamp(seconds, UTC).astimezone(PARIS)
    day = "1er" if local.day == 1 else str(local.day)
    return f"{day} {MONTHS[local.month - 1]} {local.year} à {local:%H:%M}"


templates = Environment(
    loader=PackageLoader("sandbox"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.filters["money"] = money
templates.filters["moment"] = moment


def page(name: str, status: int = 200, /, **values: Any) -> Response:
    response = Response(templates.get_template(name).render(**values), status, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response


def not_found(what: str) -> Response:
    return page("message.html", 404, title="Page introuvable", text=what)
