"""Who may do what with which key."""

import pytest
import requests
import stripe

from sandbox.server import RunningSandbox
from sandbox.stripe import keys, seed
from tests.sandbox.conftest import Client


def create_key(world: RunningSandbox, *permissions: str, live: bool = False) -> str:
    with world.world.store.transaction() as db:
        key = keys.create(
            db,
            account=seed.SELLER,
            name="clé",
            livemode=live,
            permissions=frozenset(permissions),
            now=world.world.clock.now(),
        )
    return key.secret


def test_the_account_of_a_key_is_shown(shop: stripe.StripeClient) -> None:
    account = shop.v1.accounts.retrieve_current()
    assert account.id == seed.SELLER
    assert account.settings is not None
    assert account.settings.dashboard.display_name == "Atelier Lumen"
    assert (account.country, account.default_currency, account.charges_enabled) == ("FR", "eur", True)


def test_no_key_is_401(world: RunningSandbox) -> None:
    answer = requests.get(f"{world.url}/v1/account", timeout=10)
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert answer.headers["Request-Id"].startswith("req_")


def test_an_unknown_key_is_401_and_masked(client: Client) -> None:
    with pytest.raises(stripe.AuthenticationError) as caught:
        client("rk_test_thisIsNotAKnownKeyAtAll").v1.accounts.retrieve_current()
    assert caught.value.http_status == 401
    assert caught.value.user_message == "Invalid API Key provided: rk_test_*******************tAll"


def test_a_revoked_key_is_401_expired(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    requests.post(f"{world.url}/_control/keys/{seed.SELLER_RESTRICTED_KEY}/revoke", timeout=10)
    with pytest.raises(stripe.AuthenticationError) as caught:
        shop.v1.accounts.retrieve_current()
    assert (caught.value.http_status, caught.value.error.code) == (401, "api_key_expired")


def test_a_missing_permission_is_403_and_named(world: RunningSandbox, client: Client) -> None:
    with pytest.raises(stripe.PermissionError) as caught:
        client(create_key(world, "rak_charge_read")).v1.refunds.create({"charge": "ch_1"})
    assert caught.value.http_status == 403
    assert "Having the 'rak_charge_write' permission would allow this request to continue." in str(caught.value)


def test_write_includes_read(world: RunningSandbox, client: Client) -> None:
    assert client(create_key(world, "rak_charge_write")).v1.charges.list().data == []


def test_a_permission_can_be_taken_away(world: RunningSandbox, shop: stripe.StripeClient) -> None:
    address = f"{world.url}/_control/keys/{seed.SELLER_RESTRICTED_KEY}/permissions"
    requests.post(address, data={"remove": "rak_event_write"}, timeout=10)
    with pytest.raises(stripe.PermissionError, match="rak_event_read"):
        shop.v1.events.list()


def test_a_secret_key_may_do_all(client: Client) -> None:
    assert client(seed.SELLER_SECRET_KEY).v1.balance.retrieve().livemode is False


def test_live_and_test_objects_never_meet(client: Client) -> None:
    made = client(seed.SELLER_LIVE_RESTRICTED_KEY).v1.customers.create({"name": "Claire"})
    assert made.livemode is True
    assert client().v1.customers.list().data == []


def test_accounts_never_meet(client: Client) -> None:
    made = client(seed.STRANGER_RESTRICTED_KEY).v1.customers.create({"name": "Claire"})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client().v1.customers.retrieve(made.id)
    assert caught.value.code == "resource_missing"


def test_another_account_needs_its_consent(client: Client) -> None:
    with pytest.raises(stripe.PermissionError) as caught:
        client().v1.customers.list(options={"stripe_account": seed.STRANGER})
    assert (caught.value.http_status, caught.value.error.code) == (403, "account_invalid")
