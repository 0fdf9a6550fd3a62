"""Prices, in the smallest unit of their currency. A recurring one is only shown: nothing is ever billed with it."""

from typing import Any

from sandbox.stripe.calls import Call
from sandbox.stripe.events import emit
from sandbox.stripe.ids import new_id
from sandbox.stripe.listing import listed
from sandbox.stripe.objects import Json
from sandbox.stripe.parameters import PAGING, Choice, Currency, Field, Group, Integer, Metadata, Text

CREATE: dict[str, Field] = {
    "currency": Currency(required=True),
    "product": Text(required=True),
    "unit_amount": Integer(required=True, least=0),
    "metadata": Metadata(),
    "nickname": Text(),
    "recurring": Group({"interval": Choice(("day", "month", "week", "year"), required=True)}),
}


def create(call: Call, given: dict[str, Any]) -> Json:
    call.get("product", given["product"], param="product", status=400)
    price = call.add(as_object(call, given))
    emit(call, "price.created", price)
    return price


def as_object(call: Call, given: dict[str, Any]) -> Json:
    """`given`: currency, product (its id), unit_amount; metadata, nickname and recurring if any."""
    return {
        "id": new_id("price_1"),
        "object": "price",
        "active": True,
        "billing_scheme": "per_unit",
        "created": call.now,
        "currency": given["currency"],
        "custom_unit_amount": None,
        "livemode": call.livemode,
        "lookup_key": None,
        "metadata": given.get("metadata", {}),
        "nickname": given.get("nickname"),
        "product": given["product"],
        "recurring": recurring(given["recurring"]["interval"]) if "recurring" in given else None,
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring" if "recurring" in given else "one_time",
        "unit_amount": given["unit_amount"],
        "unit_amount_decimal": str(given["unit_amount"]),
    }


def recurring(interval: str) -> Json:
    return {
        "interval": interval,
        "interval_count": 1,
        "meter": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def retrieve(call: Call, given: dict[str, Any], name: str) -> Json:
    return call.get("price", name, param="price")


def all_prices(call: Call, given: dict[str, Any]) -> Json:
    return listed(call.every("price"), given, "/v1/prices")


LIST = PAGING
