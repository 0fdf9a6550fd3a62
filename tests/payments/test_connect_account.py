"""*Connecter*: no payment link goes live before the whole chain works."""

from datetime import timedelta

import pytest

from reglo.companies.models import Company
from reglo.events.models import Event
from reglo.payments.models import Endpoint, ProviderAccount
from reglo.payments.models.provider_account import AccountNotReady
from reglo.payments.providers import contract
from reglo.payments.providers.stripe.webhook import EVENT_TYPES
from reglo.payments.services import (
    AnotherAccountConnected,
    PermissionsMissing,
    connect_account,
    disconnect_account,
    propose_account,
)
from reglo.payments.states import AccountState
from reglo.ports import clock as clock_port
from sandbox.stripe import seed
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import RESTRICTED_KEY, StripeWorld


def propose(company: Company, key: str = RESTRICTED_KEY) -> ProviderAccount:
    return propose_account(company=company, provider="stripe", secrets={"api_key": key}, now=clock_port.now())


def connect(account: ProviderAccount) -> ProviderAccount:
    return connect_account(company_id=account.company_id, account_id=account.id, now=clock_port.now())


def test_a_disconnected_account_is_not_connected_without_a_key(account: ProviderAccount):
    disconnect_account(company_id=account.company_id, account_id=account.id, now=clock_port.now())

    with pytest.raises(AccountNotReady):
        connect(account)

    assert Endpoint.objects.filter(removed_at=None).count() == 0


def endpoints_at_stripe(stripe: StripeWorld) -> list[dict[str, object]]:
    with stripe.sandbox.world.store.transaction():
        from sandbox.stripe import objects

        return objects.every(stripe.sandbox.world.store._db, "webhook_endpoint", account=seed.SELLER, livemode=False)


def test_the_chain_is_complete(company: Company, stripe: StripeWorld):
    account = connect(propose(company))

    endpoint = Endpoint.objects.get()
    [at_stripe] = endpoints_at_stripe(stripe)
    assert (account.state, account.connected_at) == (AccountState.ACTIVE, clock_port.now())
    assert at_stripe["url"] == f"http://localhost:8000/hooks/stripe/{endpoint.token}"
    assert at_stripe["enabled_events"] == list(EVENT_TYPES)
    assert len(EVENT_TYPES) == 21
    assert at_stripe["api_version"] == "2026-10-28.endive"
    assert endpoint.external_id == at_stripe["id"]
    assert endpoint.accepted_secrets(clock_port.now()) == (at_stripe["_secret"],)
    assert str(at_stripe["_secret"]) not in endpoint.sealed_secret
    assert Event.objects.filter(kind="account.connected").count() == 1


def test_a_page_was_opened_and_closed_to_try(company: Company, stripe: StripeWorld):
    connect(propose(company))

    tried = [path for method, path, status in stripe.wire.passed if path.startswith("v1/checkout") and status == 200]
    assert [path.split("/")[-1] for path in tried] == ["sessions", "expire"]


def test_a_missing_permission_stops_before_anything_is_created(company: Company, stripe: StripeWorld):
    account = propose(company)
    stripe.command(f"keys/{RESTRICTED_KEY}/permissions", remove="rak_checkout_session_write")

    with pytest.raises(PermissionsMissing) as refused:
        connect(account)

    account.refresh_from_db()
    assert "« Sessions Checkout : écriture »" in str(refused.value)
    assert account.state == AccountState.PENDING
    assert ["checkout_session_write", "Sessions Checkout : écriture", False] in account.permissions
    assert endpoints_at_stripe(stripe) == []


def test_connecting_twice_repairs_and_keeps_the_secret(company: Company, stripe: StripeWorld):
    account = connect(propose(company))
    before = Endpoint.objects.get()

    connect(account)

    after = Endpoint.objects.get()
    assert (after.id, after.external_id) == (before.id, before.external_id)
    assert after.accepted_secrets(clock_port.now()) == before.accepted_secrets(clock_port.now())
    assert len(endpoints_at_stripe(stripe)) == 1
    assert Event.objects.filter(kind="account.connected").count() == 1


def test_an_endpoint_removed_at_stripe_is_made_again_and_both_secrets_hold_a_day(
    company: Company, stripe: StripeWorld, clock: FrozenClock
):
    account = connect(propose(company))
    endpoint = Endpoint.objects.get()
    [old] = endpoint.accepted_secrets(clock.now())
    stripe.provider().clients.of({"api_key": RESTRICTED_KEY}).v1.webhook_endpoints.delete(endpoint.external_id)

    connect(account)

    endpoint.refresh_from_db()
    current, previous = endpoint.accepted_secrets(clock.now())
    assert current != old == previous
    assert endpoint.accepted_secrets(clock.now() + timedelta(hours=24)) == (current,)
    assert len(endpoints_at_stripe(stripe)) == 1


def test_a_crash_after_stripe_made_the_endpoint_leaves_one_endpoint(company: Company, stripe: StripeWorld):
    account = propose(company)
    provider = stripe.provider()
    endpoint = Endpoint.objects.create(
        id=account.id, provider="stripe", live=False, account=account, token="t" * 43, created_at=clock_port.now()
    )
    lost = contract.Account(account.external_id, contract.Mode.SIMULATED, account.open_secrets())
    provider.connect(lost, f"http://localhost:8000/hooks/stripe/{endpoint.token}")  # and the secret is never kept

    connect(account)

    [at_stripe] = endpoints_at_stripe(stripe)
    endpoint.refresh_from_db()
    assert endpoint.accepted_secrets(clock_port.now()) == (at_stripe["_secret"],)


def test_a_second_account_waits_until_the_first_is_disconnected(company: Company, stripe: StripeWorld):
    first = connect(propose(company))
    second = propose(company, seed.STRANGER_RESTRICTED_KEY)

    with pytest.raises(AnotherAccountConnected):
        connect(second)
    disconnect_account(company_id=company.id, account_id=first.id, now=clock_port.now())

    assert connect(second).state == AccountState.ACTIVE


def test_an_address_that_stripe_refuses_is_said(company: Company, stripe: StripeWorld, settings):
    settings.BASE_URL = "https://factures.exemple.fr"
    account = propose(company)

    with pytest.raises(contract.EndpointRefused) as refused:
        connect(account)

    account.refresh_from_db()
    assert "loopback" in str(refused.value) or "machine" in str(refused.value)
    assert account.state == AccountState.PENDING
