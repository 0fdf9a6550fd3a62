"""A mail that no server takes is something to do, until another left."""

from typing import Any

import pytest
from django.test import Client

from reglo.delivery.models import MailSettings
from reglo.delivery.services import MailText, prepare_message, queue_message, send_message
from reglo.delivery.states import MessageState
from reglo.invoicing.models import Invoice
from reglo.ports import clock as clock_port
from tests.delivery.conftest import invoice, mail_settings  # noqa: F401 (fixtures)
from tests.delivery.test_send_message import REFUSED, failing
from tests.harness.frozen_clock import FrozenClock


def mail_to(invoice: Invoice, address: str) -> str:  # noqa: F811 (the fixture)
    """The state of a mail sent there."""
    message = prepare_message(company_id=invoice.company_id, invoice_id=invoice.id, now=clock_port.now())
    text = MailText(to=address, subject=message.subject, body=message.body)
    queue_message(company_id=invoice.company_id, message_id=message.id, text=text, actor_id=None, now=clock_port.now())
    send_message(company_id=invoice.company_id, message_id=message.id, now=clock_port.now())
    message.refresh_from_db()
    return message.state


def asked(browser: Client) -> list[str]:
    tasks: list[Any] = browser.get("/").context["tasks"]
    return [task.text for task in tasks if "n’est pas parti" in task.text]


def test_it_stays_until_another_left(
    browser: Client,
    invoice: Invoice,  # noqa: F811 (the fixture)
    mail_settings: MailSettings,  # noqa: F811 (the fixture)
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
):
    failing(monkeypatch, REFUSED, REFUSED)
    assert mail_to(invoice, "clare@fontaine.test") == MessageState.FAILED
    assert asked(browser) == ["L’e-mail à clare@fontaine.test n’est pas parti."]

    clock.advance(minutes=1)
    assert mail_to(invoice, "clara@fontaine.test") == MessageState.FAILED
    assert asked(browser) == ["L’e-mail à clara@fontaine.test n’est pas parti."]

    clock.advance(minutes=1)
    assert mail_to(invoice, "claire@fontaine.test") == MessageState.SENT
    assert asked(browser) == []
