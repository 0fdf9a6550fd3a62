"""A seller connects an account to a platform, and takes it back."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import stripe

from sandbox.server import RunningSandbox
from sandbox.stripe import seed
from tests.sandbox.checkout import press_pay, session_of
from tests.sandbox.conftest import Client
from tests.sandbox.receiver import Receiver

BACK = "http://127.0.0.1:1/back"


@pytest.fixture
def platform(client: Client) -> stripe.StripeClient:
    return client(seed.PLATFORM_SECRET_KEY, client_id=seed.PLATFORM_CLIENT_ID)


class Person(requests.Session):
    """Somebody with a browser, at the address where the platform sent them."""

    def __init__(self, world: RunningSandbox, platform: stripe.StripeClient) -> None:
        super().__init__()
        self.world = world
        self.address = platform.oauth.authorize_url({"state": "xyz", "redirect_uri": BACK, "scope": "read_write"})

    def prove(self, address: str) -> str:
        """Telephone, code from the page's SMS; the address of the consent page."""
        page = self.post(address, data={"phone": "06 12 34 56 78"}, timeout=10).text
        code = re.search(r"<strong>(\d{6})</strong>", page)
        assert code is not None
        sent = self.post(address, data={"code": code[1]}, allow_redirects=False, timeout=10)
        return self.world.url + sent.headers["Location"]

    def choose(self, name: str) -> str:
        page = self.get(self.address, timeout=10).text
        link = re.search(rf'href="(/verify/[^"]+)">{name}', page)
        assert link is not None
        return self.prove(self.world.url + link[1].replace("&amp;", "&"))

    def answer(self, address: str, answer: str) -> dict[str, list[str]]:
        """What the shop is told when the person comes back."""
        sent = self.post(address, data={"answer": answer}, allow_redirects=False, timeout=10)
        assert sent.headers["Location"].startswith(BACK)
        return parse_qs(urlsplit(sent.headers["Location"]).query)


def connect(world: RunningSandbox, platform: stripe.StripeClient) -> stripe.OAuth.OAuthToken:
    person = Person(world, platform)
    told = person.answer(person.choose("Atelier Lumen"), "connect")
    assert told["state"] == ["xyz"]
    return platform.oauth.token({"grant_type": "authorization_code", "code": told["code"][0]})


def test_a_seller_connects_with_a_code_by_sms(world: RunningSandbox, platform: stripe.StripeClient) -> None:
    token = connect(world, platform)
    assert (token.stripe_user_id, token.livemode, token.scope) == (seed.SELLER, False, "read_write")
    as_seller = {"stripe_account": seed.SELLER}
    made = platform.v1.customers.create({"name": "Claire"}, as_seller)
    assert [one.id for one in platform.v1.customers.list(None, as_seller).data] == [made.id]
    assert platform.v1.customers.list().data == []


def test_a_new_account_can_be_made_on_the_way(world: RunningSandbox, platform: stripe.StripeClient) -> None:
    person = Person(world, platform)
    page = person.get(person.address, timeout=10).text
    link = re.search(r'href="(/register[^"]+)"', page)
    assert link is not None
    form = {"name": "Menuiserie Duval", "email": "duval@example.com"}
    address = world.url + link[1].replace("&amp;", "&")
    made = person.post(address, data=form | {"next": parse_qs(urlsplit(address).query)["next"][0]}, timeout=10)
    told = person.answer(person.prove(made.url), "connect")
    token = platform.oauth.token({"grant_type": "authorization_code", "code": told["code"][0]})
    account = platform.v1.accounts.retrieve_current(None, {"stripe_account": str(token.stripe_user_id)})
    assert account.business_profile is not None
    assert (account.business_profile.name, account.charges_enabled) == ("Menuiserie Duval", True)


def test_the_consent_page_needs_the_code_first(world: RunningSandbox, platform: stripe.StripeClient) -> None:
    person = Person(world, platform)
    page = person.post(f"{person.address}&account={seed.SELLER}", data={"answer": "connect"}, timeout=10)
    assert "Choisissez le compte" in page.text


def test_a_wrong_code_by_sms_is_refused(world: RunningSandbox) -> None:
    address = f"{world.url}/verify/{seed.SELLER}"
    requests.post(address, data={"phone": "06 12 34 56 78"}, timeout=10)
    answer = requests.post(address, data={"code": "not it"}, timeout=10)
    assert (answer.status_code, "Ce code n’est pas le bon." in answer.text) == (422, True)


def test_no_means_no(world: RunningSandbox, platform: stripe.StripeClient) -> None:
    person = Person(world, platform)
    told = person.answer(person.choose("Atelier Lumen"), "cancel")
    assert (told["error"], told["state"]) == (["access_denied"], ["xyz"])


def test_a_code_works_once(world: RunningSandbox, platform: stripe.StripeClient) -> None:
    person = Person(world, platform)
    code = person.answer(person.choose("Atelier Lumen"), "connect")["code"][0]
    platform.oauth.token({"grant_type": "authorization_code", "code": code})
    with pytest.raises(stripe.oauth_error.InvalidGrantError):
        platform.oauth.token({"grant_type": "authorization_code", "code": code})


def test_a_code_is_worth_nothing_to_another_account(
    world: RunningSandbox, platform: stripe.StripeClient, client: Client
) -> None:
    person = Person(world, platform)
    code = person.answer(person.choose("Atelier Lumen"), "connect")["code"][0]
    with pytest.raises(stripe.oauth_error.InvalidGrantError):
        client(seed.SELLER_SECRET_KEY).oauth.token({"grant_type": "authorization_code", "code": code})


def test_the_way_back_is_on_this_machine(world: RunningSandbox) -> None:
    address = f"{world.url}/oauth/authorize?client_id={seed.PLATFORM_CLIENT_ID}&redirect_uri=https://evil.example"
    assert requests.get(address, timeout=10).status_code == 400


def test_a_platform_hears_the_events_of_its_accounts(
    world: RunningSandbox, platform: stripe.StripeClient, receiver: Receiver
) -> None:
    connect(world, platform)
    made = platform.v1.webhook_endpoints.create(
        {"url": receiver.url, "enabled_events": ["charge.succeeded"], "connect": True}
    )
    session = platform.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": BACK,
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {"currency": "eur", "unit_amount": 1000, "product_data": {"name": "F1"}},
                }
            ],
        },
        {"stripe_account": seed.SELLER},
    )
    press_pay(str(session.url))
    world.deliver()
    event = receiver.received[0].verified(str(made.secret))
    assert event["account"] == seed.SELLER
    assert event["data"]["object"]["application"] == seed.PLATFORM_CLIENT_ID


def test_an_accounts_own_endpoint_names_no_account(
    world: RunningSandbox, shop: stripe.StripeClient, receiver: Receiver
) -> None:
    made = shop.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["charge.succeeded"]})
    press_pay(session_of(shop).url)
    world.deliver()
    assert "account" not in receiver.received[0].verified(str(made.secret))


def test_deauthorize_ends_it_and_is_announced(
    world: RunningSandbox, platform: stripe.StripeClient, receiver: Receiver
) -> None:
    token = connect(world, platform)
    made = platform.v1.webhook_endpoints.create(
        {"url": receiver.url, "enabled_events": ["account.application.deauthorized"], "connect": True}
    )
    platform.oauth.deauthorize({"stripe_user_id": seed.SELLER})
    world.deliver()
    assert receiver.received[0].verified(str(made.secret))["account"] == seed.SELLER
    with pytest.raises(stripe.PermissionError):
        platform.v1.customers.list(None, {"stripe_account": seed.SELLER})
    answer = requests.get(
        f"{world.url}/v1/account", headers={"Authorization": f"Bearer {token.access_token}"}, timeout=10
    )
    assert answer.status_code == 401
