"""The inbox: once per event, whole and unreadable in the database, and nothing of what is not ours."""

import json
import time
from base64 import b64decode
from datetime import timedelta

import pytest
import stripe as sdk

from reglo.events.models import Event, Reaction
from reglo.payments.models import Endpoint, ProviderAccount, ProviderEvent
from reglo.payments.providers.contract import BadSignature, RawRequest
from reglo.payments.services import receive_event
from reglo.payments.states import NoticeState
from reglo.ports import clock as clock_port
from tests.harness.frozen_clock import FrozenClock

EVENT = {
    "id": "evt_1",
    "object": "event",
    "type": "charge.succeeded",
    "created": 1795338000,
    "livemode": False,
    "data": {
        "object": {"id": "ch_1", "object": "charge", "amount": 12000, "billing_details": {"name": "Claire Fontaine"}}
    },
}


@pytest.fixture
def endpoint(account: ProviderAccount) -> Endpoint:
    return Endpoint.objects.select_related("account").get(account=account)


def signed(event: object, secret: str, *, age: float = 0, body: bytes | None = None) -> RawRequest:
    """The request that Stripe would send, its signature `age` seconds old."""
    sent = json.dumps(event).encode()
    at = int(clock_port.now().timestamp() - age)
    header = sdk.WebhookSignature.generate_signature_header(sent.decode(), secret, timestamp=at)
    return RawRequest({"stripe-signature": header, "cookie": "secret=1"}, sent if body is None else body)


def receive(endpoint: Endpoint, raw: RawRequest) -> int:
    return receive_event(endpoint=endpoint, raw=raw, now=clock_port.now())


def secret_of(endpoint: Endpoint) -> str:
    return endpoint.accepted_secrets(clock_port.now())[0]


def test_it_is_stored_with_one_reaction_to_come(endpoint: Endpoint):
    assert receive(endpoint, signed(EVENT, secret_of(endpoint))) == 1

    kept = ProviderEvent.objects.get()
    told = Event.objects.get(kind="provider.event_received")
    assert (kept.event_id, kept.kind, kept.object_kind, kept.object_id) == (
        "evt_1",
        "charge.succeeded",
        "charge",
        "ch_1",
    )
    assert (kept.state, kept.received_at) == (NoticeState.RECEIVED, clock_port.now())
    assert told.subject_id == str(kept.id)
    assert Reaction.objects.filter(event=told).count() == 1


def test_the_body_is_kept_encrypted(endpoint: Endpoint):
    raw = signed(EVENT, secret_of(endpoint))
    receive(endpoint, raw)

    kept = ProviderEvent.objects.get()
    opened = json.loads(kept.open_request())
    assert "Claire" not in kept.sealed_request
    assert b64decode(opened["body"]) == raw.body
    assert "cookie" not in opened["headers"]


def test_the_same_event_again_is_one_row(endpoint: Endpoint):
    for _ in range(3):
        receive(endpoint, signed(EVENT, secret_of(endpoint)))

    assert ProviderEvent.objects.count() == 1
    assert Event.objects.filter(kind="provider.event_received").count() == 1


def test_both_secrets_hold_while_one_replaces_the_other(endpoint: Endpoint, clock: FrozenClock):
    old = secret_of(endpoint)
    endpoint.seal_secret("whsec_new", previous_until=clock.now() + timedelta(hours=24))

    assert receive(endpoint, signed({**EVENT, "id": "evt_old"}, old)) == 1
    assert receive(endpoint, signed({**EVENT, "id": "evt_new"}, "whsec_new")) == 1

    clock.advance(hours=24)
    with pytest.raises(BadSignature):
        receive(endpoint, signed({**EVENT, "id": "evt_late"}, old))


def test_a_thin_event_is_read_for_its_ids(endpoint: Endpoint):
    thin = {
        "id": "evt_thin",
        "object": "v2.core.event",
        "type": "v1.charge.succeeded",
        "created": "2026-11-22T09:00:00.000Z",
        "livemode": False,
        "related_object": {"id": "ch_9", "type": "charge", "url": "/v1/charges/ch_9"},
    }

    assert receive(endpoint, signed(thin, secret_of(endpoint))) == 1

    kept = ProviderEvent.objects.get()
    assert (kept.kind, kept.object_kind, kept.object_id) == ("charge.succeeded", "charge", "ch_9")


@pytest.mark.parametrize(
    ("event", "age", "reason"),
    [
        (EVENT, 301, "stale"),
        (EVENT, -301, "from the future"),
        ({**EVENT, "livemode": True}, 0, "an event of the other mode"),
        ({**EVENT, "account": "acct_other"}, 0, "an event of another account"),
        ({**EVENT, "data": {}}, 0, "not an event"),
        ({"hello": "world"}, 0, "not an event"),
        (["not", "an", "object"], 0, "not an event"),
    ],
)
def test_what_is_not_for_us_now_is_refused(endpoint: Endpoint, event: object, age: float, reason: str):
    with pytest.raises(BadSignature) as refused:
        receive(endpoint, signed(event, secret_of(endpoint), age=age))

    assert refused.value.params == {"reason": reason}
    assert ProviderEvent.objects.count() == 0


@pytest.mark.parametrize("age", [300, -300])
def test_five_minutes_either_way_are_accepted(endpoint: Endpoint, age: float):
    assert receive(endpoint, signed(EVENT, secret_of(endpoint), age=age)) == 1


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b"{}"),
        ({"stripe-signature": ""}, b"{}"),
        ({"stripe-signature": "t=soon,v1=00"}, b"{}"),
        ({"stripe-signature": f"t={int(time.time())},v1=00"}, b"{}"),
        ({"stripe-signature": f"t={int(time.time())},v0=00"}, b"{}"),
        ({"stripe-signature": f"t={int(time.time())},v1=00"}, b"\xff\xfe"),
    ],
)
def test_unsigned_or_forged_is_refused(endpoint: Endpoint, headers: dict[str, str], body: bytes):
    with pytest.raises(BadSignature):
        receive(endpoint, RawRequest(headers, body))

    assert ProviderEvent.objects.count() == 0


def test_an_altered_body_is_refused(endpoint: Endpoint):
    altered = json.dumps({**EVENT, "data": {"object": {"id": "ch_2", "object": "charge"}}}).encode()

    with pytest.raises(BadSignature):
        receive(endpoint, signed(EVENT, secret_of(endpoint), body=altered))


def test_a_body_that_is_signed_and_not_json_is_refused(endpoint: Endpoint):
    at = int(clock_port.now().timestamp())
    header = sdk.WebhookSignature.generate_signature_header("bonjour", secret_of(endpoint), timestamp=at)

    with pytest.raises(BadSignature) as refused:
        receive(endpoint, RawRequest({"stripe-signature": header}, b"bonjour"))

    assert refused.value.params == {"reason": "not JSON"}
