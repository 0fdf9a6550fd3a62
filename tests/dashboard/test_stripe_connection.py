"""*Devis & Factures*: the switch, the three screens to a key, the connection by a click, and its end."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.http import HttpResponse
from django.test import Client

from reglo.companies.models import Company, User
from reglo.payments.models import Endpoint, ProviderAccount
from reglo.payments.providers.stripe.key_page import RIGHTS, key_page_url
from reglo.payments.providers.stripe.permissions import PROBES
from reglo.payments.states import AccountState
from sandbox.stripe import seed
from tests.dashboard.conftest import SignIn
from tests.factories import make_company
from tests.harness.stripe_world import LIVE_KEY, RESTRICTED_KEY, SELLER, StripeWorld
from tests.payments.conftest import account, running, stripe, world  # noqa: F401 (fixtures)

PAGE, PASTE = "/configuration/devis-factures/", "/configuration/stripe/coller/"


def words(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def page(browser: Client) -> str:
    return words(browser.get(PAGE))


@pytest.fixture
def pasted(browser: Client, stripe: StripeWorld) -> ProviderAccount:  # noqa: F811 (the fixture)
    browser.post(PASTE, {"key": f" {RESTRICTED_KEY}\n"})
    return ProviderAccount.objects.get()


def test_the_switch_and_the_limit_are_saved_and_undone(browser: Client, company: Company):
    browser.post(PAGE, {"card_payments": "on", "card_limit": "2 000,50"})
    company.refresh_from_db()
    assert (company.card_payments, company.card_limit_minor) == (True, 200_050)

    undo = re.search(r'action="(/configuration/annuler/\d+/[^"]*)"', browser.get(PAGE).content.decode())
    assert undo
    browser.post(undo[1])
    company.refresh_from_db()
    assert (company.card_payments, company.card_limit_minor) == (False, None)


def test_without_account_one_thing_is_to_do(browser: Client):
    assert "Aucun compte Stripe n’est relié" in page(browser)
    assert page(browser).count("Se connecter à Stripe") == 1


def test_the_link_to_the_key_page_names_every_right_that_is_probed():
    fields = parse_qs(urlsplit(key_page_url("https://dashboard.stripe.com", live=True)).query)

    assert [value for name, (value,) in fields.items() if name.startswith("permissions[")] == list(RIGHTS)
    assert {f"rak_{name}" for name, *_rest in PROBES} < set(RIGHTS)


@pytest.mark.parametrize(("practice", "path"), [(True, "/test/apikeys/create"), (False, "/apikeys/create")])
def test_the_link_leads_to_the_right_world(practice: bool, path: str):
    assert urlsplit(key_page_url("https://dashboard.stripe.com", live=not practice)).path == path


def test_a_pasted_key_shows_whose_account_it_is_and_connects_nothing_yet(browser: Client, pasted: ProviderAccount):
    shown = words(browser.get(f"/configuration/stripe/{pasted.id}/"))

    assert "Connecter « Atelier Lumen » ?" in shown
    assert SELLER in shown
    assert "Sessions Checkout : écriture" in shown
    assert pasted.state == AccountState.PENDING
    assert not Endpoint.objects.exists()
    assert "Terminer la connexion" in page(browser)


def test_connecter_makes_the_whole_chain_work(browser: Client, pasted: ProviderAccount):
    answer = browser.post(f"/configuration/stripe/{pasted.id}/")

    assert answer.headers["Location"] == PAGE
    pasted.refresh_from_db()
    assert pasted.state == AccountState.ACTIVE
    assert Endpoint.objects.get().sealed_secret
    assert "Le compte « Atelier Lumen » (simulé) est prêt." in page(browser)


def test_an_account_receives_payments_only_while_the_switch_is_on(browser: Client, pasted: ProviderAccount):
    browser.post(f"/configuration/stripe/{pasted.id}/")
    assert "reçoit vos paiements." not in page(browser)

    browser.post(PAGE, {"card_payments": "on", "card_limit": ""})

    assert "Le compte « Atelier Lumen » (simulé) reçoit vos paiements." in page(browser)


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("", "Collez la clé"),
        (seed.SELLER_SECRET_KEY, "C’est une clé secrète"),
        ("pk_test_123", "C’est une clé publiable"),
        ("rk_test_unknown", "Stripe ne reconnaît pas cette clé"),
        (LIVE_KEY, "Cette clé encaisse de l’argent réel"),
        ("😀", "Ce n’est pas une clé restreinte"),
    ],
)
def test_a_wrong_key_is_explained_kept_nowhere_and_never_sent_back(
    browser: Client,
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    key: str,
    sentence: str,
):
    answer = browser.post(PASTE, {"key": key})

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert not key or key not in words(answer)
    assert not ProviderAccount.objects.exists()


def test_a_test_key_in_a_real_company_is_refused(alice: User, sign_in: SignIn, stripe: StripeWorld, monkeypatch: Any):  # noqa: F811 (the fixture)
    make_company(owner=alice, practice=False)
    monkeypatch.setattr("reglo.dashboard.access.has_second_factor", lambda user: True)

    answer = sign_in(alice).post(PASTE, {"key": RESTRICTED_KEY})

    assert answer.status_code == 422
    assert "Cette clé est une clé de test" in words(answer)


def test_a_missing_permission_is_named_and_nothing_goes_live(browser: Client, stripe: StripeWorld):  # noqa: F811 (the fixture)
    stripe.command(f"keys/{RESTRICTED_KEY}/permissions", remove="rak_event_write")
    browser.post(PASTE, {"key": RESTRICTED_KEY})
    account = ProviderAccount.objects.get()  # noqa: F811 (the fixture)

    answer = browser.post(f"/configuration/stripe/{account.id}/")

    assert answer.status_code == 422
    assert "Il manque à cette clé : « Événements : lecture »" in words(answer)
    account.refresh_from_db()
    assert account.state == AccountState.PENDING


def test_the_check_says_what_stopped_working(browser: Client, account: ProviderAccount, stripe: StripeWorld):  # noqa: F811 (the fixture)
    browser.post(f"/configuration/stripe/{account.id}/verifier/")
    assert "Tout répond" in page(browser)

    stripe.revoke(RESTRICTED_KEY)
    browser.post(f"/configuration/stripe/{account.id}/verifier/")

    shown = page(browser)
    assert "Stripe refuse la clé : elle a été révoquée" in shown
    assert "Reconnecter le compte" in shown


def test_disconnecting_forgets_the_key(browser: Client, account: ProviderAccount):  # noqa: F811 (the fixture)
    browser.post(f"/configuration/stripe/{account.id}/deconnecter/")

    account.refresh_from_db()
    assert (account.state, account.sealed_secrets) == (AccountState.DISCONNECTED, "")
    assert "Aucun compte Stripe n’est relié" in page(browser)


def test_oauth_leaves_with_a_state_of_this_session(browser: Client, stripe: StripeWorld):  # noqa: F811 (the fixture)
    target = urlsplit(browser.get("/configuration/stripe/").headers["Location"])
    asked = parse_qs(target.query)

    assert asked["redirect_uri"] == ["http://localhost:8000/configuration/stripe/retour/"]
    assert asked["state"] == [browser.session["reglo_stripe_state"]]


@pytest.mark.parametrize(
    "query", ["", "?code=ac_1", "?code=ac_1&state=forged", "?code=ac_1&state=%C3%A9", "?code=ac_1&state="]
)
def test_a_return_without_the_state_connects_nothing(browser: Client, stripe: StripeWorld, query: str):  # noqa: F811 (the fixture)
    browser.get("/configuration/stripe/")

    browser.get(f"/configuration/stripe/retour/{query}")

    assert "a été interrompue" in page(browser)
    assert not ProviderAccount.objects.exists()


def test_an_owner_who_says_no_at_stripe_connects_nothing(browser: Client, stripe: StripeWorld):  # noqa: F811 (the fixture)
    browser.get("/configuration/stripe/")
    state = browser.session["reglo_stripe_state"]

    browser.get(f"/configuration/stripe/retour/?error=access_denied&state={state}")

    assert "rien n’est connecté" in page(browser)


def test_a_yes_at_stripe_connects_at_once_and_its_code_serves_once(browser: Client, stripe: StripeWorld):  # noqa: F811 (the fixture)
    asked = browser.get("/configuration/stripe/").headers["Location"]
    answered = requests.post(
        f"{asked}&account={SELLER}",
        data={"answer": "connect"},
        cookies={"sandbox_account": SELLER},
        allow_redirects=False,
        timeout=10,
    ).headers["Location"]

    back = answered.removeprefix("http://localhost:8000")
    assert browser.get(back).headers["Location"] == PAGE
    assert ProviderAccount.objects.get().state == AccountState.ACTIVE
    assert "Le compte « Atelier Lumen » est connecté" in page(browser)

    browser.get(back)
    assert "a été interrompue" in page(browser)
