"""The way in, common to every page: signed in, a company, a second factor, a right."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from reglo.companies.models import Company, Membership, User
from reglo.companies.services import remove_member
from reglo.dashboard.accounts import SecondFactorAdapter
from reglo.ports import clock as clock_port
from tests.dashboard.conftest import SignIn
from tests.factories import make_company


def add_second_factor(user: User, kind: str = Authenticator.Type.TOTP) -> Authenticator:
    return Authenticator.objects.create(user=user, type=kind, data={"secret": "sealed"})


def test_nobody_comes_back_to_the_page_they_wanted(client: Client, db: None):
    answer = client.get("/factures/?q=lumen")

    target = urlsplit(answer.headers["Location"])
    assert target.path == "/compte/connexion/"
    assert parse_qs(target.query) == {"next": ["/factures/?q=lumen"]}


def test_a_fragment_sends_the_whole_page_to_sign_in(client: Client, db: None):
    answer = client.get(
        "/factures/", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost:8000/clients/?p=2"}
    )

    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == "/compte/connexion/?next=%2Fclients%2F%3Fp%3D2"


@pytest.mark.parametrize("address", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)"])
def test_the_switcher_sends_nobody_elsewhere(browser: Client, company: Company, address: str):
    answer = browser.post("/entreprises/", {"company": company.pk, "next": address})

    assert answer.headers["Location"] == "/"


def test_a_real_company_asks_for_a_second_factor(alice: User, sign_in: SignIn):
    make_company(owner=alice, practice=False)
    browser = sign_in(alice)

    assert browser.get("/clients/").headers["Location"] == "/compte/double-authentification/?next=%2Fclients%2F"
    assert browser.post("/clients/nouveau/", {"name": "X"}).status_code == 302

    add_second_factor(alice)
    assert browser.get("/clients/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(alice: User, sign_in: SignIn):
    make_company(owner=alice, practice=False)
    add_second_factor(alice, Authenticator.Type.RECOVERY_CODES)

    assert sign_in(alice).get("/").headers["Location"].startswith("/compte/double-authentification/")


def test_a_practice_company_does_not(browser: Client):
    assert browser.get("/clients/").status_code == 200


def test_once_there_the_person_goes_on_to_where_they_were_going(alice: User, sign_in: SignIn):
    make_company(owner=alice, practice=False)
    browser = sign_in(alice)
    browser.get("/compte/double-authentification/?next=/bienvenue/banque/")
    add_second_factor(alice)

    assert browser.get("/compte/double-authentification/").headers["Location"] == "/bienvenue/banque/"


def test_the_last_second_factor_stays_while_the_company_is_real(alice: User, company: Company):
    first = add_second_factor(alice)
    allowed = SecondFactorAdapter().can_delete_authenticator

    assert allowed(first), "a practice company does not need it"
    make_company(owner=alice, practice=False, name="Réelle")
    assert not allowed(first)
    add_second_factor(alice, Authenticator.Type.WEBAUTHN)
    assert allowed(first)


def test_second_factors_are_sealed_at_rest():
    sealed = SecondFactorAdapter().encrypt("JBSWY3DPEHPK3PXP")

    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert SecondFactorAdapter().decrypt(sealed) == "JBSWY3DPEHPK3PXP"


def test_two_companies_are_chosen_between(alice: User, company: Company, sign_in: SignIn):
    other = make_company(owner=alice, name="Atelier d’essai")
    browser = sign_in(alice)
    assert browser.get("/clients/").headers["Location"] == "/entreprises/?next=%2Fclients%2F"

    answer = browser.post("/entreprises/", {"company": other.pk, "next": "/clients/"})

    assert answer.headers["Location"] == "/clients/"
    assert "Atelier d’essai" in browser.get("/clients/").content.decode()


def test_another_s_company_cannot_be_chosen(browser: Client, mallory: User, company: Company):
    theirs = mallory.memberships.get().company

    assert browser.post("/entreprises/", {"company": theirs.pk}).status_code == 404
    assert "Ailleurs" not in browser.get("/").content.decode()


def test_a_removed_person_s_open_session_sees_nothing_any_more(
    company: Company, alice: User, bob: User, sign_in: SignIn
):
    browser = sign_in(bob)
    assert browser.get("/comptabilite/").status_code == 200

    remove_member(
        company_id=company.pk, membership_id=Membership.objects.get(user=bob).pk, actor_id=alice.pk,
        now=clock_port.now(),
    )  # fmt: skip

    assert browser.get("/comptabilite/").headers["Location"] == "/entreprises/nouvelle/"
    refused = browser.get("/entreprises/nouvelle/")
    assert refused.status_code == 403
    assert "aucune entreprise" in refused.content.decode()


def test_a_closed_account_s_session_is_nobody(browser: Client, alice: User):
    User.objects.filter(pk=alice.pk).update(is_active=False)

    assert browser.get("/").headers["Location"].startswith("/compte/connexion/")


def test_a_missing_right_is_a_sentence(company: Company, david: User, sign_in: SignIn):
    answer = sign_in(david).get("/configuration/banque/")

    assert answer.status_code == 403
    assert "Demandez-la à un gérant" in answer.content.decode()
    assert company.iban not in answer.content.decode()


def test_pages_run_in_the_time_zone_of_the_company(alice: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch):
    make_company(owner=alice, time_zone="Indian/Reunion")
    zones: list[str] = []

    def render(*args: object) -> HttpResponse:
        zones.append(timezone.get_current_timezone_name())
        return HttpResponse()

    monkeypatch.setattr("reglo.dashboard.views.settings.index.render", render)
    sign_in(alice).get("/configuration/")

    assert zones == ["Indian/Reunion"]
    assert timezone.get_current_timezone_name() == "UTC"
