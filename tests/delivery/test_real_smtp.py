"""Over a real SMTP connection, to a server that shares no code with us."""

from typing import Any

import pytest

from reglo.companies.models import Company
from reglo.delivery.services import (
    MailNotSent,
    MailSettingsInput,
    MailText,
    address_of,
    prepare_message,
    queue_message,
    save_mail_settings,
    try_mail_settings,
)
from reglo.delivery.states import Security
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.ports import clock
from sandbox.mailbox import mails
from sandbox.server import RunningSandbox
from tests.sandbox.conftest import running, world  # noqa: F401 (fixtures)


class AnyPort(frozenset[str]):
    """The sandbox listens on a port of its own choice."""

    def __contains__(self, server: object) -> bool:
        return str(server).startswith("127.0.0.1:")


@pytest.fixture(autouse=True)
def _real_connection(settings: Any) -> None:
    settings.EMAIL_BACKEND = "reglo.delivery.mail_servers.CheckedBackend"
    settings.INTERNAL_MAIL_SERVERS = AnyPort()


def connect_to(company: Company, port: int, security: Security = Security.NONE) -> None:
    typed = MailSettingsInput(
        host="127.0.0.1",
        port=port,
        security=security,
        username="",
        password=None,
        from_address="factures@atelier-lumen.test",
    )
    save_mail_settings(company_id=company.id, typed=typed, actor_id=None, now=clock.now())


def test_the_customer_has_one_mail_with_its_message_id(
    company: Company,
    invoice: Invoice,
    world: RunningSandbox,  # noqa: F811 (the fixture)
) -> None:
    connect_to(company, world.smtp_port)
    message = prepare_message(company_id=company.id, invoice_id=invoice.id, now=clock.now())
    address = address_of(message)
    text = MailText("claire@fontaine.test", message.subject, message.body)
    queue_message(company_id=company.id, message_id=message.id, text=text, actor_id=None, now=clock.now())
    run_until_idle()
    (received,) = mails.every(world.world, to="claire@fontaine.test")
    assert received.header("Subject").strip() == message.subject  # folded before its first word
    assert received.header("Message-ID") == message.message_id
    assert received.links() == [address]
    assert [part.name for part in received.parts()] == [f"facture-{invoice.number}.pdf"]


def test_the_wrong_port_and_the_wrong_encryption_are_told_apart(
    company: Company,
    world: RunningSandbox,  # noqa: F811 (the fixture)
) -> None:
    connect_to(company, 1)
    with pytest.raises(MailNotSent) as refused:
        try_mail_settings(company_id=company.id, to="alice@atelier-lumen.test", now=clock.now())
    assert "ne répond pas sur le port 1." in str(refused.value)
    connect_to(company, world.smtp_port, Security.STARTTLS)
    with pytest.raises(MailNotSent) as refused:
        try_mail_settings(company_id=company.id, to="alice@atelier-lumen.test", now=clock.now())
    assert refused.value.field == "security"
