from uuid import uuid4

import pytest
from django.test import Client

from reglo.companies.models import Company, User
from reglo.delivery.models import PortalLink
from reglo.delivery.services import create_link, record_seen, revoke_link
from reglo.invoicing.models import Invoice
from reglo.ports import clock as clock_port
from tests.dashboard.conftest import SignIn
from tests.factories import make_issued
from tests.harness.frozen_clock import FrozenClock
from tests.harness.rows import nothing_written


@pytest.fixture
def invoice(company: Company) -> Invoice:
    return make_issued(company)


def give(invoice: Invoice, email: str = "claire@fontaine.test") -> tuple[PortalLink, str]:
    made = create_link(company_id=invoice.company_id, invoice_id=invoice.pk, email=email, now=clock_port.now())
    return made.link, made.token


def page(invoice: Invoice) -> str:
    return f"/factures/{invoice.pk}/"


def revoke_page(link: PortalLink) -> str:
    return f"/factures/{link.invoice_id}/liens/{link.pk}/revoquer/"


def words(answer: object) -> str:
    return " ".join(answer.content.decode().split())


def test_the_invoice_lists_its_live_links(browser: Client, invoice: Invoice, clock: FrozenClock):
    seen, _token = give(invoice)
    give(invoice, email="")
    revoked, _token = give(invoice, email="partie@fontaine.test")
    revoke_link(company_id=invoice.company_id, link_id=revoked.pk, actor_id=None, now=clock_port.now())
    record_seen(link=seen, now=clock_port.now())

    shown = words(browser.get(page(invoice)))

    assert shown.count("Ouvre la facture jusqu’au") == 2
    assert "claire@fontaine.test" in shown
    assert "lien remis sans e-mail" in shown
    assert shown.count("Consulté ") == 1
    assert shown.count("Pas encore consulté") == 1
    assert "partie@fontaine.test</strong>" not in shown

    clock.advance(days=400)

    assert "Liens sécurisés" not in words(browser.get(page(invoice)))


def test_revoking_is_asked_once_more_then_ends_the_link(browser: Client, invoice: Invoice):
    link, token = give(invoice)
    with nothing_written():
        asked = words(browser.get(revoke_page(link)))
    assert "Révoquer ce lien ?" in asked
    assert "claire@fontaine.test" in asked
    customer = Client()
    document = customer.get(f"/p/l/{token}")["Location"]
    assert customer.get(document).status_code == 200

    answer = browser.post(revoke_page(link), follow=True)

    assert answer.redirect_chain == [(page(invoice), 302)]
    assert "Lien révoqué" in words(answer)
    assert customer.get(document).status_code == 404
    assert Client().get(f"/p/l/{token}").status_code == 404
    assert browser.get(revoke_page(link))["Location"] == page(invoice)
    assert browser.post(revoke_page(link)).status_code == 302  # a double click


def test_a_link_of_another_invoice_or_company_is_not_found(
    browser: Client, company: Company, invoice: Invoice, mallory: User, sign_in: SignIn
):
    link, _token = give(invoice)
    other, stranger = make_issued(company), sign_in(mallory)

    with nothing_written():
        for address in (
            f"/factures/{other.pk}/liens/{link.pk}/revoquer/",
            f"/factures/{invoice.pk}/liens/{uuid4()}/revoquer/",
        ):
            assert browser.post(address).status_code == 404
        assert stranger.post(revoke_page(link)).status_code == 404


def test_an_accountant_neither_sees_nor_revokes(company: Company, invoice: Invoice, bob: User, sign_in: SignIn):
    link, _token = give(invoice)
    browser = sign_in(bob)

    assert "Liens sécurisés" not in words(browser.get(page(invoice)))
    assert browser.post(revoke_page(link)).status_code == 403
    assert PortalLink.objects.get().revoked_at is None
