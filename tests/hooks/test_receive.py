"""The door that providers knock at: every answer has its status, and only what is signed for it is stored."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
import stripe as sdk
from django.test import Client

from reglo.invoicing.models import Invoice
from reglo.payments.models import Endpoint, PaymentAttempt, ProviderAccount, ProviderEvent
from reglo.ports import clock as clock_port
from tests.harness.stripe_world import StripeWorld

Start = Callable[[Invoice], PaymentAttempt]
EVENT = {
    "id": "evt_1",
    "object": "event",
    "type": "charge.succeeded",
    "created": 1795338000,
    "livemode": False,
    "data": {"object": {"id": "ch_1", "object": "charge"}},
}


@pytest.fixture
def endpoint(account: ProviderAccount) -> Endpoint:
    return Endpoint.objects.get(account=account)


def post(endpoint: Endpoint, event: Any = EVENT, *, header: str | None = None, token: str | None = None) -> Any:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    now = clock_port.now()
    [secret] = endpoint.accepted_secrets(now)
    if header is None:
        header = sdk.WebhookSignature.generate_signature_header(body.decode(), secret, timestamp=int(now.timestamp()))
    return Client(enforce_csrf_checks=True).post(
        f"/hooks/stripe/{token or endpoint.token}",
        data=body,
        content_type="application/json",
        headers={"Stripe-Signature": header},
    )


def test_stored_then_known(endpoint: Endpoint):
    first, second = post(endpoint), post(endpoint)

    assert (first.status_code, first.json()) == (200, {"stored": 1})
    assert (second.status_code, second.json()) == (200, {"stored": 0})
    assert ProviderEvent.objects.count() == 1


def test_forged_is_400_and_its_reason_is_logged_without_the_body(endpoint: Endpoint, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.WARNING, logger="reglo.hooks"):
        answer = post(endpoint, {**EVENT, "id": "evt_forged"}, header="t=1795338000,v1=00")

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_signature")
    [logged] = [vars(record) for record in caplog.records if record.name == "reglo.hooks"]
    assert logged["reason"] == "no known secret signed it"
    assert "evt_forged" not in caplog.text
    assert ProviderEvent.objects.count() == 0


def test_unsigned_is_400(endpoint: Endpoint):
    assert post(endpoint, header="").status_code == 400


def test_an_unknown_address_is_404(endpoint: Endpoint):
    assert post(endpoint, token="x" * 43).status_code == 404
    assert ProviderEvent.objects.count() == 0


def test_a_removed_endpoint_is_404(endpoint: Endpoint):
    Endpoint.objects.update(removed_at=clock_port.now())

    assert post(endpoint).status_code == 404


def test_ten_megabytes_are_413(endpoint: Endpoint):
    answer = post(endpoint, b"x" * 10_000_000, header="t=1,v1=00")

    assert (answer.status_code, answer.json()) == (413, {"code": "body_too_large"})
    assert ProviderEvent.objects.count() == 0


def test_only_post_is_answered(endpoint: Endpoint):
    assert Client().get(f"/hooks/stripe/{endpoint.token}").status_code == 405


@pytest.mark.parametrize(
    ("forgery", "status"),
    [
        (None, 200),
        ("tampered", 400),
        ("wrong_secret", 400),
        ("stale", 400),
        ("future", 400),
        ("foreign_account", 400),
        ("other_mode", 400),
        ("unsigned", 400),
    ],
)
def test_what_the_courier_forges_is_refused(
    stripe: StripeWorld, endpoint: Endpoint, invoice: Invoice, start: Start, forgery: str | None, status: int
):
    stripe.pay(start(invoice))
    stripe.deliver()
    with stripe.sandbox.world.store.transaction() as db:
        [event_id] = db.execute("SELECT event FROM deliveries WHERE state = 'delivered' LIMIT 1").fetchone()
    stored = ProviderEvent.objects.count()

    assert stripe.deliver_again(event_id, endpoint.external_id, forgery).status == status

    assert ProviderEvent.objects.count() == stored
