"""The comparison with the SDK's classes: right about Stripe's own example objects, and able to find what is wrong."""

import copy
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.stripe.answers import problems
from tests.contracts.stripe.strict_types import WireViolation
from tests.contracts.stripe.wire import check_answer

RESOURCES = (
    "account",
    "balance",
    "balance_transaction",
    "charge",
    "checkout.session",
    "customer",
    "event",
    "invoice_payment",
    "payment_intent",
    "payment_method",
    "payout",
    "price",
    "product",
    "refund",
    "webhook_endpoint",
)


@pytest.fixture(scope="module")
def official() -> dict[str, Any]:
    """Stripe's own example objects."""
    place = os.environ.get("REGLO_OFFICIAL_DATA")
    if not place:
        pytest.skip("REGLO_OFFICIAL_DATA is not set: Stripe's example objects are not here")
    body = json.loads((Path(place) / "stripe" / "fixtures3.json").read_text(encoding="utf-8"))
    resources: dict[str, Any] = body["resources"]
    return resources


@pytest.mark.official
@pytest.mark.parametrize("kind", RESOURCES)
def test_the_official_example_has_no_problem(official: dict[str, Any], kind: str) -> None:
    assert problems(official[kind]) == []


@pytest.mark.official
def test_a_newer_attribute_than_the_example_is_the_only_problem(official: dict[str, Any]) -> None:
    assert problems(official["dispute"]) == ["dispute.evidence_details.submission_method: missing"]


@pytest.mark.official
@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        (("amount",), "100", "charge.amount: '100' is not int"),
        (("amount",), None, "charge.amount: None is not int"),
        (("paid",), "yes", "charge.paid: 'yes' is not bool"),
        (("status",), "paid", "charge.status: 'paid' is not one of the known words"),
        (("billing_details",), [], "charge.billing_details: not an object"),
        (("outcome", "type"), 3, "charge.outcome.type: 3 is not str"),
        (("refunds", "has_more"), None, "charge.refunds.has_more: missing or of the wrong type"),
    ],
)
def test_a_wrong_value_is_found_where_it_is(
    official: dict[str, Any], path: tuple[str, ...], value: Any, found: str
) -> None:
    charge = copy.deepcopy(official["charge"])
    here = charge
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    assert problems(charge) == [found]


@pytest.mark.official
def test_a_missing_attribute_is_found_inside_an_event(official: dict[str, Any]) -> None:
    charge = {name: value for name, value in official["charge"].items() if name != "currency"}
    event = {**official["event"], "type": "charge.succeeded", "data": {"object": charge}}
    assert problems(event) == ["event.data.object.currency: missing"]


def test_a_list_is_followed() -> None:
    body = {"object": "list", "url": "/v1/refunds", "has_more": False, "data": [{"object": "refund", "id": "re_1"}]}
    assert "list.data[0].amount: missing" in problems(body)


def test_a_failure_without_error_object_is_caught() -> None:
    check_answer('{"error": {"type": "api_error"}}', 500)
    with pytest.raises(WireViolation):
        check_answer("{}", 500)
