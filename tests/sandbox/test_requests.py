"""How the API reads a request, refuses it, and labels its answer."""

from typing import Any

import pytest
import requests

from sandbox.server import RunningSandbox
from sandbox.stripe import seed
from sandbox.stripe.calls import API_VERSION
from sandbox.stripe.forms import decode

LINE = "line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=1000&line_items[0][quantity]=1"
SESSION = f"mode=payment&success_url=http://127.0.0.1:1/ok&{LINE}&line_items[0][price_data][product_data][name]=F1"


def post(world: RunningSandbox, path: str, body: str, **headers: str) -> requests.Response:
    base = {
        "Authorization": f"Bearer {seed.SELLER_RESTRICTED_KEY}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.post(world.url + path, data=body.encode(), headers={**base, **named}, timeout=10)


def error_of(answer: requests.Response) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()["error"]
    return body


@pytest.mark.parametrize(
    ("body", "tree"),
    [
        ("a=1", {"a": "1"}),
        ("a[b]=1&a[c]=2", {"a": {"b": "1", "c": "2"}}),
        ("a[]=1&a[]=2", {"a": ["1", "2"]}),
        ("a[1]=y&a[0]=x", {"a": ["x", "y"]}),
        ("a[0][b]=1&a[1][b]=2", {"a": [{"b": "1"}, {"b": "2"}]}),
        ("a=%C3%A9t%C3%A9", {"a": "été"}),
        ("a=", {"a": ""}),
    ],
)
def test_forms_nest(body: str, tree: dict[str, Any]) -> None:
    assert decode(body) == tree


def test_an_unknown_parameter_is_refused_with_a_guess(world: RunningSandbox) -> None:
    answer = post(world, "/v1/checkout/sessions", SESSION + "&succes_url=x")
    error = error_of(answer)
    assert answer.status_code == 400
    assert (error["code"], error["param"]) == ("parameter_unknown", "succes_url")
    assert error["message"] == "Received unknown parameter: succes_url. Did you mean success_url?"


def test_a_nested_unknown_parameter_has_its_full_name(world: RunningSandbox) -> None:
    error = error_of(post(world, "/v1/checkout/sessions", SESSION + "&line_items[0][price_data][colour]=red"))
    assert error["param"] == "line_items[0][price_data][colour]"


def test_a_missing_parameter_has_its_full_name(world: RunningSandbox) -> None:
    error = error_of(
        post(world, "/v1/checkout/sessions", SESSION.replace("[product_data][name]=", "[product_data][description]="))
    )
    assert (error["code"], error["param"]) == ("parameter_missing", "line_items[0][price_data][product_data][name]")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (SESSION.replace("1000", "120.5"), "parameter_invalid_integer"),
        (SESSION.replace("http://127.0.0.1:1/ok", "not-an-address"), "url_invalid"),
        (SESSION + "&customer_email=claire", "email_invalid"),
        (SESSION + "&client_reference_id=", "parameter_invalid_empty"),
    ],
)
def test_a_wrong_value_has_its_code(world: RunningSandbox, body: str, code: str) -> None:
    answer = post(world, "/v1/checkout/sessions", body)
    assert (answer.status_code, error_of(answer)["code"]) == (400, code)


def test_an_unknown_word_is_refused(world: RunningSandbox) -> None:
    error = error_of(post(world, "/v1/checkout/sessions", SESSION + "&ui_mode=custom"))
    assert error["message"].startswith("Invalid ui_mode: must be one of elements, embedded_page, form, or hosted_page")


def test_method_types_are_refused_for_our_version_and_allowed_without_one(world: RunningSandbox) -> None:
    body = SESSION + "&payment_method_types[]=card"
    refused = post(world, "/v1/checkout/sessions", body, Stripe_Version=API_VERSION)
    assert error_of(refused)["code"] == "payment_method_types_no_longer_supported"
    assert post(world, "/v1/checkout/sessions", body).status_code == 200


def test_another_version_is_refused(world: RunningSandbox) -> None:
    assert post(world, "/v1/customers", "", Stripe_Version="2020-08-27").status_code == 400


def test_metadata_has_limits(world: RunningSandbox) -> None:
    error = error_of(post(world, "/v1/customers", f"metadata[k]={'x' * 501}"))
    assert error["param"] == "metadata[k]"
    assert error_of(post(world, "/v1/customers", f"metadata[{'k' * 41}]=x"))["param"] == "metadata"


def test_an_unknown_address_is_404(world: RunningSandbox) -> None:
    answer = post(world, "/v1/nothing", "")
    assert answer.status_code == 404
    assert error_of(answer)["message"].startswith("Unrecognized request URL (POST: /v1/nothing)")


def test_a_huge_body_is_refused(world: RunningSandbox) -> None:
    assert post(world, "/v1/customers", f"name={'x' * 1_000_001}").status_code == 413


def test_every_answer_is_labelled(world: RunningSandbox) -> None:
    answer = post(world, "/v1/customers", "name=Claire", Stripe_Version=API_VERSION, Idempotency_Key="k1")
    assert answer.headers["Request-Id"].startswith("req_")
    assert answer.headers["Stripe-Version"] == API_VERSION
    assert answer.headers["Idempotency-Key"] == "k1"
    assert answer.headers["Date"].endswith("GMT")


def test_what_cannot_be_expanded_is_refused(world: RunningSandbox) -> None:
    error = error_of(post(world, "/v1/customers", "name=Claire&expand[]=name"))
    assert error["message"] == "This property cannot be expanded (name)."
