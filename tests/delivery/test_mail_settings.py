import smtplib
import socket
import ssl
from dataclasses import replace
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from reglo.companies.models import Company
from reglo.delivery.models import MailSettings
from reglo.delivery.services import (
    MailNotConfigured,
    MailNotSent,
    MailSettingsInput,
    MailSettingsRefused,
    save_mail_settings,
    try_mail_settings,
)
from reglo.delivery.smtp import connect
from reglo.delivery.states import Security
from reglo.events.models import EventContent
from reglo.ports import clock

TYPED = MailSettingsInput(
    host="smtp.exemple.test",
    port=587,
    security=Security.STARTTLS,
    username="lumen",
    password="un mot de passe",
    from_address="factures@exemple.test",
    from_name="Atelier Lumen",
)


def save(company: Company, typed: MailSettingsInput = TYPED) -> MailSettings:
    return save_mail_settings(company_id=company.id, typed=typed, actor_id=None, now=clock.now())


def test_the_password_is_encrypted_and_told_nowhere(company: Company) -> None:
    save(company)
    stored = MailSettings.objects.get()
    assert stored.open_password() == "un mot de passe"
    assert "un mot de passe" not in str(MailSettings.objects.values())
    assert "un mot de passe" not in str(list(EventContent.objects.values()))


def test_a_password_left_empty_is_kept_for_the_same_server(company: Company) -> None:
    save(company)
    saved = save(company, replace(TYPED, password=None, from_name="Lumen"))
    assert (saved.open_password(), saved.from_name) == ("un mot de passe", "Lumen")


@pytest.mark.parametrize(
    "typed",
    [
        replace(TYPED, password=None, host="smtp.ailleurs.test"),
        replace(TYPED, password=None, username="autre"),
        replace(TYPED, password=None, security=Security.NONE),
    ],
)
def test_a_kept_password_does_not_follow_to_another_server(company: Company, typed: MailSettingsInput) -> None:
    save(company)
    before = MailSettings.objects.values().get()
    with pytest.raises(MailSettingsRefused) as refusal:
        save(company, typed)
    assert refusal.value.field == "password"
    assert MailSettings.objects.values().get() == before


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (replace(TYPED, host=" "), "host"),
        (replace(TYPED, host="https://smtp.exemple.test"), "host"),
        (replace(TYPED, host="smtp exemple"), "host"),
        (replace(TYPED, port=0), "port"),
        (replace(TYPED, port=70000), "port"),
        (replace(TYPED, from_address="factures"), "from_address"),
        (replace(TYPED, from_name="Lumen\r\nBcc: x@evil.test"), "from_name"),
        (replace(TYPED, username="a\nb"), "username"),
        (replace(TYPED, security=Security.NONE), "security"),
    ],
)
def test_what_is_refused_is_not_saved(company: Company, typed: MailSettingsInput, field: str) -> None:
    with pytest.raises(MailSettingsRefused) as refusal:
        save(company, typed)
    assert refusal.value.field == field
    assert not MailSettings.objects.exists()


@pytest.mark.parametrize(
    ("host", "port", "field", "words"),
    [
        ("127.0.0.1", 25, "host", "est une adresse du réseau interne"),
        ("localhost", 587, "host", "est une adresse du réseau interne"),
        ("LOCALHOST.", 587, "host", "est une adresse du réseau interne"),
        ("169.254.169.254", 25, "host", "est une adresse du réseau interne"),
        ("[::1]", 587, "host", "est une adresse du réseau interne"),
        ("::ffff:10.0.0.1", 587, "host", "est une adresse du réseau interne"),
        ("smtp.exemple.test", 5432, "port", "Le port 5432 n’est pas un port d’envoi"),
        ("smtp.exemple.test", 22, "port", "Le port 22 n’est pas un port d’envoi"),
    ],
)
def test_an_inside_address_and_a_port_of_something_else_are_refused(
    company: Company, host: str, port: int, field: str, words: str
) -> None:
    with pytest.raises(MailSettingsRefused) as refusal:
        save(company, replace(TYPED, host=host, port=port))
    assert refusal.value.field == field
    assert words in str(refusal.value)
    assert not MailSettings.objects.exists()


def test_a_server_on_this_machine_needs_no_encryption(company: Company, settings: Any) -> None:
    settings.INTERNAL_MAIL_SERVERS = frozenset({"127.0.0.1"})
    saved = save(company, replace(TYPED, host="127.0.0.1", port=2525, security=Security.NONE))
    assert saved.security == Security.NONE


def test_the_connection_is_made_as_set(company: Company, settings: Any) -> None:
    settings.EMAIL_BACKEND = "reglo.delivery.mail_servers.CheckedBackend"
    made = connect(save(company))
    assert {name: getattr(made, name) for name in ("host", "port", "username", "password", "use_tls", "use_ssl")} == {
        "host": "smtp.exemple.test",
        "port": 587,
        "username": "lumen",
        "password": "un mot de passe",
        "use_tls": True,
        "use_ssl": False,
    }


def test_a_test_mail_reaches_the_person_and_is_noted(company: Company) -> None:
    save(company)
    try_mail_settings(company_id=company.id, to="alice@atelier-lumen.test", now=clock.now())
    (left,) = mail.outbox
    assert (left.to, left.subject) == (["alice@atelier-lumen.test"], "Essai d’envoi – Atelier Lumen")
    assert MailSettings.objects.get().tested_at == clock.now()
    assert save(company).tested_at is None


@pytest.mark.parametrize(
    ("error", "field", "words"),
    [
        (socket.gaierror(-2, "x"), "host", "Le serveur « smtp.exemple.test » est introuvable. Vérifiez son nom."),
        (ConnectionRefusedError(), "port", "ne répond pas sur le port 587. Vérifiez le port."),
        (TimeoutError(), "port", "ne répond pas sur le port 587. Vérifiez le port et le chiffrement."),
        (smtplib.SMTPAuthenticationError(535, b"no"), "sealed_password", "refuse cet identifiant ou ce mot de passe"),
        (ssl.SSLError(1, "WRONG_VERSION_NUMBER"), "security", "essayez STARTTLS (587) ou TLS (465)"),
        (ssl.SSLCertVerificationError(1, "x"), "host", "n’est pas valable : la connexion ne serait pas sûre."),
        (smtplib.SMTPServerDisconnected("x"), "security", "a fermé la connexion"),
        (smtplib.SMTPNotSupportedError("x"), "security", "n’accepte pas ce chiffrement"),
        (smtplib.SMTPSenderRefused(553, b"x", "f@exemple.test"), "from_address", "« f@exemple.test »"),
        (smtplib.SMTPDataError(552, b"Too big"), None, "Le serveur a répondu « 552 Too big »."),
        (OSError("x"), "host", "La connexion au serveur « smtp.exemple.test » a échoué."),
    ],
)
def test_each_error_is_a_sentence_beside_its_field(
    company: Company, monkeypatch: pytest.MonkeyPatch, error: Exception, field: str | None, words: str
) -> None:
    save(company)

    def fail(self: EmailBackend, messages: object) -> int:
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    with pytest.raises(MailNotSent) as refusal:
        try_mail_settings(company_id=company.id, to="alice@atelier-lumen.test", now=clock.now())
    assert refusal.value.field == field
    assert words in str(refusal.value)
    assert MailSettings.objects.get().tested_at is None


def test_without_settings_there_is_nothing_to_try(company: Company) -> None:
    with pytest.raises(MailNotConfigured):
        try_mail_settings(company_id=company.id, to="alice@atelier-lumen.test", now=clock.now())


def test_a_name_pasted_with_its_line_breaks_begins_no_header(company: Company) -> None:
    Company.objects.filter(pk=company.pk).update(name="Atelier\r\nBcc: tous@mal.test\u2028Lumen")
    save(company, replace(TYPED, from_name=""))
    try_mail_settings(company_id=company.id, to="alice@atelier-lumen.test", now=clock.now())
    (sent,) = mail.outbox
    assert sent.subject == "Essai d’envoi – Atelier Bcc: tous@mal.test Lumen"
    assert sent.from_email == '"Atelier Bcc: tous@mal.test Lumen" <factures@exemple.test>'
    assert sent.message()["Bcc"] is None
    assert sent.recipients() == ["alice@atelier-lumen.test"]
