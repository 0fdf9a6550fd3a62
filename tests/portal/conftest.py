"""Chloé's browser, holding the link of an invoice of 1 240,00 € that may be paid by card on the sandbox's Stripe."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.delivery.models import PortalLink
from reglo.delivery.services import NewLink, create_link
from reglo.invoicing.models import Invoice
from reglo.payments.models import ProviderAccount
from reglo.portal import form_proof
from reglo.ports import clock as clock_port
from tests.delivery.conftest import mail_settings  # noqa: F401 (fixture)
from tests.factories import line, make_issued
from tests.harness.stripe_world import StripeWorld
from tests.payments.conftest import account, running, stripe, world  # noqa: F401 (fixtures)


@pytest.fixture(autouse=True)
def _nobody_tried_before(db: None) -> None:
    cache.clear()


@pytest.fixture
def invoice(company: Company, chloe: Customer) -> Invoice:
    """Issued on 22 November 2026, due on 22 December."""
    return make_issued(
        company,
        customer=chloe,
        lines=[
            line("150", quantity="6", unit="pièce", description="Pose de luminaires\nSéjour et couloir"),
            line("133.33", description="Déplacement"),
        ],
        due_days=30,
        card_allowed=True,
    )


@pytest.fixture
def payable(account: ProviderAccount, stripe: StripeWorld, invoice: Invoice, settings: Any) -> Invoice:  # noqa: F811 (the fixture)
    settings.PAYMENT_PAGE_ORIGINS = frozenset({stripe.sandbox.url})
    return invoice


@pytest.fixture
def link(invoice: Invoice) -> NewLink:
    return create_link(
        company_id=invoice.company_id, invoice_id=invoice.id, email="chloe@example.test", now=clock_port.now()
    )


@dataclass
class Browser:
    """A browser with its cookies: what the customer does with it."""

    client: Client
    page: str = ""

    def open(self, token: str) -> HttpResponse:
        """Touch the link of the mail, and land on the clean address."""
        answer = self.client.get(f"/p/l/{token}")
        self.page = answer.headers.get("Location", "")
        return answer

    def see(self, path: str = "") -> str:
        answer = self.client.get(self.page + path)
        assert answer.status_code == 200, answer.status_code
        return words_of(answer)

    def post(self, path: str, **fields: str) -> HttpResponse:
        """Press a button of the page: with its proof, as the page writes it."""
        return self.client.post(self.page + path, {form_proof.FIELD: self.proof(), **fields})

    def proof(self) -> str:
        """As the form or the page's sign of life holds it."""
        text = self.client.get(self.page).content.decode()
        found = re.search(rf'{form_proof.FIELD}"(?: value=|: )"([0-9a-f.]+)"', text)
        return found[1] if found else ""

    def pay(self) -> HttpResponse:
        return self.post("/payer")


def words_of(answer: HttpResponse) -> str:
    """The page as read: ordinary spaces, one at a time."""
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


@pytest.fixture
def browser(link: NewLink) -> Browser:
    browser = Browser(Client(enforce_csrf_checks=True))
    browser.open(link.token)
    return browser


@pytest.fixture
def stranger() -> Browser:
    """A browser that holds nothing."""
    return Browser(Client(enforce_csrf_checks=True))


def seen_at(link: NewLink) -> object:
    return PortalLink.objects.get(id=link.link.id).seen_at
