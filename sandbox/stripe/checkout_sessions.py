"""Checkout Sessions: one page on which somebody pays one amount, or does not."""

from typing import Any

from sandbox.stripe import payment_intents, prices, products
from sandbox.stripe.calls import Call
from sandbox.stripe.errors import invalid
from sandbox.stripe.events import emit
from sandbox.stripe.ids import new_id
from sandbox.stripe.listing import listed
from sandbox.stripe.objects import Json

SHORTEST_LIFE = 30 * 60
LONGEST_LIFE = 24 * 3600
#: What this world never sets.
UNUSED = (
    "after_expiration",
    "client_secret",
    "collected_information",
    "consent",
    "consent_collection",
    "currency_conversion",
    "invoice",
    "invoice_creation",
    "origin_context",
    "payment_link",
    "payment_method_configuration_details",
    "permissions",
    "recovered_from",
    "saved_payment_method_options",
    "setup_intent",
    "shipping_address_collection",
    "shipping_cost",
    "subscription",
    "wallet_options",
)


def create(call: Call, given: dict[str, Any]) -> Json:
    payment_intents.refuse_method_types(call, given)
    check(call, given)
    lines = [line_item(call, line) for line in given["line_items"]]
    currencies = {line["currency"] for line in lines}
    if len(currencies) > 1:
        raise invalid("All line items must have the same currency.", param="line_items")
    total = sum(line["amount_total"] for line in lines)
    payment_intents.check_amount(total, currencies.pop(), param="line_items")
    return call.add(as_object(call, given, lines, total))


def check(call: Call, given: dict[str, Any]) -> None:
    if given["mode"] != "payment":
        raise invalid("The sandbox plays Checkout in `payment` mode only.", param="mode")
    if given.get("ui_mode", "hosted_page") != "hosted_page":
        raise invalid("The sandbox plays the hosted page only.", param="ui_mode")
    for name in ("line_items", "success_url"):
        if not given.get(name):
            raise invalid(f"Missing required param: {name}.", param=name, code="parameter_missing")
    if "customer" in given and "customer_email" in given:
        raise invalid("You may only specify one of these parameters: customer, customer_email.")
    if "customer" in given:
        call.get("customer", given["customer"], param="customer", status=400)
    life = given.get("expires_at", call.now + LONGEST_LIFE) - call.now
    if life < SHORTEST_LIFE:
        message = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        raise invalid(message, param="expires_at")
    if life > LONGEST_LIFE:
        message = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        raise invalid(message, param="expires_at")


def line_item(call: Call, line: dict[str, Any]) -> Json:
    if "price" in line:
        price = call.get("price", line["price"], param="line_items[0][price]", status=400)
        product = call.get("product", price["product"], param="product", status=400)
    elif "price_data" in line:
        data = dict(line["price_data"])
        if "product_data" in data:
            product = products.create(call, data.pop("product_data"))
        elif "product" in data:
            product = call.get("product", data["product"], param="line_items[0][price_data][product]", status=400)
        else:
            message = "You must specify either `product` or `product_data` when creating a price."
            raise invalid(message, param="line_items[0][price_data]", code="parameter_missing")
        price = call.add(prices.as_object(call, {**data, "product": product["id"]}))
    else:
        raise invalid("Missing required param: line_items[0][price].", param="line_items[0][price]")
    quantity = line.get("quantity", 1)
    amount = price["unit_amount"] * quantity
    return {
        "id": new_id("li_1"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": product["name"],
        "metadata": line.get("metadata", {}),
        "price": price,
        "quantity": quantity,
    }


def as_object(call: Call, given: dict[str, Any], lines: list[Json], total: int) -> Json:
    name = new_id(f"cs_{call.mode}_a1", 58)
    email = given.get("customer_email")
    texts = {key: given.get("custom_text", {}).get(key) for key in ("after_submit", "shipping_address", "submit")}
    return {
        "id": name,
        "object": "checkout.session",
        **dict.fromkeys(UNUSED),
        "adaptive_pricing": {"enabled": given.get("adaptive_pricing", {}).get("enabled", False)},
        "allow_promotion_codes": given.get("allow_promotion_codes"),
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": given.get("billing_address_collection"),
        "cancel_url": given.get("cancel_url"),
        "client_reference_id": given.get("client_reference_id"),
        "created": call.now,
        "currency": lines[0]["currency"],
        "custom_fields": [],
        "custom_text": {**texts, "terms_of_service_acceptance": None},
        "customer": given.get("customer"),
        "customer_creation": None if "customer" in given else given.get("customer_creation", "if_required"),
        "customer_details": details(email=email) if email else None,
        "customer_email": email,
        "discounts": [],
        "expires_at": given.get("expires_at", call.now + LONGEST_LIFE),
        "integration_identifier": given.get("integration_identifier"),
        "livemode": call.livemode,
        "locale": given.get("locale"),
        "metadata": given.get("metadata", {}),
        "mode": "payment",
        "payment_intent": None,
        "payment_method_collection": "if_required",
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": method_types(given),
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": given.get("phone_number_collection", {}).get("enabled", False)},
        "shipping_options": [],
        "status": "open",
        "submit_type": given.get("submit_type"),
        "success_url": given["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{call.base_url}/c/pay/{name}",
        "_lines": lines,
        "_intent_data": given.get("payment_intent_data", {}),
        "_application": call.application,
    }


def method_types(given: dict[str, Any]) -> list[str]:
    """What the payer is offered: cards, unless the caller asked for debits too."""
    asked = given.get("payment_method_types") or given.get("allowed_payment_method_types") or ["card"]
    return [kind for kind in asked if kind not in given.get("excluded_payment_method_types", [])]


def details(*, email: str | None, name: str | None = None) -> Json:
    """The payer, as far as known."""
    return {
        "address": dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state")),
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }


def current(call: Call, name: str) -> Json:
    """A session as it stands at this moment: expired if its time is over."""
    session = call.get("checkout.session", name, param="session")
    if session["status"] == "open" and session["expires_at"] <= call.now:
        close(call, session)
    return session


def retrieve(call: Call, given: dict[str, Any], name: str) -> Json:
    return current(call, name)


def update(call: Call, given: dict[str, Any], name: str) -> Json:
    session = current(call, name)
    session["metadata"] = {**session["metadata"], **given.get("metadata", {})}
    return call.save(session)


def all_sessions(call: Call, given: dict[str, Any]) -> Json:
    where = {name: given[name] for name in ("customer", "payment_intent", "status") if name in given}
    return listed(call.every("checkout.session", **where), given, "/v1/checkout/sessions")


def lines_of(call: Call, given: dict[str, Any], name: str) -> Json:
    session = call.get("checkout.session", name, param="session")
    return line_list(session, given)


def line_list(session: Json, given: dict[str, Any]) -> Json:
    return listed(
        [{**line, "created": 0} for line in session["_lines"]],
        given,
        f"/v1/checkout/sessions/{session['id']}/line_items",
    )


def expire(call: Call, given: dict[str, Any], name: str) -> Json:
    session = current(call, name)
    if session["status"] != "open":
        message = (
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of `{session['status']}`."
        )
        raise invalid(message, param="session")
    return close(call, session)


def close(call: Call, session: Json) -> Json:
    """End an open session that nobody paid, and the intent it had begun."""
    session.update(status="expired", url=None)
    call.save(session)
    intent = call.find("payment_intent", session["payment_intent"]) if session["payment_intent"] else None
    if intent is not None and intent["status"] != "canceled":
        payment_intents.cancelled(call, intent, "automatic")
    emit(call, "checkout.session.expired", session)
    return session
