"""Cards and bank accounts as the API shows them."""

from typing import Any

from sandbox.stripe.calls import Call
from sandbox.stripe.cards import BY_NUMBER, BY_TOKEN, IBANS, Card
from sandbox.stripe.errors import card_error, invalid, missing
from sandbox.stripe.events import emit
from sandbox.stripe.ids import new_id, token
from sandbox.stripe.objects import Json
from sandbox.stripe.parameters import ADDRESS, Choice, Email, Field, Group, Integer, Metadata, Text

BILLING: Field = Group({"address": ADDRESS, "email": Email(), "name": Text(), "phone": Text()})
CREATE: dict[str, Field] = {
    "type": Choice(("card", "sepa_debit"), required=True),
    "card": Group({"token": Text(), "number": Text(), "exp_month": Integer(), "exp_year": Integer(), "cvc": Text()}),
    "sepa_debit": Group({"iban": Text(required=True)}),
    "billing_details": BILLING,
    "metadata": Metadata(),
}
ATTACH: dict[str, Field] = {"customer": Text(required=True)}
NO_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))


def create(call: Call, given: dict[str, Any]) -> Json:
    billing = given.get("billing_details", {})
    if given["type"] == "sepa_debit":
        if "sepa_debit" not in given:
            raise invalid("Missing required param: sepa_debit.", param="sepa_debit", code="parameter_missing")
        return call.add(bank_account(call, given["sepa_debit"]["iban"], billing))
    named = given.get("card", {})
    card = BY_TOKEN.get(named.get("token", "")) or BY_NUMBER.get(named.get("number", ""))
    if card is None:
        raise card_error("Your card number is incorrect.", "incorrect_number", param="number")
    return call.add(card_method(call, card, billing))


def chosen(call: Call, name: str) -> Json:
    """A stored method by id, or a new one from a test name such as "pm_card_visa"."""
    if name in BY_TOKEN:
        return call.add(card_method(call, BY_TOKEN[name], {}))
    found = call.find("payment_method", name)
    if found is None:
        raise missing("payment_method", name, param="payment_method", status=400)
    return found


def common(call: Call, kind: str, billing: dict[str, Any]) -> Json:
    address = {**NO_ADDRESS, **billing.get("address", {})}
    details = {"address": address, "email": None, "name": None, "phone": None, "tax_id": None}
    details.update({name: billing[name] for name in ("email", "name", "phone") if billing.get(name)})
    return {
        "id": new_id("pm_1"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": details,
        "created": call.now,
        "customer": None,
        "livemode": call.livemode,
        "metadata": {},
        "type": kind,
    }


def card_method(call: Call, card: Card, billing: dict[str, Any]) -> Json:
    """`billing` may hold email, name, phone and address."""
    shown = {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": card.country,
        "display_brand": card.brand,
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": token(16),
        "funding": "debit",
        "generated_from": None,
        "last4": card.number[-4:],
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }
    return {**common(call, "card", billing), "card": shown, "_number": card.number}


def bank_account(call: Call, iban: str, billing: dict[str, Any]) -> Json:
    """Raises for a number that is none of the test ones: real bank accounts have no place here."""
    number = iban.replace(" ", "").upper()
    if number not in IBANS:
        raise invalid("The IBAN you entered is invalid.", param="sepa_debit[iban]", code="invalid_bank_account_iban")
    shown = {
        "bank_code": number[4:9],
        "branch_code": "",
        "country": number[:2],
        "fingerprint": token(16),
        "generated_from": {"charge": None, "setup_attempt": None},
        "last4": number[-4:],
    }
    return {**common(call, "sepa_debit", billing), "sepa_debit": shown, "_number": number}


def attach(call: Call, given: dict[str, Any], name: str) -> Json:
    """Kept for later by a customer. A test name such as "pm_card_visa" makes a new one."""
    method = chosen(call, name)
    call.get("customer", given["customer"], param="customer", status=400)
    if method["customer"] not in {None, given["customer"]}:
        message = "The payment method you provided has already been attached to a customer."
        raise invalid(message, param="payment_method")
    method["customer"] = given["customer"]
    call.save(method)
    emit(call, "payment_method.attached", method)
    return method


def detach(call: Call, given: dict[str, Any], name: str) -> Json:
    method = call.get("payment_method", name, param="payment_method")
    if method["customer"] is None:
        raise invalid("The payment method you provided is not attached to a customer so detachment is impossible.")
    before, method["customer"] = method["customer"], None
    call.save(method)
    emit(call, "payment_method.detached", method, before={"customer": before})
    return method


def retrieve(call: Call, given: dict[str, Any], name: str) -> Json:
    return call.get("payment_method", name, param="payment_method")
