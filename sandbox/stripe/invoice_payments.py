"""Stripe's own invoices are not played: nobody here bills through them, so no payment belongs to one."""

from typing import Any

from sandbox.stripe.calls import Call
from sandbox.stripe.listing import listed
from sandbox.stripe.objects import Json
from sandbox.stripe.parameters import PAGING, Choice, Field, Group, Text

LIST: dict[str, Field] = {
    **PAGING,
    "invoice": Text(),
    "payment": Group({"type": Choice(("charge", "payment_intent", "payment_record"), required=True), "charge": Text(),
                      "payment_intent": Text(), "payment_record": Text()}),
    "status": Choice(("canceled", "open", "paid")),
}  # fmt: skip


def all_payments(call: Call, given: dict[str, Any]) -> Json:
    return listed([], given, "/v1/invoice_payments")
