"""From the key that is pasted to the receipt: nothing that opens anything is ever written where people read."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client

from reglo.companies.models import Company, User
from reglo.config.request_log import JsonFormatter
from reglo.delivery.models import MailSettings, Message
from reglo.delivery.services import address_of
from reglo.events.models import EventContent
from reglo.events.worker import run_until_idle
from reglo.payments.models import Endpoint, PaymentAttempt
from reglo.payments.providers.stripe.provider import StripeProvider
from reglo.portal.return_tokens import return_token
from reglo.ports import clock as clock_port
from tests.delivery.conftest import mail_settings  # noqa: F401 (fixture)
from tests.factories import make_issued
from tests.harness.rows import everything
from tests.harness.stripe_world import GOOD, RESTRICTED_KEY, StripeWorld
from tests.portal.conftest import Browser

CARD = GOOD.replace(" ", "")
LIKE_A_SECRET = re.compile(r"\b(rk|sk|whsec)_(?!\*)[A-Za-z0-9_]{4,}|\b4\d{3}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}\b")


@contextmanager
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """Every line as the installation writes it."""
    lines: list[str] = []
    with caplog.at_level(logging.DEBUG):
        yield lines
        lines += [JsonFormatter().format(record) for record in caplog.records]


@pytest.fixture
def staff(alice: User, company: Company) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    return client


@pytest.fixture
def secrets(
    staff: Client,
    company: Company,
    stripe: StripeWorld,
    mail_settings: MailSettings,  # noqa: F811 (the fixture)
    settings: Any,
    caplog: pytest.LogCaptureFixture,
) -> dict[str, Any]:
    """The whole story, told once: its secrets by name, and the lines that were logged."""
    settings.PAYMENT_PAGE_ORIGINS = frozenset({stripe.sandbox.url})
    with logged(caplog) as lines:
        staff.post("/configuration/devis-factures/", {"card_payments": "on"})
        confirm = staff.post("/configuration/stripe/coller/", {"key": RESTRICTED_KEY})["Location"]
        assert staff.post(confirm).status_code == 302
        company.refresh_from_db()
        invoice = make_issued(company, card_allowed=True)
        staff.get(f"/factures/{invoice.pk}/envoyer/")
        message = Message.objects.get()
        link = urlsplit(address_of(message)).path.rpartition("/")[2]
        fields = {"to": "claire@fontaine.test", "subject": message.subject, "body": message.body, "attach_pdf": "on"}
        assert staff.post(f"/factures/{invoice.pk}/envoyer/", fields).status_code == 302
        run_until_idle()
        payer = Browser(Client())
        payer.open(link)
        assert payer.pay().status_code == 303
        attempt = PaymentAttempt.objects.get()
        stripe.pay(attempt)
        stripe.deliver()
        run_until_idle()
        payer.client.get(f"/p/retour/{return_token(attempt.pk)}")
        assert "Payée" in payer.see()
        # And what goes wrong: unknown addresses, a form without its proof, a silent Stripe, a fault of ours.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(StripeProvider, "check", _faulty)
            staff.post(f"/configuration/stripe/{attempt.account_id}/verifier/")
        Client().get(f"/ailleurs/{link}")
        Client(enforce_csrf_checks=True).post(f"/connexion/{link}/")
    endpoint = Endpoint.objects.get()
    return {
        "lines": lines,
        "key": RESTRICTED_KEY,
        "hook": endpoint.token,
        "signing": endpoint.accepted_secrets(clock_port.now())[0],
        "link": link,
        "return": return_token(attempt.pk),
        "portal": payer.client.cookies["reglo_portal"].value,
        "session": staff.cookies["reglo_session"].value,
        "smtp": mail_settings.open_password(),
        "card": CARD,
    }


def _faulty(*arguments: object) -> None:
    raise ValueError(f"a fault that names {RESTRICTED_KEY} and {arguments!r}")


def test_no_log_line_holds_one(secrets: dict[str, Any]):
    lines = "\n".join(secrets.pop("lines"))

    assert "a fault that names rk_***" in lines
    assert {name for name, secret in secrets.items() if secret in lines} == set()
    assert LIKE_A_SECRET.findall(lines) == []


def test_no_event_holds_one(secrets: dict[str, Any]):
    secrets.pop("lines")
    told = "\n".join(EventContent.objects.values_list("content", flat=True))

    assert "F2026" in told
    assert {name for name, secret in secrets.items() if secret in told} == set()
    assert LIKE_A_SECRET.findall(told) == []


def test_the_mails_hold_the_link_and_nothing_else(secrets: dict[str, Any]):
    secrets.pop("lines")
    texts = [str(part) for sent in mail.outbox for part in (sent.subject, sent.body, *sent.alternatives)]

    assert len(mail.outbox) == 2
    assert {name for name, secret in secrets.items() if any(secret in text for text in texts)} == {"link"}


def test_the_database_holds_none_in_clear(secrets: dict[str, Any]):
    """But the hook's address, which is no lock."""
    secrets.pop("lines")
    rows = "\n".join(row for counted in everything().values() for row in counted)

    assert {name for name, secret in secrets.items() if secret in rows} == {"hook"}


@pytest.mark.parametrize("address", ["/ailleurs/", "/p/l/", "/connexion/", "/invitation/"])
def test_no_error_page_repeats_one(company: Company, address: str):
    client = Client(raise_request_exception=False)
    page = client.get(f"{address}{RESTRICTED_KEY}/").content.decode()

    assert RESTRICTED_KEY not in page


def test_a_fault_of_ours_shows_nothing_of_it(staff: Client, account: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(StripeProvider, "check", _faulty)
    answer = staff.post(f"/configuration/stripe/{account.pk}/verifier/")

    assert answer.status_code == 500
    assert "rk_" not in answer.content.decode()
    assert "Une erreur est survenue" in answer.content.decode()
