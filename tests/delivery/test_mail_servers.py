"""Who is dialled, when the name that a person typed leads inside."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from reglo.companies.models import Company
from reglo.delivery.mail_servers import CheckedBackend, NotAMailServer, dial
from reglo.delivery.models import MailSettings
from reglo.delivery.services import MailNotSent, MailSettingsInput, save_mail_settings, try_mail_settings
from reglo.delivery.states import Security
from reglo.ports import clock, dns, tcp


def test_a_public_name_that_leads_inside_is_not_dialled(monkeypatch: pytest.MonkeyPatch):
    dialled: list[object] = []
    monkeypatch.setattr(tcp, "connect", lambda addresses, port, *, timeout: dialled.append(addresses))

    with (
        dns.use(lambda name: [ip_address("93.184.215.14"), ip_address("10.0.0.5")]),
        pytest.raises(NotAMailServer, match="réseau interne"),
    ):
        dial("smtp.exemple.test", 587, 1)

    assert dialled == []


def test_the_address_dialled_is_the_one_that_was_judged(monkeypatch: pytest.MonkeyPatch):
    answers = iter([[ip_address("93.184.215.14")], [ip_address("127.0.0.1")]])
    dialled: list[object] = []
    monkeypatch.setattr(tcp, "connect", lambda addresses, port, *, timeout: dialled.append((addresses, port)))

    with dns.use(lambda name: next(answers)):
        dial("smtp.exemple.test", 587, 1)

    assert dialled == [([ip_address("93.184.215.14")], 587)]


@pytest.mark.parametrize(
    ("opened", "port", "allowed"),
    [
        ("relais.interne", 25, True),
        ("relais.interne", 5432, False),
        ("relais.interne:2500", 2500, True),
        ("", 25, False),
    ],
)
def test_the_installation_opens_a_relay_of_its_own(
    settings: Any, monkeypatch: pytest.MonkeyPatch, opened: str, port: int, allowed: bool
):
    settings.INTERNAL_MAIL_SERVERS = frozenset({opened} - {""})
    dialled: list[object] = []
    monkeypatch.setattr(tcp, "connect", lambda addresses, port, *, timeout: dialled.append(port))

    with dns.use(lambda name: [ip_address("10.0.0.5")]):
        try:
            dial("Relais.Interne", port, 1)
        except NotAMailServer:
            assert not allowed

    assert dialled == ([port] if allowed else [])


def test_the_trial_says_why_beside_the_server(company: Company, settings: Any):
    settings.EMAIL_BACKEND = "reglo.delivery.mail_servers.CheckedBackend"
    save(company, "smtp.exemple.test", 587)

    with dns.use(lambda name: [ip_address("127.0.0.1")]), pytest.raises(MailNotSent) as refusal:
        try_mail_settings(company_id=company.id, to="alice@atelier-lumen.test", now=clock.now())

    assert refusal.value.field == "host"
    assert "«\u00a0smtp.exemple.test\u00a0» est une adresse du réseau interne" in str(refusal.value)


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
@pytest.mark.parametrize(
    ("certified", "accepted"), [("relais.interne", True), ("127.0.0.1", False), ("autre.interne", False)]
)
def test_tls_is_verified_against_the_name(
    tmp_path: Path, settings: Any, security: Security, certified: str, accepted: bool
):
    authority = certificate(tmp_path, certified)
    with smtp_server(tmp_path, starttls=security == Security.STARTTLS) as port:
        settings.INTERNAL_MAIL_SERVERS = frozenset({f"relais.interne:{port}"})
        starttls = security == Security.STARTTLS
        backend = CheckedBackend(host="relais.interne", port=port, use_ssl=not starttls, use_tls=starttls, timeout=5)
        backend.ssl_context = ssl.create_default_context(cafile=str(authority))
        with dns.use(lambda name: [ip_address("127.0.0.1")]):
            if accepted:
                assert backend.open()
            else:
                with pytest.raises(ssl.SSLCertVerificationError):
                    backend.open()
        backend.close()


def save(company: Company, host: str, port: int) -> MailSettings:
    typed = MailSettingsInput(
        host=host,
        port=port,
        security=Security.STARTTLS,
        username="",
        password=None,
        from_address="factures@exemple.test",
    )
    return save_mail_settings(company_id=company.id, typed=typed, actor_id=None, now=clock.now())


def certificate(directory: Path, name: str) -> Path:
    """A certificate for `name` that signs itself, with its key beside."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (directory / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (directory / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return directory / "certificate.pem"


@contextmanager
def smtp_server(directory: Path, *, starttls: bool) -> Iterator[int]:
    """Greets one visitor, under TLS from the start or after STARTTLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "certificate.pem", directory / "key.pem")

    def serve(server: socket.socket) -> None:
        plain, _address = server.accept()
        try:
            connection = plain if starttls else context.wrap_socket(plain, server_side=True)
            connection.sendall(b"220 relais\r\n")
            while word := connection.recv(1000):
                if word.upper().startswith(b"STARTTLS"):
                    connection.sendall(b"220 go\r\n")
                    connection = context.wrap_socket(connection, server_side=True)
                    continue
                connection.sendall(
                    b"250-relais\r\n250 STARTTLS\r\n" if word.upper().startswith(b"EHLO") else b"221 bye\r\n"
                )
        except OSError:
            pass  # the visitor refused our certificate
        finally:
            plain.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=[server], daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(5)
