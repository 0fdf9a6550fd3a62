"""Stripe, played by the sandbox in this process, and a postman that carries its notifications to our hook.

The wire is real: the SDK talks HTTP to the sandbox, and every request and answer is checked on its way.
"""

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.test import RequestFactory

from reglo.hooks.views import receive
from reglo.payments.models import PaymentAttempt
from reglo.payments.providers.stripe.client import Clients
from reglo.payments.providers.stripe.provider import StripeProvider
from sandbox.server import RunningSandbox
from sandbox.stripe import courier, seed
from sandbox.stripe.tries import Receipt
from tests.contracts.stripe.wire import CheckedWire
from tests.harness.frozen_clock import FrozenClock

SELLER = seed.SELLER
RESTRICTED_KEY = seed.SELLER_RESTRICTED_KEY
LIVE_KEY = seed.SELLER_LIVE_RESTRICTED_KEY
IBAN, REFUSED_IBAN = "FR14 2004 1010 0505 0001 3M02 606", "FR84 2004 1010 0505 0001 3M02 607"
EMPTY_IBAN, TAKEN_BACK_IBAN = "FR61 2004 1010 0505 0001 3M22 227", "FR57 2004 1010 0505 0001 3M02 608"
GOOD, DECLINED, CHALLENGED = "4242 4242 4242 4242", "4000 0000 0000 0002", "4000 0027 6000 3155"
REFUNDED_LATER, REFUND_FAILS = "4000 0000 0000 7726", "4000 0000 0000 5126"


@dataclass
class StripeWorld:
    sandbox: RunningSandbox
    clock: FrozenClock
    wire: CheckedWire = field(default_factory=CheckedWire)

    def provider(self) -> StripeProvider:
        clients = Clients(
            api=self.sandbox.url,
            client_id=seed.PLATFORM_CLIENT_ID,
            platform_key=seed.PLATFORM_SECRET_KEY,
            http_client=self.wire,
        )
        return StripeProvider(clients, install="localhost:8000")

    def tell_time(self) -> None:
        """Stripe's clock says what ours says."""
        self.sandbox.world.clock.set_offset(round(self.clock.now().timestamp() - time.time()))

    def pay(self, attempt: PaymentAttempt, number: str = GOOD) -> requests.Response:
        """The payer fills the hosted page in; the answer is not followed."""
        self.tell_time()
        form = {
            "email": "claire@fontaine.test",
            "name": "Claire Fontaine",
            "number": number,
            "expiry": "12 / 34",
            "cvc": "123",
        }
        return requests.post(attempt.redirect_url, data=form, allow_redirects=False, timeout=10)

    def debit(self, attempt: PaymentAttempt, iban: str) -> requests.Response:
        """The payer gives an IBAN on the hosted page instead of a card; the bank answers five days later."""
        self.tell_time()
        form = {"email": "claire@fontaine.test", "name": "Claire Fontaine", "iban": iban}
        return requests.post(attempt.redirect_url, data=form, allow_redirects=False, timeout=10)

    def deliver(self, *, newest_first: bool = False) -> list[tuple[str, Receipt]]:
        """Everything that waits, to our hook, now; the fees that wait are told too."""
        self.tell_time()
        return self.sandbox.deliver(newest_first=newest_first)

    def lose_everything(self) -> int:
        """How many notifications, waiting or due now, are lost on the way for good."""
        self.tell_time()
        courier.do_chores(self.sandbox.world, at_once=True)
        with self.sandbox.world.store.transaction() as db:
            return db.execute("UPDATE deliveries SET state = 'dropped' WHERE state = 'pending'").rowcount

    def deliver_again(self, event_id: str, endpoint_id: str, forgery: str | None = None) -> Receipt:
        """One more time, honestly or with one of the courier's forgeries."""
        self.tell_time()
        return courier.send(self.sandbox.world, event_id, endpoint_id, forgery)

    def revoke(self, key: str) -> None:
        self.command(f"keys/{key}/revoke")

    def command(self, path: str, **values: Any) -> Any:
        self.tell_time()
        answer = requests.post(f"{self.sandbox.url}/_control/{path}", json=values, timeout=10)
        answer.raise_for_status()
        return answer.json()


def carry_to_our_hook(patch: pytest.MonkeyPatch) -> None:
    """What the courier posts goes to our hook in this thread, without a server between."""

    def post(endpoint: dict[str, Any], body: bytes, signature: str | None) -> Receipt:
        headers = {} if signature is None else {"Stripe-Signature": signature}
        path = urlsplit(endpoint["url"]).path
        _, _hooks, provider, token = path.split("/")
        request = RequestFactory().post(path, data=body, content_type="application/json", headers=headers)
        return Receipt(receive(request, provider, token).status_code, None)

    patch.setattr(courier, "post", post)
