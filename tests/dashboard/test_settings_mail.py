from typing import Any

import pytest
from django.core import mail
from django.test import Client

from reglo.companies.models import Company, User
from reglo.delivery.models import MailSettings
from tests.dashboard.conftest import SignIn

PAGE = "/configuration/e-mail/"


def typed(**fields: str) -> dict[str, Any]:
    return {
        "host": "smtp.exemple.test",
        "port": "587",
        "security": "starttls",
        "username": "lumen",
        "password": "un secret",
        "from_address": "factures@atelier-lumen.test",
        "from_name": "Atelier Lumen",
        **fields,
    }


def test_server_is_saved_and_its_password_never_shown(browser: Client, company: Company) -> None:
    assert browser.post(PAGE, typed())["Location"] == PAGE
    saved = MailSettings.objects.get()
    assert (saved.company, saved.host, saved.open_password()) == (company, "smtp.exemple.test", "un secret")
    assert "un secret" not in browser.get(PAGE).content.decode()

    browser.post(PAGE, typed(password="", from_name="Lumen"))
    saved.refresh_from_db()
    assert (saved.from_name, saved.open_password()) == ("Lumen", "un secret")


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"host": "smtp exemple"}, "host", "Indiquez le nom du serveur"),
        ({"port": "99999"}, "port", "65535"),
        ({"from_address": "moi"}, "from_address", "Indiquez une adresse e-mail"),
        ({"security": "none"}, "security", "le mot de passe voyagerait en clair"),
    ],
)
def test_wrong_server_is_refused_at_its_field(
    browser: Client, fields: dict[str, str], field: str, sentence: str
) -> None:
    answer = browser.post(PAGE, typed(**fields))
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field][0]
    assert not MailSettings.objects.exists()


def test_test_mail_goes_to_oneself(browser: Client) -> None:
    browser.post(PAGE, typed())
    answer = browser.post(f"{PAGE}essai/", follow=True)
    assert mail.outbox[0].to == ["alice@atelier-lumen.test"]
    assert "Essai envoyé à alice@atelier-lumen.test." in answer.content.decode()
    assert MailSettings.objects.get().tested_at is not None


def test_test_mail_without_a_server_is_refused(browser: Client) -> None:
    answer = browser.post(f"{PAGE}essai/")
    assert answer.status_code == 409
    assert "Aucun serveur d’envoi" in answer.content.decode()


def test_only_owners_set_the_server(company: Company, david: User, bob: User, sign_in: SignIn) -> None:
    for person in (david, bob):
        assert sign_in(person).get(PAGE).status_code == 403
        assert sign_in(person).post(PAGE, typed()).status_code == 403
    assert not MailSettings.objects.exists()
