"""The strict types catch what a mock would let pass; each case was once a real mistake."""

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.contracts.stripe.requests import check_request, nested
from tests.contracts.stripe.strict_types import WireViolation

SESSIONS = "http://127.0.0.1/v1/checkout/sessions"
GOOD = {
    "mode": "payment",
    "ui_mode": "hosted_page",
    "success_url": "https://shop.example/ok?s={CHECKOUT_SESSION_ID}",
    "cancel_url": "https://shop.example/back",
    "client_reference_id": "attempt-1",
    "locale": "fr",
    "expires_at": "1795000000",
    "adaptive_pricing[enabled]": "false",
    "integration_identifier": "reglo",
    "allowed_payment_method_types[0]": "card",
    "metadata[invoice]": "F1",
    "metadata[0]": "a key of digits is a key",
    "payment_intent_data[description]": "Facture F1",
    "payment_intent_data[metadata][attempt]": "attempt-1",
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "eur",
    "line_items[0][price_data][unit_amount]": "12050",
    "line_items[0][price_data][product_data][name]": "Facture F1",
}


def check(path: str, **fields: Any) -> None:
    check_request("POST", path, urlencode(fields))


def test_a_good_session_passes() -> None:
    check_request("POST", SESSIONS, urlencode(GOOD))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"succes_url": "https://shop.example"}, "succes_url"),
        ({"payment_method_types[0]": "card"}, "payment_method_types"),
        ({"ui_mode": "custom"}, "ui_mode"),
        ({"mode": "pay"}, "mode"),
        ({"locale": "french"}, "locale"),
        ({"line_items[0][price_data][unit_amount]": "120.5"}, "unit_amount"),
        ({"line_items[0][price_data][product_data][title]": "x"}, "title"),
        ({"adaptive_pricing[enabled]": "no"}, "enabled"),
        ({"expires_at": "tomorrow"}, "expires_at"),
        ({"allowed_payment_method_types[0]": "cards"}, "allowed_payment_method_types"),
    ],
)
def test_a_wrong_session_is_caught(changes: dict[str, str], named: str) -> None:
    with pytest.raises(WireViolation, match=named):
        check_request("POST", SESSIONS, urlencode({**GOOD, **changes}))


def test_a_product_without_name_is_caught() -> None:
    body = {key: value for key, value in GOOD.items() if not key.endswith("[name]")}
    with pytest.raises(WireViolation, match="name"):
        check_request(
            "POST", SESSIONS, urlencode({**body, "line_items[0][price_data][product_data][description]": "x"})
        )


def test_an_unknown_event_of_an_endpoint_is_caught() -> None:
    address = "http://127.0.0.1/v1/webhook_endpoints"
    good = {"url": "https://shop.example/hook", "enabled_events[0]": "checkout.session.completed"}
    check_request("POST", address, urlencode({**good, "api_version": "2026-10-28.endive"}))
    with pytest.raises(WireViolation, match="enabled_events"):
        check_request("POST", address, urlencode({**good, "enabled_events[1]": "checkout.session.paid"}))


def test_a_wrong_reason_of_a_refund_is_caught() -> None:
    check("http://127.0.0.1/v1/refunds", charge="ch_1", reason="duplicate")
    with pytest.raises(WireViolation, match="reason"):
        check("http://127.0.0.1/v1/refunds", charge="ch_1", reason="because")


def test_the_query_of_a_list_is_checked() -> None:
    check_request("GET", "http://127.0.0.1/v1/events?limit=5&types[0]=charge.succeeded&created[gte]=1", None)
    with pytest.raises(WireViolation, match="limit"):
        check_request("GET", "http://127.0.0.1/v1/events?limit=many", None)


def test_options_of_the_call_are_no_parameters() -> None:
    with pytest.raises(WireViolation, match="idempotency_key"):
        check("http://127.0.0.1/v1/refunds", charge="ch_1", idempotency_key="k1")


def test_a_request_that_nobody_placed_is_caught() -> None:
    with pytest.raises(WireViolation, match="POST /v1/transfers"):
        check("http://127.0.0.1/v1/transfers", amount="100")


def test_names_nest() -> None:
    assert nested("a[b][0]=c&a[b][1]=d&e=") == {"a": {"b": {"0": "c", "1": "d"}}, "e": ""}
