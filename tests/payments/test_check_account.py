"""The health of a connection: key, rights, endpoint, clock."""

import pytest

from reglo.events.models import Event
from reglo.payments.models import ProviderAccount
from reglo.payments.queries import endpoint_of
from reglo.payments.services import Check, check_account, connect_account, propose_account
from reglo.payments.states import AccountState
from reglo.ports import clock as clock_port
from tests.harness.stripe_world import RESTRICTED_KEY, StripeWorld


def check(account: ProviderAccount) -> Check:
    return check_account(company_id=account.company_id, account_id=account.id, now=clock_port.now())


def test_a_good_chain_is_good(account: ProviderAccount, stripe: StripeWorld):
    checked = check(account)

    assert checked.health is not None
    assert checked.health.ok
    assert checked.account.checked_at == clock_port.now()
    assert checked.account.clock_skew_seconds is not None


def test_a_revoked_key_breaks_the_account_once(account: ProviderAccount, stripe: StripeWorld):
    stripe.revoke(RESTRICTED_KEY)

    assert check(account).health is None
    assert check(account).account.state == AccountState.BROKEN

    assert Event.objects.filter(kind="account.broken").count() == 1


def test_an_endpoint_removed_at_stripe_is_seen(account: ProviderAccount, stripe: StripeWorld):
    endpoint = endpoint_of(account)
    assert endpoint is not None
    stripe.provider().clients.of({"api_key": RESTRICTED_KEY}).v1.webhook_endpoints.delete(endpoint.external_id)

    health = check(account).health

    assert health is not None
    assert (health.endpoint_ok, health.ok) == (False, False)


def test_a_right_taken_away_is_named(account: ProviderAccount, stripe: StripeWorld):
    stripe.command(f"keys/{RESTRICTED_KEY}/permissions", remove="rak_charge_write")

    health = check(account).health

    assert health is not None
    assert [one.name for one in health.permissions if not one.granted] == ["charge_write"]


def test_a_broken_account_mends_when_stripe_answers_again(account: ProviderAccount, stripe: StripeWorld):
    ProviderAccount.objects.update(state=AccountState.BROKEN)

    assert check(account).account.state == AccountState.ACTIVE


def test_it_mends_by_its_key_even_where_the_endpoint_is_gone(account: ProviderAccount, stripe: StripeWorld):
    endpoint = endpoint_of(account)
    assert endpoint is not None
    stripe.provider().clients.of({"api_key": RESTRICTED_KEY}).v1.webhook_endpoints.delete(endpoint.external_id)
    ProviderAccount.objects.update(state=AccountState.BROKEN)

    mended = check(account).account

    assert (mended.state, mended.endpoint_ok) == (AccountState.ACTIVE, False)
    assert Event.objects.filter(kind="account.mended").count() == 1


def test_it_does_not_mend_while_a_right_is_missing(account: ProviderAccount, stripe: StripeWorld):
    stripe.command(f"keys/{RESTRICTED_KEY}/permissions", remove="rak_event_write")
    ProviderAccount.objects.update(state=AccountState.BROKEN)

    assert check(account).account.state == AccountState.BROKEN


@pytest.mark.parametrize("state", [AccountState.BROKEN, AccountState.DISCONNECTED])
def test_a_new_key_brings_the_account_back(account: ProviderAccount, stripe: StripeWorld, state: AccountState):
    ProviderAccount.objects.update(state=state)
    again = propose_account(
        company=account.company, provider="stripe", secrets={"api_key": RESTRICTED_KEY}, now=clock_port.now()
    )

    back = connect_account(company_id=account.company_id, account_id=again.id, now=clock_port.now())

    assert (back.id, back.state) == (account.id, AccountState.ACTIVE)
