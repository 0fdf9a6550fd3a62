"""An invitation's link, from the first person's to a colleague's."""

import re

import pytest
from django.test import Client

from reglo.companies.models import Company, Invitation, Membership, User
from reglo.companies.services import invite_first_owner, invite_member
from reglo.companies.states import Role
from reglo.ports import clock as clock_port
from tests.dashboard.conftest import SignIn
from tests.factories import make_user
from tests.harness.rows import nothing_written

PASSWORD = "une longue phrase de passe"


@pytest.fixture
def link(company: Company, alice: User) -> str:
    _invitation, token = invite_member(
        company_id=company.pk, actor_id=alice.pk, email="erin@example.test", role=Role.MEMBER, now=clock_port.now()
    )
    return f"/invitation/{token}/"


def typed(**fields: str) -> dict[str, str]:
    return {"name": "Erin Colas", "email": "erin@example.test", "password": PASSWORD, "with": "password", **fields}


def words(answer: object) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_opening_shows_what_is_offered_and_consumes_nothing(client: Client, link: str):
    for _ in range(2):
        answer = client.get(link)
        assert answer.status_code == 200
        assert "Rejoindre Atelier Lumen" in words(answer)
        assert "no-store" in answer.headers["Cache-Control"]


def test_a_newcomer_is_in_with_one_form(client: Client, link: str, company: Company):
    answer = client.post(link, typed())

    assert answer.headers["Location"] == "/"
    assert client.get("/clients/").status_code == 200
    assert Membership.objects.get(user__email="erin@example.test").role == Role.MEMBER


def test_without_password_the_next_page_adds_a_passkey(client: Client, link: str):
    answer = client.post(link, typed(**{"with": "passkey", "password": ""}))

    assert answer.headers["Location"] == "/compte/securite/cles/ajouter/"
    assert client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"password": "quatorze signe"}, "au minimum 15 caractères"),
        ({"password": "passwordpassword"}, "se devine"),
        ({"password": ""}, "Choisissez un mot de passe"),
        ({"name": ""}, "Indiquez votre nom"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_created(client: Client, link: str, fields: dict[str, str], sentence: str):
    answer = client.post(link, typed(**fields))

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert not User.objects.filter(email="erin@example.test").exists()


def test_who_has_an_account_signs_in_first(client: Client, link: str):
    User.objects.create_user("erin@example.test", PASSWORD)

    answer = client.post(link, typed(password="a password that an attacker chose"))

    assert "Un compte existe déjà" in words(answer)
    assert User.objects.get(email="erin@example.test").check_password(PASSWORD)
    assert not Membership.objects.filter(user__email="erin@example.test").exists()


def test_somebody_signed_in_accepts_with_one_button(link: str, sign_in: SignIn, company: Company):
    erin = make_user("erin@example.test", name="Erin")
    browser = sign_in(erin)
    assert "Accepter en tant que Erin" in words(browser.get(link))
    assert not company.memberships.filter(user=erin).exists()

    browser.post(link)

    assert company.memberships.get(user=erin).role == Role.MEMBER
    assert "Atelier Lumen" in words(browser.get("/"))


def test_another_account_learns_for_whom_it_is_and_nothing_is_written(
    link: str, mallory: User, sign_in: SignIn, company: Company
):
    browser = sign_in(mallory)

    with nothing_written():
        shown, tried = browser.get(link), browser.post(link)

    for answer in (shown, tried):
        assert answer.status_code == 403
        assert "Cette invitation est pour erin@example.test" in words(answer)
        assert f"connecté avec {mallory.email}" in words(answer)

    signed_out = browser.post("/compte/deconnexion/", {"next": link})

    assert signed_out.headers["Location"] == link
    assert "Erin" not in words(browser.get(link))
    assert browser.post(link, typed()).headers["Location"] == "/"


@pytest.mark.parametrize("token", ["a" * 43, "x", "😀"])
def test_an_unknown_link_says_what_to_do(client: Client, db: None, token: str):
    answer = client.get(f"/invitation/{token}/")

    assert answer.status_code == 410
    assert "Demandez-en une nouvelle" in words(answer)


def test_a_used_link_is_gone(client: Client, link: str):
    client.post(link, typed())

    assert Client().get(link).status_code == 410
    assert Client().post(link, typed(email="other@example.test")).status_code == 410


def test_the_first_person_creates_the_account_then_the_company(client: Client, db: None):
    _invitation, token = invite_first_owner(now=clock_port.now())

    answer = client.post(f"/invitation/{token}/", typed(email="camille@lumen.test"))

    assert answer.headers["Location"] == "/entreprises/nouvelle/"
    assert "Votre entreprise" in words(client.get("/entreprises/nouvelle/"))
    assert Invitation.objects.get().accepted_at == clock_port.now()
