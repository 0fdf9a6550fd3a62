"""Payment intents: the wish that an amount be paid, through as many charges as it takes."""

from typing import Any

from sandbox.stripe import paying, payment_methods
from sandbox.stripe.calls import Call
from sandbox.stripe.errors import StripeError, card_error, invalid
from sandbox.stripe.events import emit
from sandbox.stripe.ids import new_id
from sandbox.stripe.listing import listed
from sandbox.stripe.objects import Json, public
from sandbox.stripe.parameters import (
    PAGING,
    SHIPPING,
    Boolean,
    Choice,
    Currency,
    Email,
    Field,
    Group,
    Integer,
    Many,
    Metadata,
    Text,
    Url,
)

LARGEST_AMOUNT = 99_999_999
SMALLEST_AMOUNT = 50
METHOD_TYPES = Many(Choice(("card", "sepa_debit")))
#: Who agreed to be debited, when and how: a consent that this world takes on trust.
MANDATE = Group(
    {
        "customer_acceptance": Group(
            {
                "accepted_at": Integer(),
                "offline": Group({}),
                "online": Group({"ip_address": Text(required=True), "user_agent": Text(required=True)}),
                "type": Choice(("offline", "online"), required=True),
            },
            required=True,
        )
    }
)
CREATE: dict[str, Field] = {
    "amount": Integer(required=True, least=1),
    "currency": Currency(required=True),
    "allowed_payment_method_types": METHOD_TYPES,
    "automatic_payment_methods": Group(
        {"enabled": Boolean(required=True), "allow_redirects": Choice(("always", "never"))}
    ),
    "confirm": Boolean(),
    "customer": Text(),
    "description": Text(may_unset=True, longest=1000),
    "mandate_data": MANDATE,
    "metadata": Metadata(),
    "off_session": Boolean(),
    "payment_method": Text(),
    "payment_method_types": METHOD_TYPES,
    "receipt_email": Email(),
    "return_url": Url(),
    "setup_future_usage": Choice(("off_session", "on_session")),
    "shipping": SHIPPING,
    "statement_descriptor": Text(longest=22),
    "statement_descriptor_suffix": Text(longest=22),
}
CONFIRM: dict[str, Field] = {"payment_method": Text(), "return_url": Url(), "off_session": Boolean()}
UPDATE: dict[str, Field] = {"description": Text(may_unset=True), "metadata": Metadata(), "receipt_email": Email()}
CANCEL: dict[str, Field] = {
    "cancellation_reason": Choice(("abandoned", "duplicate", "fraudulent", "requested_by_customer"))
}
LIST: dict[str, Field] = {**PAGING, "customer": Text()}


def refuse_method_types(call: Call, given: dict[str, Any]) -> None:
    """The version we play no longer takes the list of types; versionless clients still send it."""
    if "payment_method_types" in given and call.is_versioned():
        message = (
            "`payment_method_types` is no longer supported as of API version 2026-09-30.endive. "
            "Use `allowed_payment_method_types` instead."
        )
        raise invalid(message, param="payment_method_types", code="payment_method_types_no_longer_supported")


def check_amount(amount: int, currency: str, *, param: str) -> None:
    if amount > LARGEST_AMOUNT:
        message = f"Amount must be no more than 999,999.99 {currency}"
        raise invalid(message, param=param, code="amount_too_large")
    if amount < SMALLEST_AMOUNT and currency not in {"jpy", "krw"}:
        message = f"Amount must be at least 0.50 {currency}"
        raise invalid(message, param=param, code="amount_too_small")


def create(call: Call, given: dict[str, Any]) -> Json:
    refuse_method_types(call, given)
    check_amount(given["amount"], given["currency"], param="amount")
    if "customer" in given:
        call.get("customer", given["customer"], param="customer", status=400)
    method = payment_methods.chosen(call, given["payment_method"]) if "payment_method" in given else None
    types = given.get("payment_method_types") or given.get("allowed_payment_method_types") or ["card"]
    intent = start(call, amount=given["amount"], currency=given["currency"], types=types)
    for name in ("customer", "description", "receipt_email", "setup_future_usage", "shipping", "statement_descriptor"):
        intent[name] = given.get(name)
    intent["metadata"] = given.get("metadata", {})
    if method is not None:
        intent.update(payment_method=method["id"], status="requires_confirmation")
    call.save(intent)
    emit(call, "payment_intent.created", intent)
    return confirm_with(call, intent, method) if given.get("confirm") else intent


def start(call: Call, *, amount: int, currency: str, types: list[str]) -> Json:
    """A stored intent that nobody has paid, without any event yet."""
    name = new_id("pi_3")
    return call.add(
        {
            "id": name,
            "object": "payment_intent",
            "amount": amount,
            "amount_capturable": 0,
            "amount_details": {"tip": {}},
            "amount_received": 0,
            "application": call.application,
            "application_fee_amount": None,
            "automatic_payment_methods": None,
            "canceled_at": None,
            "cancellation_reason": None,
            "capture_method": "automatic_async",
            "client_secret": paying.new_secret(name),
            "confirmation_method": "automatic",
            "created": call.now,
            "currency": currency,
            "customer": None,
            "description": None,
            "last_payment_error": None,
            "latest_charge": None,
            "livemode": call.livemode,
            "metadata": {},
            "next_action": None,
            "on_behalf_of": None,
            "payment_method": None,
            "payment_method_configuration_details": None,
            "payment_method_options": {},
            "payment_method_types": types,
            "processing": None,
            "receipt_email": None,
            "review": None,
            "setup_future_usage": None,
            "shipping": None,
            "source": None,
            "statement_descriptor": None,
            "statement_descriptor_suffix": None,
            "status": "requires_payment_method",
            "transfer_data": None,
            "transfer_group": None,
        }
    )


def confirm(call: Call, given: dict[str, Any], name: str) -> Json:
    intent = call.get("payment_intent", name, param="intent")
    if intent["status"] not in {"requires_payment_method", "requires_confirmation", "requires_action"}:
        raise unexpected_state(intent, "confirm")
    name = given.get("payment_method") or intent["payment_method"]
    return confirm_with(call, intent, payment_methods.chosen(call, name) if name else None)


def confirm_with(call: Call, intent: Json, method: Json | None) -> Json:
    if method is None:
        message = (
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the "
            "PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a "
            "payment method."
        )
        raise invalid(message, code="payment_intent_unexpected_state")
    if paying.pay(call, intent, method) == "refused":
        raise refusal(intent)
    return intent


def refusal(intent: Json) -> StripeError:
    """The 402 for an intent whose last attempt was refused."""
    error = intent["last_payment_error"]
    return card_error(
        error["message"],
        error["code"],
        decline_code=error.get("decline_code"),
        charge=error.get("charge"),
        payment_intent=public(intent),
        payment_method=error.get("payment_method"),
    )


def unexpected_state(intent: Json, verb: str) -> StripeError:
    message = f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}."
    return StripeError(
        400, "invalid_request_error", message, code="payment_intent_unexpected_state", payment_intent=public(intent)
    )


def retrieve(call: Call, given: dict[str, Any], name: str) -> Json:
    return call.get("payment_intent", name, param="intent")


def update(call: Call, given: dict[str, Any], name: str) -> Json:
    intent = call.get("payment_intent", name, param="intent")
    metadata = {**intent["metadata"], **given.pop("metadata", {})}
    return call.save({**intent, **given, "metadata": metadata})


def cancel(call: Call, given: dict[str, Any], name: str) -> Json:
    intent = call.get("payment_intent", name, param="intent")
    if intent.get("_session"):
        raise invalid("You cannot cancel PaymentIntents created by Checkout. Expire the Checkout Session instead.")
    return cancelled(call, intent, given.get("cancellation_reason"))


def cancelled(call: Call, intent: Json, reason: str | None) -> Json:
    if intent["status"] in {"succeeded", "canceled", "processing"}:
        raise unexpected_state(intent, "cancel")
    intent.update(status="canceled", canceled_at=call.now, cancellation_reason=reason)
    call.save(intent)
    emit(call, "payment_intent.canceled", intent)
    return intent


def all_intents(call: Call, given: dict[str, Any]) -> Json:
    where = {"customer": given["customer"]} if "customer" in given else {}
    return listed(call.every("payment_intent", **where), given, "/v1/payment_intents")
