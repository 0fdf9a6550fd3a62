"""The seller's pages: an account, and keys that may do what was ticked."""

import re

import pytest
import requests
import stripe

from sandbox.server import RunningSandbox
from sandbox.stripe import seed
from tests.sandbox.conftest import Client

CREATE = "/test/apikeys/create?name=Caisse&permissions[]=rak_charge_write&permissions[]=rak_event_read"


def make_key(world: RunningSandbox, **form: str | list[str]) -> str:
    """A key made on the page; its text."""
    address = f"{world.url}/dashboard/{seed.SELLER}/apikeys/create"
    shown = requests.post(address, data=form, timeout=10).text
    found = re.search(r'id="key">([^<]+)<', shown)
    assert found is not None
    return found[1]


def test_a_guides_link_leads_through_the_choice_of_an_account(world: RunningSandbox) -> None:
    person = requests.Session()
    page = person.get(world.url + CREATE, timeout=10)
    assert "Choisissez un compte" in page.text
    following = re.search(r'name="next" value="([^"]+)"', page.text)
    assert following is not None
    form = {"account": seed.SELLER, "next": following[1].replace("&amp;", "&")}
    page = person.post(f"{world.url}/dashboard/choose", data=form, timeout=10)
    assert 'value="Caisse"' in page.text
    assert sorted(re.findall(r'value="(rak_\w+)"[^>]*\schecked', page.text)) == ["rak_charge_write", "rak_event_read"]
    assert person.cookies["sandbox_account"] == seed.SELLER


def test_a_key_may_do_what_was_ticked(world: RunningSandbox, client: Client) -> None:
    secret = make_key(world, name="Caisse", **{"permissions[]": ["rak_event_read"]})
    assert secret.startswith("rk_test_")
    assert client(secret).v1.events.list().data == []
    with pytest.raises(stripe.PermissionError):
        client(secret).v1.charges.list()


def test_a_live_key_says_so(world: RunningSandbox, client: Client) -> None:
    secret = make_key(world, name="Caisse", mode="live", **{"permissions[]": ["rak_balance_read"]})
    assert secret.startswith("rk_live_")
    assert client(secret).v1.balance.retrieve().livemode is True


def test_a_key_is_shown_once(world: RunningSandbox) -> None:
    secret = make_key(world, name="Caisse")
    listed = requests.get(f"{world.url}/dashboard/{seed.SELLER}/apikeys", timeout=10).text
    assert secret not in listed
    assert f"rk_test_…{secret[-4:]}" in listed


def test_a_key_needs_a_name(world: RunningSandbox) -> None:
    answer = requests.post(f"{world.url}/dashboard/{seed.SELLER}/apikeys/create", data={}, timeout=10)
    assert (answer.status_code, "Donnez un nom à cette clé." in answer.text) == (422, True)


def test_a_key_is_revoked_on_its_page(world: RunningSandbox, client: Client) -> None:
    secret = make_key(world, name="Caisse", **{"permissions[]": ["rak_event_read"]})
    page = requests.get(f"{world.url}/dashboard/{seed.SELLER}/apikeys", timeout=10).text
    address = re.findall(r'action="([^"]+/revoke)"', page)[-1]
    requests.post(world.url + address, timeout=10)
    with pytest.raises(stripe.AuthenticationError):
        client(secret).v1.events.list()


def test_one_account_cannot_revoke_the_key_of_another(world: RunningSandbox, client: Client) -> None:
    address = f"{world.url}/dashboard/{seed.STRANGER}/apikeys/{seed.SELLER_RESTRICTED_KEY}/revoke"
    assert requests.post(address, timeout=10).status_code == 404
    assert client().v1.events.list().data == []


def test_a_new_account_asks_for_name_and_address(world: RunningSandbox) -> None:
    answer = requests.post(f"{world.url}/register", data={"name": "Duval", "email": "nowhere"}, timeout=10)
    assert answer.status_code == 422


@pytest.mark.parametrize("following", ["https://evil.example/", "//evil.example/", "/\\evil.example/"])
def test_nobody_is_led_to_another_server(world: RunningSandbox, following: str) -> None:
    form = {"account": seed.SELLER, "next": following}
    answer = requests.post(f"{world.url}/dashboard/choose", data=form, allow_redirects=False, timeout=10)
    assert answer.headers["Location"] == f"/dashboard/{seed.SELLER}/apikeys"
