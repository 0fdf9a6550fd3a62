"""What strangers post where Stripe calls: refused with its status, and not a row more."""

import json
import logging
from typing import Any

import pytest
import stripe as sdk
from django.test import Client

from reglo.payments.models import Endpoint, ProviderAccount
from reglo.ports import clock as clock_port
from tests.harness.rows import nothing_written

EVENT = {
    "id": "evt_1",
    "object": "event",
    "type": "charge.succeeded",
    "created": 1795338000,
    "livemode": False,
    "data": {"object": {"id": "ch_1", "object": "charge"}},
}
BODY = json.dumps(EVENT)


@pytest.fixture
def endpoint(account: ProviderAccount) -> Endpoint:
    return Endpoint.objects.get(account=account)


def signed(endpoint: Endpoint, body: str = BODY, *, seconds_ago: int = 0, secret: str = "") -> str:
    now = clock_port.now()
    [ours] = endpoint.accepted_secrets(now)
    timestamp = int(now.timestamp()) - seconds_ago
    return sdk.WebhookSignature.generate_signature_header(body, secret or ours, timestamp=timestamp)


def post(endpoint: Endpoint, signature: str, body: str | bytes = BODY) -> Any:
    client = Client(raise_request_exception=False)
    return client.post(
        f"/hooks/stripe/{endpoint.token}",
        data=body,
        content_type="application/json",
        headers={"Stripe-Signature": signature},
    )


@pytest.mark.parametrize(
    "case", ["forged", "stale", "future", "other body", "unsigned", "nonsense", "no time", "huge time"]
)
def test_a_bad_signature_is_400(endpoint: Endpoint, case: str):
    signature = {
        "forged": signed(endpoint, secret="whsec_forged"),
        "stale": signed(endpoint, seconds_ago=301),
        "future": signed(endpoint, seconds_ago=-301),
        "other body": signed(endpoint, BODY + " "),
        "unsigned": "",
        "nonsense": "😀;t=,v1=",
        "no time": "v1=" + "0" * 64,
        "huge time": f"t={'9' * 5000},v1={'0' * 64}",
    }[case]
    with nothing_written():
        answer = post(endpoint, signature.encode().decode("latin-1"))

    assert (answer.status_code, answer.json()) == (400, {"code": "bad_signature"})


@pytest.mark.parametrize("seconds_ago", [299, -299])
def test_a_signature_of_the_last_five_minutes_is_good(endpoint: Endpoint, seconds_ago: int):
    assert post(endpoint, signed(endpoint, seconds_ago=seconds_ago)).status_code == 200


def test_ten_megabytes_are_413_and_neither_kept_nor_logged(endpoint: Endpoint, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG), nothing_written():
        answer = post(endpoint, "t=1,v1=00", b"SECRET-OF-A-STRANGER" * 500_000)

    assert (answer.status_code, answer.json()) == (413, {"code": "body_too_large"})
    assert "SECRET-OF-A-STRANGER" not in caplog.text


@pytest.mark.parametrize("body", ["", "null", "[]", "{", '"x"', "{}", '{"id": 1}', "9" * 6000, "[" * 5000])
def test_a_signed_body_that_is_no_event_is_no_fault(endpoint: Endpoint, body: str):
    with nothing_written():
        answer = post(endpoint, signed(endpoint, body), body)

    assert answer.status_code == 400


@pytest.mark.parametrize("provider", ["paypal", "STRIPE", "../stripe", "x" * 5000])
def test_another_provider_has_no_door_here(endpoint: Endpoint, provider: str):
    with nothing_written():
        assert Client().post(f"/hooks/{provider}/{endpoint.token}", data=BODY, content_type="x").status_code == 404
