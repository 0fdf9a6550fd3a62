from io import StringIO

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client

from reglo.companies.models import Company, User
from reglo.events.kinds import Kind
from reglo.events.models import Event
from tests.factories import make_company
from tests.harness.rows import nothing_written

PASSWORD = "une longue phrase de passe"


def reset(email: str) -> str:
    said = StringIO()
    call_command("reset_second_factor", email, stdout=said)
    return said.getvalue()


@pytest.fixture
def alice(alice: User) -> User:
    alice.set_password(PASSWORD)
    alice.save()
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=alice, type=kind, data={"secret": get_adapter().encrypt("JBSWY3DPEHPK3PXP")})
    return alice


def enter(email: str) -> Client:
    browser = Client()
    browser.post("/compte/connexion/", {"login": email, "password": PASSWORD})
    return browser


def test_the_password_alone_opens_again_and_a_new_proof_is_asked(alice: User):
    make_company(owner=alice, practice=False)
    assert enter(alice.email).get("/").headers["Location"].startswith("/compte/connexion/")

    said = reset("Alice@Atelier-Lumen.test")

    assert "est oubliée" in said
    assert not Authenticator.objects.filter(user=alice).exists()
    assert enter(alice.email).get("/").headers["Location"].startswith("/compte/double-authentification/")


def test_their_sessions_end_and_those_of_others_stay(alice: User, bob: User, company: Company):
    lost, other = Client(), Client()
    lost.force_login(alice)
    other.force_login(bob)

    reset(alice.email)

    assert lost.get("/").status_code == 302
    assert other.get("/").status_code == 200


def test_their_companies_keep_the_trace(alice: User, company: Company):
    reset(alice.email)

    event = Event.objects.get(kind=Kind.MEMBER_FACTOR_RESET)
    assert (event.company, event.actor) == (company, None)


@pytest.mark.parametrize(
    ("email", "sentence"), [("nobody@example.test", "Aucun compte"), ("bob@cabinet.test", "rien à oublier")]
)
def test_nothing_to_forget_is_said(alice: User, bob: User, company: Company, email: str, sentence: str):
    with nothing_written(), pytest.raises(CommandError, match=sentence):
        reset(bob.email if email.startswith("bob") else email)
