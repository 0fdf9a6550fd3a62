"""Setup intents: the wish to keep a payment method for later, without any money moving."""

from typing import Any

from sandbox.stripe import payment_methods
from sandbox.stripe.calls import Call
from sandbox.stripe.cards import BY_NUMBER, REFUSALS
from sandbox.stripe.errors import StripeError, card_error, invalid
from sandbox.stripe.events import emit
from sandbox.stripe.ids import new_id
from sandbox.stripe.listing import listed
from sandbox.stripe.objects import Json, public
from sandbox.stripe.parameters import PAGING, Boolean, Choice, Field, Metadata, Text, Url
from sandbox.stripe.paying import new_secret
from sandbox.stripe.payment_intents import MANDATE, METHOD_TYPES, refuse_method_types

CREATE: dict[str, Field] = {
    "allowed_payment_method_types": METHOD_TYPES,
    "confirm": Boolean(),
    "customer": Text(),
    "description": Text(longest=1000),
    "mandate_data": MANDATE,
    "metadata": Metadata(),
    "payment_method": Text(),
    "payment_method_types": METHOD_TYPES,
    "return_url": Url(),
    "usage": Choice(("off_session", "on_session")),
}
CONFIRM: dict[str, Field] = {"mandate_data": MANDATE, "payment_method": Text(), "return_url": Url()}
CANCEL: dict[str, Field] = {"cancellation_reason": Choice(("abandoned", "duplicate", "requested_by_customer"))}
LIST: dict[str, Field] = {**PAGING, "customer": Text(), "payment_method": Text()}


def create(call: Call, given: dict[str, Any]) -> Json:
    refuse_method_types(call, given)
    if "customer" in given:
        call.get("customer", given["customer"], param="customer", status=400)
    method = payment_methods.chosen(call, given["payment_method"]) if "payment_method" in given else None
    intent = call.add(as_object(call, given))
    emit(call, "setup_intent.created", intent)
    if method is not None:
        intent.update(payment_method=method["id"], status="requires_confirmation")
        call.save(intent)
    return confirm_with(call, intent, method) if given.get("confirm") else intent


def as_object(call: Call, given: dict[str, Any]) -> Json:
    name = new_id("seti_1")
    types = given.get("payment_method_types") or given.get("allowed_payment_method_types") or ["card"]
    return {
        "id": name,
        "object": "setup_intent",
        "application": call.application,
        "automatic_payment_methods": None,
        "cancellation_reason": None,
        "client_secret": new_secret(name),
        "created": call.now,
        "customer": given.get("customer"),
        "description": given.get("description"),
        "excluded_payment_method_types": None,
        "flow_directions": None,
        "last_setup_error": None,
        "latest_attempt": None,
        "livemode": call.livemode,
        "mandate": None,
        "metadata": given.get("metadata", {}),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": types,
        "single_use_mandate": None,
        "status": "requires_payment_method",
        "usage": given.get("usage", "off_session"),
    }


def confirm(call: Call, given: dict[str, Any], name: str) -> Json:
    intent = call.get("setup_intent", name, param="intent")
    if intent["status"] not in {"requires_payment_method", "requires_confirmation", "requires_action"}:
        raise unexpected_state(intent, "confirm")
    chosen = given.get("payment_method") or intent["payment_method"]
    return confirm_with(call, intent, payment_methods.chosen(call, chosen) if chosen else None)


def confirm_with(call: Call, intent: Json, method: Json | None) -> Json:
    if method is None:
        message = "You cannot confirm this SetupIntent because it's missing a payment method."
        raise invalid(message, code="setup_intent_unexpected_state")
    intent["payment_method"] = method["id"]
    outcome = BY_NUMBER[method["_number"]].outcome if method["type"] == "card" else "succeeds"
    if outcome == "challenge":
        intent.update(status="requires_action", next_action={"type": "use_stripe_sdk", "use_stripe_sdk": {}})
        call.save(intent)
        emit(call, "setup_intent.requires_action", intent)
        return intent
    if outcome != "succeeds":
        raise refuse(call, intent, method, "generic_decline" if outcome == "declined" else outcome)
    intent.update(status="succeeded", next_action=None)
    call.save(intent)
    emit(call, "setup_intent.succeeded", intent)
    return intent


def refuse(call: Call, intent: Json, method: Json, decline_code: str) -> StripeError:
    """The 402 of a bank that says no; the intent waits for another method."""
    intent.update(status="requires_payment_method", payment_method=None)
    intent["last_setup_error"] = {
        "code": "card_declined",
        "decline_code": decline_code,
        "doc_url": "https://stripe.com/docs/error-codes/card-declined",
        "message": REFUSALS[decline_code],
        "payment_method": public(method),
        "type": "card_error",
    }
    call.save(intent)
    emit(call, "setup_intent.setup_failed", intent)
    return card_error(
        REFUSALS[decline_code],
        "card_declined",
        decline_code=decline_code,
        setup_intent=public(intent),
        payment_method=public(method),
    )


def unexpected_state(intent: Json, verb: str) -> StripeError:
    message = f"You cannot {verb} this SetupIntent because it has a status of {intent['status']}."
    return StripeError(
        400, "invalid_request_error", message, code="setup_intent_unexpected_state", setup_intent=public(intent)
    )


def retrieve(call: Call, given: dict[str, Any], name: str) -> Json:
    return call.get("setup_intent", name, param="intent")


def cancel(call: Call, given: dict[str, Any], name: str) -> Json:
    intent = call.get("setup_intent", name, param="intent")
    if intent["status"] in {"succeeded", "canceled"}:
        raise unexpected_state(intent, "cancel")
    intent.update(status="canceled", cancellation_reason=given.get("cancellation_reason"))
    call.save(intent)
    emit(call, "setup_intent.canceled", intent)
    return intent


def all_intents(call: Call, given: dict[str, Any]) -> Json:
    where = {name: given[name] for name in ("customer", "payment_method") if name in given}
    return listed(call.every("setup_intent", **where), given, "/v1/setup_intents")
