import re
from typing import Any

import pytest
from django.test import Client

from reglo.companies.models import Company, User
from reglo.companies.services import invite_first_owner, join_by_invitation
from reglo.ports import clock as clock_port
from tests.dashboard.conftest import SignIn

PAGE = "/entreprises/nouvelle/"


@pytest.fixture
def first(db: None, sign_in: SignIn) -> Client:
    """The browser of who took the link of `reglo setup`."""
    _invitation, token = invite_first_owner(now=clock_port.now())
    person = join_by_invitation(
        token=token, name="Camille", email="camille@lumen.test", password=None, now=clock_port.now()
    )
    return sign_in(person)


def typed(**fields: str) -> dict[str, str]:
    return {
        "practice_choice": "real",
        "name": "Atelier Lumen",
        "legal_form": "ei",
        "siren": "732 829 320",
        "address": "12 rue des Carmes",
        "address_more": "",
        "postal_code": "69001",
        "city": "Lyon",
        "email": "bonjour@lumen.test",
        "vat_regime": "monthly",
        "time_zone": "Europe/Paris",
        **fields,
    }


def test_a_real_company_with_its_vat_number(first: Client):
    answer = first.post(PAGE, typed())

    assert answer.headers["Location"] == "/bienvenue/banque/"
    company = Company.objects.get()
    assert (company.practice, company.siren, company.vat_number) == (False, "732829320", "FR44732829320")


def test_a_practice_company_needs_but_a_name(first: Client):
    first.post(PAGE, typed(practice_choice="practice", siren="", address="", postal_code="", city="", email=""))

    company = Company.objects.get()
    assert (company.practice, company.name, company.vat_number) == (True, "Atelier Lumen", "")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"siren": ""}, "Indiquez votre SIREN"),
        ({"siren": "123456789"}, "Ce numéro n’est pas un SIREN"),
        ({"address": ""}, "Indiquez votre adresse"),
        ({"practice_choice": ""}, "Choisissez l’essai ou le réel"),
        ({"name": "Atelier 😀"}, "Retirez ce que nous ne savons pas imprimer"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"practice_choice": "practice", "siren": "1"}, "Ce numéro n’est pas un SIREN"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(first: Client, fields: dict[str, str], sentence: str):
    answer = first.post(PAGE, typed(**fields))

    assert answer.status_code == 422
    assert sentence in re.sub(r"\s+", " ", answer.content.decode())
    assert not Company.objects.exists()


def test_a_simulation_refuses_a_real_company(first: Client, settings: Any):
    settings.SIMULATION = True

    answer = first.post(PAGE, typed())

    assert answer.status_code == 422
    assert "que des entreprises d’essai" in answer.content.decode()
    assert not Company.objects.exists()


def test_who_may_not_found_is_told_so(company: Company, david: User, sign_in: SignIn):
    browser = sign_in(david)

    for answer in (browser.get(PAGE), browser.post(PAGE, typed())):
        assert answer.status_code == 403
        assert "Seul un gérant le peut" in answer.content.decode()
    assert Company.objects.count() == 1


def test_the_steps_after_it_can_each_wait(first: Client):
    first.post(PAGE, typed(practice_choice="practice"))

    first.post("/bienvenue/banque/", {"iban": "FR76 3000 6000 0112 3456 7890 189"})
    assert Company.objects.get().iban == "FR7630006000011234567890189"
    for slug, after in (("banque", "logo"), ("logo", "comptes"), ("comptes", "reception")):
        assert f'href="/bienvenue/{after}/"' in first.get(f"/bienvenue/{slug}/").content.decode()
    last = first.get("/bienvenue/reception/").content.decode()
    assert "Réglo n’est pas une plateforme agréée" in last
    assert "1er septembre 2026" in last
    assert "Rappelez-le-moi" in last
    assert first.get("/bienvenue/ailleurs/").status_code == 404
