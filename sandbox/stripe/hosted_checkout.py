"""The hosted payment page, its bank page, and the receipt page: what the payer sees."""

import re

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from sandbox.pages import not_found, page
from sandbox.stripe import accounts, checkout_sessions, objects, payment_methods, payment_pages
from sandbox.stripe.calls import Call
from sandbox.stripe.cards import ACCOUNTS, BY_NUMBER, CARDS, REFUSALS_FR, Card
from sandbox.stripe.courier import call_about
from sandbox.stripe.errors import StripeError
from sandbox.stripe.objects import Json
from sandbox.stripe.parameters import EMAIL
from sandbox.world import World


def show(world: World, request: Request, name: str) -> Response:
    """GET: the page. POST: somebody presses Pay."""
    with world.store.transaction():
        call = call_about(world, name, request.host_url.rstrip("/"))
        if call is None or call.find("checkout.session", name) is None:
            return not_found("Ce lien de paiement n’existe pas.")
        session = checkout_sessions.current(call, name)
        if session["status"] != "open":
            return closed(call, session)
        if request.method == "POST":
            return submit(call, session, request)
        return form(call, session, number=CARDS[0].number)


def form(
    call: Call, session: Json, *, number: str, problem: str | None = None, values: dict[str, str] | None = None
) -> Response:
    card = BY_NUMBER.get(number)
    shown = card.spaced if card else number
    return page(
        "checkout.html",
        402 if problem else 200,
        session=session,
        seller=seller_of(call),
        lines=session["_lines"],
        cards=CARDS,
        bank_accounts=ACCOUNTS,
        number=shown,
        problem=problem,
        values=values or {},
        kinds=session["payment_method_types"],
        email=session["customer_email"] or customer_email(call, session) or "",
    )


def seller_of(call: Call) -> str:
    row = accounts.find(call.db, call.account)
    assert row is not None
    return str(row["name"])


def customer_email(call: Call, session: Json) -> str | None:
    customer = call.find("customer", session["customer"]) if session["customer"] else None
    return customer["email"] if customer else None


def submit(call: Call, session: Json, request: Request) -> Response:
    values = {name: request.form.get(name, "").strip() for name in ("email", "name", "expiry", "cvc", "iban", "number")}
    if "fill" in request.form:
        return form(call, session, number=request.form["fill"], values=values)
    if "fill_iban" in request.form:
        return form(call, session, number=values["number"], values={**values, "iban": request.form["fill_iban"]})
    email = session["customer_email"] or customer_email(call, session) or values["email"]
    number = re.sub(r"\D", "", values["number"])
    if not EMAIL.match(email):
        return form(call, session, number=number, problem="Indiquez une adresse e-mail valable.", values=values)
    billing = {"email": email, "name": values["name"] or None}
    try:
        method = method_of(call, values, number, billing)
    except StripeError:
        return form(call, session, number=number, problem="Ce numéro n’est pas l’un des IBAN d’essai.", values=values)
    if isinstance(method, str):
        return form(call, session, number=number, problem=method, values=values)
    result = payment_pages.pay(call, session, method)
    if result == "challenge":
        return redirect(f"/3ds/{session['payment_intent']}", 303)
    if result == "refused":
        return form(call, session, number=number, problem=refusal_fr(call, session), values=values)
    return back_to_shop(session)


def method_of(call: Call, values: dict[str, str], number: str, billing: dict[str, str | None]) -> Json | str:
    """The stored method, or the sentence that says what is wrong with what was typed."""
    if values["iban"]:
        return call.add(payment_methods.bank_account(call, values["iban"], billing))
    card: Card | None = BY_NUMBER.get(number)
    if card is None:
        return "Votre numéro de carte est incorrect. Ici, seules les cartes d’essai ci-dessous sont acceptées."
    if not re.fullmatch(r"(0[1-9]|1[0-2])\s*/\s*\d{2}", values["expiry"]):
        return "La date d’expiration est incomplète."
    if not re.fullmatch(r"\d{3,4}", values["cvc"]):
        return "Le code de sécurité est incomplet."
    return call.add(payment_methods.card_method(call, card, billing))


def refusal_fr(call: Call, session: Json) -> str:
    error = payment_pages.intent_of(call, session)["last_payment_error"]
    return REFUSALS_FR[error.get("decline_code", "authentication")]


def back_to_shop(session: Json) -> Response:
    return redirect(str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"]), 303)


def closed(call: Call, session: Json) -> Response:
    """Paid already, or too late."""
    paid = session["status"] == "complete"
    return page("checkout_closed.html", 200 if paid else 410, session=session, seller=seller_of(call), paid=paid)


def bank(world: World, request: Request, name: str) -> Response:
    """The bank's own page, between the payment page and the shop."""
    with world.store.transaction():
        call = call_about(world, name, request.host_url.rstrip("/"))
        intent = call.find("payment_intent", name) if call else None
        session = call.find("checkout.session", intent.get("_session", "")) if call and intent else None
        if call is None or intent is None or session is None:
            return not_found("Cette authentification n’existe pas.")
        if intent["status"] != "requires_action" or session["status"] != "open":
            return redirect(f"/c/pay/{session['id']}", 303)
        if request.method == "GET":
            return page("bank.html", session=session, seller=seller_of(call))
        authorised = request.form.get("answer") == "authorise"
        if payment_pages.answer_challenge(call, session, authorised=authorised) == "paid":
            return back_to_shop(session)
        return form(call, session, number="4000002760003155", problem=REFUSALS_FR["authentication"])


def receipt(world: World, request: Request, name: str) -> Response:
    """The provider's own receipt of a charge."""
    with world.store.transaction() as db:
        owner = objects.owner(db, name)
        charge = objects.find(db, name, account=owner[0], livemode=owner[1], kind="charge") if owner else None
        if charge is None or owner is None or not charge["paid"]:
            return not_found("Ce reçu n’existe pas.")
        seller = accounts.find(db, owner[0])
    return page("receipt.html", charge=charge, seller=seller["name"] if seller else "")
