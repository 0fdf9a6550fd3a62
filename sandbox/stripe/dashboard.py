"""The seller's pages: getting an account (name, telephone, code by SMS) and making API keys."""

from urllib.parse import quote, urlencode

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from sandbox.pages import not_found, page, rule
from sandbox.stripe import accounts, keys
from sandbox.stripe.parameters import EMAIL
from sandbox.world import World

COOKIE = "sandbox_account"


def safe_next(request: Request, otherwise: str) -> str:
    """Where to go afterwards: an address of this server, never another."""
    wanted = request.values.get("next", "")
    return wanted if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) else otherwise


def index(world: World, request: Request) -> Response:
    """Which account?"""
    with world.store.transaction() as db:
        everyone = accounts.everyone(db)
    return page("accounts.html", accounts=everyone, next=safe_next(request, ""))


def choose(world: World, request: Request) -> Response:
    """Remember the account in this browser and go on."""
    with world.store.transaction() as db:
        account = accounts.find(db, request.form.get("account", ""))
    if account is None:
        return not_found("Ce compte n’existe pas.")
    return enter(account["id"], safe_next(request, f"/dashboard/{account['id']}/apikeys"))


def enter(account: str, address: str) -> Response:
    response = redirect(address, 303)
    response.set_cookie(COOKIE, account, httponly=True, samesite="Lax")
    return response


def register(world: World, request: Request) -> Response:
    """A new account begins with a name and an e-mail address."""
    values = {name: request.form.get(name, "").strip() for name in ("name", "email")}
    following = safe_next(request, "")
    if request.method == "GET":
        return page("register.html", values=values, problem=None, next=following)
    if not values["name"] or not EMAIL.match(values["email"]):
        problem = "Indiquez le nom de votre entreprise et une adresse e-mail valable."
        return page("register.html", 422, values=values, problem=problem, next=following)
    with world.store.transaction() as db:
        account = accounts.create(db, name=values["name"], email=values["email"], now=world.clock.now())
    return redirect(f"/verify/{account}?{urlencode({'next': following})}", 303)


def verify(world: World, request: Request, account: str) -> Response:
    """Telephone number, then the code 'sent' to it; the page shows the SMS, since nothing leaves this machine."""
    following = safe_next(request, f"/dashboard/{account}/apikeys")
    with world.store.transaction() as db:
        row = accounts.find(db, account)
        if row is None:
            return not_found("Ce compte n’existe pas.")
        if request.method == "GET":
            return page("verify_phone.html", account=row, next=following, problem=None)
        if "code" in request.form:
            if accounts.confirm_code(db, account, request.form["code"].replace(" ", "")):
                return enter(account, with_account(following, account))
            problem = "Ce code n’est pas le bon."
            return page("verify_code.html", 422, account=row, code=row["sms_code"], next=following, problem=problem)
        phone = request.form.get("phone", "").strip()
        if sum(character.isdigit() for character in phone) < 8:
            return page(
                "verify_phone.html", 422, account=row, next=following, problem="Indiquez un numéro de téléphone."
            )
        code = accounts.send_code(db, account, phone)
        return page("verify_code.html", account=accounts.find(db, account), code=code, next=following, problem=None)


def with_account(address: str, account: str) -> str:
    """The OAuth page learns the account by its query."""
    if not address.startswith("/oauth/authorize"):
        return address
    return f"{address}{'&' if '?' in address else '?'}account={quote(account)}"


def my_keys(world: World, request: Request, rest: str = "") -> Response:
    """The addresses that a guide can link to without knowing the account."""
    with world.store.transaction() as db:
        account = accounts.find(db, request.cookies.get(COOKIE, ""))
    if account is None:
        return redirect(f"/dashboard?{urlencode({'next': request.full_path})}", 303)
    live = not request.path.startswith("/test/")
    query = request.query_string.decode() + ("&mode=live" if live else "")
    return redirect(f"/dashboard/{account['id']}/apikeys{'/' + rest if rest else ''}?{query}", 303)


def api_keys(world: World, request: Request, account: str) -> Response:
    with world.store.transaction() as db:
        row = accounts.find(db, account)
        if row is None:
            return not_found("Ce compte n’existe pas.")
        found = keys.of_account(db, account)
    return page("api_keys.html", account=row, keys=found)


def create_key(world: World, request: Request, account: str) -> Response:
    """GET: the form, ticked as the link says (`name`, `permissions[]`). POST: the key, shown this once."""
    wanted = request.args if request.method == "GET" else request.form
    name = wanted.get("name", "").strip()
    live = wanted.get("mode") == "live"
    ticked = {value for field, value in wanted.items(multi=True) if field.startswith("permissions[")}
    with world.store.transaction() as db:
        row = accounts.find(db, account)
        if row is None:
            return not_found("Ce compte n’existe pas.")
        if request.method == "GET" or not name:
            problem = "Donnez un nom à cette clé." if request.method == "POST" else None
            status = 422 if problem else 200
            shown = {"account": row, "name": name, "live": live, "ticked": ticked, "resources": keys.RESOURCES}
            return page("api_key_create.html", status, problem=problem, **shown)
        known = {f"rak_{resource}_{verb}" for resource in keys.RESOURCES for verb in ("read", "write")}
        key = keys.create(
            db, account=account, name=name, livemode=live, permissions=frozenset(ticked & known), now=world.clock.now()
        )
    return page("api_key_created.html", account=row, key=key)


def revoke_key(world: World, request: Request, account: str, key: str) -> Response:
    with world.store.transaction() as db:
        found = keys.find(db, key)
        if found is None or found.account != account:
            return not_found("Cette clé n’existe pas.")
        keys.revoke(db, found)
    return redirect(f"/dashboard/{account}/apikeys", 303)


ADDRESSES = [
    rule("/dashboard", index),
    rule("/dashboard/choose", choose, "POST"),
    rule("/register", register, "GET", "POST"),
    rule("/verify/<account>", verify, "GET", "POST"),
    rule("/apikeys", my_keys),
    rule("/apikeys/<rest>", my_keys),
    rule("/test/apikeys", my_keys),
    rule("/test/apikeys/<rest>", my_keys),
    rule("/dashboard/<account>/apikeys", api_keys),
    rule("/dashboard/<account>/apikeys/create", create_key, "GET", "POST"),
    rule("/dashboard/<account>/apikeys/<key>/revoke", revoke_key, "POST"),
]
