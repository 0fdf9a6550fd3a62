"""Stripe's own example objects as signed notifications, and Stripe answering with them when it is asked.

They are odd on purpose: every attribute filled in, words that never meet. Whatever they say, the product answers, keeps its
books in order, and parks nothing.
"""

import copy
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe as sdk
from django.test import Client

from reglo.companies.models import Company
from reglo.events.models import Reaction
from reglo.events.states import ReactionState
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice, Settlement
from reglo.ledger.models import Entry
from reglo.payments.models import Endpoint, Payment, PaymentAttempt, ProviderAccount, ProviderEvent, Refund
from reglo.payments.providers import registry
from reglo.payments.providers.stripe.client import Clients
from reglo.payments.providers.stripe.provider import StripeProvider
from reglo.payments.services import connect_account
from reglo.payments.services.start_payment import start_payment
from reglo.payments.states import AttemptState, NoticeState
from reglo.ports import clock as clock_port
from tests.payments.conftest import account, invoice, running, stripe, urls, world  # noqa: F401 (fixtures)

# What our endpoint is told of, and under which name.
KINDS = {
    "checkout.session": "checkout.session.completed",
    "payment_intent": "payment_intent.processing",
    "charge": "charge.succeeded",
    "refund": "refund.created",
    "dispute": "charge.dispute.created",
    "payout": "payout.paid",
}


def read() -> dict[str, Any]:
    place = os.environ.get("REGLO_OFFICIAL_DATA")
    if not place:
        return {}
    body = json.loads((Path(place) / "stripe" / "fixtures3.json").read_text(encoding="utf-8"))
    resources: dict[str, Any] = body["resources"]
    return resources


OFFICIAL = read()
pytestmark = [
    pytest.mark.official,
    pytest.mark.skipif(not OFFICIAL, reason="REGLO_OFFICIAL_DATA is not set: Stripe's example objects are not here"),
]


class OfficialAnswers(sdk.HTTPClient):
    """Stripe, when asked for an object by its id: the one that it was given under that id, else "no such object"."""

    name = "official"

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, Any] = {}

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        found = self.known.get(urlsplit(url).path.rpartition("/")[2])
        if method.upper() != "GET" or found is None:
            missing = {"type": "invalid_request_error", "code": "resource_missing", "message": "No such object"}
            return json.dumps({"error": missing}), 404, {}
        return json.dumps(found), 200, {}

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def attempt(invoice: Invoice) -> PaymentAttempt:  # noqa: F811 (the fixture)
    """Begun at the sandbox, before the examples take its place."""
    return start_payment(company_id=invoice.company_id, invoice_id=invoice.id, urls=urls, now=clock_port.now())


@pytest.fixture
def answers(attempt: PaymentAttempt) -> Iterator[OfficialAnswers]:
    answers = OfficialAnswers()
    clients = Clients(api="http://127.0.0.1:1", client_id="", platform_key="", http_client=answers)
    with registry.replace("stripe", StripeProvider(clients, install="localhost:8000")):
        yield answers


@pytest.fixture
def endpoint(account: ProviderAccount) -> Endpoint:  # noqa: F811 (the fixture)
    return Endpoint.objects.get(account=account)


def snapshot_event(kind: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The official event around an official object."""
    event = copy.deepcopy(OFFICIAL["event"])
    now = int(clock_port.now().timestamp())
    return {**event, "type": kind, "created": now, "livemode": False, "data": {"object": body}, **more}


def thin_event(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """The same, told by name alone."""
    return {
        "id": "evt_test_65UXcR",
        "object": "v2.core.event",
        "type": f"v1.{kind}",
        "created": clock_port.now().isoformat(),
        "livemode": False,
        "context": None,
        "related_object": {"id": body["id"], "type": body["object"], "url": f"/v1/x/{body['id']}"},
    }


def secret_of(endpoint: Endpoint) -> str:
    [secret] = endpoint.accepted_secrets(clock_port.now())
    return secret


def signature(body: bytes, secret: str, *, late: int = 0) -> str:
    moment = int(clock_port.now().timestamp()) + late
    return sdk.WebhookSignature.generate_signature_header(body.decode(), secret, timestamp=moment)


def post(endpoint: Endpoint, body: bytes, header: str | None) -> int:
    headers = {} if header is None else {"Stripe-Signature": header}
    client = Client(enforce_csrf_checks=True)
    path = f"/hooks/stripe/{endpoint.token}"
    return client.post(path, data=body, content_type="application/json", headers=headers).status_code


def tell(endpoint: Endpoint, event: dict[str, Any]) -> None:
    """Signed, received, applied by the worker; nothing is parked."""
    body = json.dumps(event).encode()
    assert post(endpoint, body, signature(body, secret_of(endpoint))) == 200
    run_until_idle()
    assert not Reaction.objects.exclude(state=ReactionState.DONE).exists()


def ours(body: dict[str, Any], attempt: PaymentAttempt) -> dict[str, Any]:
    """The example as if it came of our attempt."""
    return {**copy.deepcopy(body), "metadata": {"attempt": str(attempt.id)}}


def books() -> tuple[int, int, int]:
    return Payment.objects.count(), Refund.objects.count(), Entry.objects.count()


@pytest.mark.parametrize("wrapped", [snapshot_event, thin_event], ids=["snapshot", "thin"])
@pytest.mark.parametrize("kind", KINDS)
def test_an_example_of_somebody_else_changes_nothing(
    endpoint: Endpoint, answers: OfficialAnswers, attempt: PaymentAttempt, kind: str, wrapped: Any
):
    body = OFFICIAL[kind]
    answers.known[body["id"]] = body
    before = books()

    tell(endpoint, wrapped(KINDS[kind], body))

    notice = ProviderEvent.objects.get()
    assert (notice.kind, notice.object_kind, notice.object_id) == (KINDS[kind], kind, body["id"])
    assert notice.state in {NoticeState.IGNORED, NoticeState.APPLIED}
    assert books()[:1] + books()[2:] == before[:1] + before[2:]
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.OPEN


@pytest.mark.parametrize("wrapped", [snapshot_event, thin_event], ids=["snapshot", "thin"])
@pytest.mark.parametrize("kind", ["checkout.session", "payment_intent", "charge", "refund"])
def test_an_example_that_says_it_is_ours_leaves_the_books_in_order(
    endpoint: Endpoint, answers: OfficialAnswers, attempt: PaymentAttempt, kind: str, wrapped: Any
):
    """A page that is open, an intent that waits, a charge that is only reserved: none of them is money."""
    body = ours(OFFICIAL[kind], attempt)
    answers.known[body["id"]] = body
    before = books()

    tell(endpoint, wrapped(KINDS[kind], body))

    assert books() == before
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.OPEN


def test_the_examples_put_together_are_one_whole_payment(
    endpoint: Endpoint, answers: OfficialAnswers, attempt: PaymentAttempt, company: Company
):
    """Session, intent, charge, refund and movement of Stripe's examples, nested as they are when expanded."""
    movement = {**OFFICIAL["balance_transaction"], "amount": 100, "fee": 3, "net": 97, "currency": "usd"}
    refund = {**OFFICIAL["refund"], "amount": 100}
    charge = {
        **ours(OFFICIAL["charge"], attempt),
        "captured": True,
        "amount_captured": 100,
        "balance_transaction": movement,
        "refunds": {"object": "list", "data": [refund], "has_more": False, "url": "/v1/refunds"},
    }
    intent = {**ours(OFFICIAL["payment_intent"], attempt), "status": "succeeded", "latest_charge": charge}
    session = {
        **ours(OFFICIAL["checkout.session"], attempt),
        "status": "complete",
        "payment_status": "paid",
        "url": None,
        "payment_intent": intent,
    }
    answers.known = {one["id"]: one for one in (session, intent, charge, {**refund, "charge": charge})}

    for number, (kind, body) in enumerate(zip(KINDS, (session, intent, charge, refund), strict=False)):
        tell(endpoint, snapshot_event(KINDS[kind], body, id=f"evt_{number}"))

    payment = Payment.objects.get()
    assert (payment.external_id, payment.amount_minor, payment.currency) == (charge["id"], 100, "USD")
    assert (payment.fee_minor, payment.method_detail) == (3, "Visa •••• 4242")
    assert [(one.external_id, one.amount_minor) for one in Refund.objects.all()] == [(refund["id"], 100)]
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.PAID
    assert Settlement.objects.get(invoice__attempt_lines__attempt=attempt).settled_minor == 0  # dollars


def test_every_other_example_is_received_and_let_go(endpoint: Endpoint, answers: OfficialAnswers):
    """All the objects that Stripe has, told by a name that we never asked for."""
    others = {kind: body for kind, body in OFFICIAL.items() if kind not in KINDS and body.get("id")}
    assert len(others) > 100
    before = books()

    for number, (kind, body) in enumerate(others.items()):
        event = snapshot_event(f"{kind}.updated", {"object": kind, **body}, id=f"evt_other_{number}")
        raw = json.dumps(event).encode()
        assert post(endpoint, raw, signature(raw, secret_of(endpoint))) == 200, kind
    run_until_idle()

    assert books() == before
    assert set(ProviderEvent.objects.values_list("state", flat=True)) == {NoticeState.IGNORED}
    assert not Reaction.objects.exclude(state=ReactionState.DONE).exists()


REFUSED = {
    "wrong secret": (lambda body, secret: (body, signature(body, "whsec_of_somebody_else"))),
    "edited body": (lambda body, secret: (body.replace(b"charge", b"chargf", 1), signature(body, secret))),
    "stale": (lambda body, secret: (body, signature(body, secret, late=-301))),
    "from the future": (lambda body, secret: (body, signature(body, secret, late=301))),
    "missing header": (lambda body, secret: (body, None)),
    "header without signature": (lambda body, secret: (body, "t=1795338000")),
}


@pytest.mark.parametrize("how", REFUSED)
def test_what_stripe_cannot_have_sent_is_refused(endpoint: Endpoint, how: str):
    body = json.dumps(snapshot_event("charge.succeeded", OFFICIAL["charge"])).encode()

    sent, header = REFUSED[how](body, secret_of(endpoint))

    assert post(endpoint, sent, header) == 400
    assert ProviderEvent.objects.count() == 0


@pytest.mark.parametrize(
    "more", [{"livemode": True}, {"account": "acct_of_somebody_else"}], ids=["live event", "another account"]
)
def test_an_event_of_another_world_is_refused(endpoint: Endpoint, more: dict[str, Any]):
    body = json.dumps(snapshot_event("charge.succeeded", OFFICIAL["charge"], **more)).encode()

    assert post(endpoint, body, signature(body, secret_of(endpoint))) == 400
    assert ProviderEvent.objects.count() == 0


@pytest.mark.parametrize("right", ["first", "last"])
def test_two_signatures_in_one_header_are_accepted(endpoint: Endpoint, right: str):
    """While a secret is being replaced, Stripe signs with both."""
    body = json.dumps(snapshot_event("charge.succeeded", OFFICIAL["charge"])).encode()
    good = signature(body, secret_of(endpoint))
    bad = "v1=" + "0" * 64
    moment, given = good.split(",", 1)

    header = f"{moment},{given},{bad}" if right == "first" else f"{moment},{bad},{given}"

    assert post(endpoint, body, header) == 200
    assert ProviderEvent.objects.count() == 1


def test_the_former_secret_signs_for_a_day_and_no_longer(
    endpoint: Endpoint,
    account: ProviderAccount,  # noqa: F811 (the fixture)
    clock: Any,
):
    former = secret_of(endpoint)
    Endpoint.objects.update(external_id="we_lost")
    connect_account(company_id=account.company_id, account_id=account.id, now=clock_port.now())
    endpoint.refresh_from_db()

    def told() -> int:
        body = json.dumps(snapshot_event("charge.succeeded", OFFICIAL["charge"])).encode()
        return post(endpoint, body, signature(body, former))

    assert told() == 200
    clock.advance(hours=25)
    assert told() == 400
