"""What the stories of payments share: the merchant at Stripe, what waits here, what people read, and Stripe's bad days."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import requests
import stripe as sdk
from django.test import Client

from reglo.events.models import Reaction
from reglo.events.states import ReactionState
from reglo.invoicing.models import Invoice, Settlement
from reglo.payments.models import PaymentAttempt, ProviderAccount
from reglo.payments.queries import endpoint_of
from tests.harness.stripe_world import StripeWorld

Start = Callable[[Invoice], PaymentAttempt]
SECRET_KEY = "sk_test_sandbox_lumen_51AtelierLumenNotARealKey"
OF_PAYMENTS = "reglo.payments.tasks."


def settled(invoice: Invoice) -> int:
    return Settlement.objects.get(invoice=invoice).settled_minor


def stripe_itself(stripe: StripeWorld) -> sdk.StripeClient:
    """The merchant at Stripe's own dashboard, who may do everything."""
    return stripe.provider().clients.of({"api_key": SECRET_KEY})


def endpoint_at_stripe(account: ProviderAccount) -> str:
    endpoint = endpoint_of(account)
    assert endpoint is not None
    return endpoint.external_id


def waiting() -> list[tuple[str, int]]:
    """State and tries of what payments still have to do."""
    unfinished = Reaction.objects.filter(name__startswith=OF_PAYMENTS).exclude(state=ReactionState.DONE)
    return list(unfinished.order_by("id").values_list("state", "attempts"))


def shown(browser: Client, address: str) -> str:
    return browser.get(address, follow=True).content.decode().replace("\u202f", " ").replace("\xa0", " ")


def bad_day(stripe: StripeWorld, kind: str, *, times: int = 0, under: str = "/v1/") -> None:
    """Calls `under` this path meet the mishap `kind`, `times` of them or all of them; "none" ends it."""
    values = {"kind": kind, "times": times, "path": under}
    requests.post(f"{stripe.sandbox.url}/_control/mishap", json=values, timeout=10).raise_for_status()


class quick_retries(pytest.MonkeyPatch):  # noqa: N801 (reads as what it is)
    """The SDK tries again without sleeping in between."""

    def __enter__(self) -> "quick_retries":
        self.setattr("stripe._http_client.time.sleep", lambda seconds: None)
        return self

    def __exit__(self, *_error: object) -> None:
        self.undo()


class telling(pytest.MonkeyPatch):  # noqa: N801 (reads as what it is)
    """Every object `where` of Stripe's answers says `words` instead of what it is."""

    def __init__(self, stripe: StripeWorld, where: str, words: Mapping[str, Any]) -> None:
        super().__init__()
        self.stripe, self.where, self.words = stripe, where, words

    def __enter__(self) -> "telling":
        honest = self.stripe.wire.request

        def request(*args: Any, **options: Any) -> Any:
            content, status, headers = honest(*args, **options)
            return json.dumps(self._changed(json.loads(content))), status, headers

        self.setattr(self.stripe.wire, "request", request)
        return self

    def __exit__(self, *_error: object) -> None:
        self.undo()

    def _changed(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._changed(one) for one in value]
        if not isinstance(value, dict):
            return value
        changed = {name: self._changed(one) for name, one in value.items()}
        return {**changed, **self.words} if value.get("object") == self.where else changed
