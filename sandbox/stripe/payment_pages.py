"""Paying a Checkout Session: what its hosted page does, and the API behind it that the official command line uses."""

from typing import Any

from sandbox.stripe import checkout_sessions, customers, paying, payment_intents, payment_methods
from sandbox.stripe.calls import Call
from sandbox.stripe.errors import invalid
from sandbox.stripe.events import emit
from sandbox.stripe.objects import Json, public
from sandbox.stripe.paying import Result


def retrieve(call: Call, given: dict[str, Any], name: str) -> Json:
    return shown(checkout_sessions.current(call, name))


def shown(session: Json) -> Json:
    """The page as its own script would read it."""
    return {
        "id": f"ppage_{session['id'][-24:]}",
        "object": "checkout.payment_page",
        "amount_due": session["amount_total"],
        "currency": session["currency"],
        "livemode": session["livemode"],
        "payment_status": session["payment_status"],
        "session_id": session["id"],
        "status": session["status"],
        "total": session["amount_total"],
    }


def confirm(call: Call, given: dict[str, Any], name: str) -> Json:
    session = checkout_sessions.current(call, name)
    if session["status"] != "open":
        message = f"This Checkout Session has a status of `{session['status']}` and can no longer be paid."
        raise invalid(message, code="checkout_not_active_session")
    if given.get("expected_amount", session["amount_total"]) != session["amount_total"]:
        raise invalid("The amount due has changed.", param="expected_amount", code="checkout_amount_mismatch")
    method = payment_methods.chosen(call, given["payment_method"])
    if pay(call, session, method) == "refused":
        raise payment_intents.refusal(intent_of(call, session))
    return {**shown(session), "payment_intent": public(intent_of(call, session))}


def intent_of(call: Call, session: Json) -> Json:
    return call.get("payment_intent", session["payment_intent"], param="intent")


def pay(call: Call, session: Json, method: Json) -> Result:
    """Try `method` on an open session; the session is changed in place and saved."""
    if session["payment_intent"] is None:
        begin(call, session)
    intent = intent_of(call, session)
    result = paying.pay(call, intent, method)
    finish(call, session, method, result)
    return result


def answer_challenge(call: Call, session: Json, *, authorised: bool) -> Result:
    """The bank's page was answered. Only for a session whose intent requires action."""
    intent = intent_of(call, session)
    method = call.get("payment_method", intent["payment_method"], param="payment_method")
    result = paying.answer_challenge(call, intent, method, authorised=authorised)
    finish(call, session, method, result)
    return result


def begin(call: Call, session: Json) -> None:
    """The first attempt gives the session its intent."""
    data = session["_intent_data"]
    intent = payment_intents.start(
        call, amount=session["amount_total"], currency=session["currency"], types=session["payment_method_types"]
    )
    for name in ("description", "receipt_email", "setup_future_usage", "shipping"):
        intent[name] = data.get(name)
    for name in ("statement_descriptor", "statement_descriptor_suffix"):
        intent[name] = data.get(name)
    intent.update(
        application=session["_application"],
        customer=session["customer"],
        metadata=data.get("metadata", {}),
        _session=session["id"],
    )
    call.save(intent)
    session["payment_intent"] = intent["id"]
    call.save(session)
    emit(call, "payment_intent.created", intent)


def finish(call: Call, session: Json, method: Json, result: Result) -> None:
    if result not in {"paid", "processing"}:
        call.save(session)
        return
    payer = method["billing_details"]
    if session["customer_creation"] == "always":
        made = customers.create(call, {name: payer[name] for name in ("email", "name") if payer[name]})
        session["customer"] = made["id"]
    session["customer_details"] = checkout_sessions.details(
        email=session["customer_email"] or payer["email"], name=payer["name"]
    )
    paid = "paid" if result == "paid" else "unpaid"
    session.update(status="complete", payment_status=paid, url=None)
    call.save(session)
    emit(call, "checkout.session.completed", session)


def end_debit(call: Call, intent: Json, *, failure: str | None) -> None:
    """Days later, the bank answered a debit: the second half of the session that the intent belongs to, if any."""
    paid = paying.end_debit(call, intent, failure=failure) == "paid"
    session = call.find("checkout.session", intent.get("_session", ""))
    if session is None:
        return
    if paid:
        session["payment_status"] = "paid"
        call.save(session)
    emit(call, f"checkout.session.async_payment_{'succeeded' if paid else 'failed'}", session)
