"""Products: what a price is the price of."""

from typing import Any

from sandbox.stripe.calls import Call
from sandbox.stripe.events import emit
from sandbox.stripe.ids import new_id
from sandbox.stripe.listing import listed
from sandbox.stripe.objects import Json
from sandbox.stripe.parameters import PAGING, Boolean, Field, Many, Metadata, Text

CREATE: dict[str, Field] = {
    "name": Text(required=True, longest=250),
    "active": Boolean(),
    "description": Text(),
    "images": Many(Text(), most=8),
    "metadata": Metadata(),
    "unit_label": Text(longest=12),
}


def create(call: Call, given: dict[str, Any]) -> Json:
    product: Json = {
        "id": new_id("prod", 14),
        "object": "product",
        "active": given.get("active", True),
        "created": call.now,
        "default_price": None,
        "description": given.get("description"),
        "images": given.get("images", []),
        "livemode": call.livemode,
        "marketing_features": [],
        "metadata": given.get("metadata", {}),
        "name": given["name"],
        "package_dimensions": None,
        "shippable": None,
        "statement_descriptor": None,
        "tax_code": None,
        "type": "service",
        "unit_label": given.get("unit_label"),
        "updated": call.now,
        "url": None,
    }
    call.add(product)
    emit(call, "product.created", product)
    return product


def retrieve(call: Call, given: dict[str, Any], name: str) -> Json:
    return call.get("product", name, param="id")


def all_products(call: Call, given: dict[str, Any]) -> Json:
    return listed(call.every("product"), given, "/v1/products")


LIST = PAGING
