"""Stripe as the contract wants it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from reglo.payments.providers.balance import BalanceFact
from reglo.payments.providers.contract import (
    Account,
    AccountInfo,
    Attempt,
    Health,
    HookEndpoint,
    Listed,
    Nudge,
    RawRequest,
    Redirect,
    RefundOrder,
    Secrets,
    Urls,
)
from reglo.payments.providers.facts import Ref, Snapshot
from reglo.payments.providers.registry import ProviderSettings
from reglo.payments.providers.stripe import balance, checkout, connect, feed, oauth, refunds, snapshot, webhook
from reglo.payments.providers.stripe.client import Clients


@dataclass(frozen=True)
class StripeProvider:
    """Also speaks Refunds, OAuth, Feeds, History, Renewals and Listings."""

    clients: Clients
    install: str  # which installation a payment belongs to, for whoever reads it at Stripe

    key: ClassVar[str] = "stripe"
    remembers: ClassVar[timedelta] = feed.KEPT

    def inspect(self, secrets: Secrets) -> AccountInfo:
        return connect.inspect(self.clients, secrets)

    def shares_endpoint(self, secrets: Secrets) -> bool:
        return "connected_account" in secrets

    def connect(self, account: Account, endpoint_url: str) -> AccountInfo:
        return connect.connect(self.clients, account, endpoint_url)

    def check(self, account: Account, endpoint_url: str, now: datetime) -> Health:
        return connect.check(self.clients, account, endpoint_url, now)

    def disconnect(self, account: Account) -> None:
        connect.disconnect(self.clients, account)

    def start(self, attempt: Attempt, urls: Urls) -> Redirect:
        return checkout.start(self.clients, attempt, urls, self.install)

    def complete(self, attempt: Attempt) -> None:
        """Nothing: Checkout captures by itself."""

    def cancel(self, attempt: Attempt) -> None:
        checkout.cancel(self.clients, attempt)

    def fetch(self, account: Account, ref: Ref) -> Snapshot:
        return snapshot.fetch(self.clients, account, ref)

    def attempt_ref(self, external_id: str) -> Ref:
        return Ref(checkout.SESSION, external_id)

    def refund(self, order: RefundOrder) -> Ref:
        return refunds.refund(self.clients, order, self.install)

    def payment_ref(self, payment_id: str) -> Ref:
        return Ref(refunds.CHARGE, payment_id)

    def read_hook(self, endpoint: HookEndpoint, raw: RawRequest, now: datetime) -> list[Nudge]:
        return webhook.read_hook(endpoint, raw, now)

    def changes(self, account: Account, cursor: str, now: datetime) -> tuple[list[Nudge], str]:
        return feed.changes(self.clients, account, cursor, now)

    def history(self, account: Account, since: datetime) -> list[Nudge]:
        return feed.history(self.clients, account, since)

    def renew_endpoint(self, account: Account, endpoint_url: str) -> AccountInfo:
        return connect.renew_endpoint(self.clients, account, endpoint_url)

    def recent(self, account: Account, since: datetime) -> Iterator[Listed]:
        return balance.recent(self.clients, account, since)

    def balance(self, account: Account, since: datetime, source_id: str = "") -> Iterator[BalanceFact]:
        return balance.movements(self.clients, account, since, source_id)

    def can_authorize(self) -> bool:
        return bool(self.clients.client_id and self.clients.platform_key)

    def authorize(self, state: str, redirect_url: str) -> str:
        return oauth.authorize(self.clients, state, redirect_url)

    def grant(self, code: str) -> Secrets:
        return oauth.grant(self.clients, code)


def build(settings: ProviderSettings) -> StripeProvider:
    clients = Clients(settings.stripe_api, settings.stripe_client_id, settings.stripe_platform_key)
    return StripeProvider(clients, install=urlsplit(settings.base_url).netloc)
