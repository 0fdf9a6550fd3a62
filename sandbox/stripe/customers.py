"""Customers of an account."""

from typing import Any

from sandbox.stripe import objects
from sandbox.stripe.calls import Call
from sandbox.stripe.events import emit
from sandbox.stripe.ids import new_id
from sandbox.stripe.listing import listed
from sandbox.stripe.objects import Json
from sandbox.stripe.parameters import ADDRESS, PAGING, SHIPPING, Choice, Email, Field, Many, Metadata, Text

UPDATE: dict[str, Field] = {
    "address": ADDRESS,
    "business_name": Text(may_unset=True, longest=150),
    "description": Text(may_unset=True),
    "email": Email(),
    "individual_name": Text(may_unset=True, longest=150),
    "metadata": Metadata(),
    "name": Text(may_unset=True, longest=256),
    "phone": Text(may_unset=True, longest=20),
    "preferred_locales": Many(Text()),
    "shipping": SHIPPING,
    "tax_exempt": Choice(("none", "exempt", "reverse")),
}
CREATE = UPDATE
LIST: dict[str, Field] = {**PAGING, "email": Text()}
ADDRESS_KEYS = ("city", "country", "line1", "line2", "postal_code", "state")


def create(call: Call, given: dict[str, Any]) -> Json:
    customer: Json = {
        "id": new_id("cus", 14),
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": call.now,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "email": None,
        "invoice_prefix": new_id("X", 7)[2:].upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": call.livemode,
        "metadata": {},
        "name": None,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }
    call.add(changed(customer, given))
    emit(call, "customer.created", customer)
    return customer


def changed(customer: Json, given: dict[str, Any]) -> Json:
    """`customer` with what was given; metadata merges, an emptied key goes."""
    given = dict(given)
    if "address" in given:
        given["address"] = {name: given["address"].get(name) for name in ADDRESS_KEYS}
    metadata = {**customer["metadata"], **given.pop("metadata", {})}
    customer.update(given, metadata={key: value for key, value in metadata.items() if value != ""})
    return customer


def retrieve(call: Call, given: dict[str, Any], name: str) -> Json:
    return call.get("customer", name, param="id")


def update(call: Call, given: dict[str, Any], name: str) -> Json:
    customer = call.get("customer", name, param="id")
    before = {name: customer[name] for name in given}
    call.save(changed(customer, given))
    emit(call, "customer.updated", customer, before=before)
    return customer


def delete(call: Call, given: dict[str, Any], name: str) -> Json:
    customer = call.get("customer", name, param="id")
    objects.remove(call.db, name)
    emit(call, "customer.deleted", customer)
    return {"id": name, "object": "customer", "deleted": True}


def all_customers(call: Call, given: dict[str, Any]) -> Json:
    where = {"email": given["email"]} if "email" in given else {}
    return listed(call.every("customer", **where), given, "/v1/customers")
