import logging
from typing import Any

import pytest
from django.test import Client

from reglo.companies.models import Company
from reglo.config.request_log import JsonFormatter
from reglo.delivery.models import Message, PortalLink, PortalSession
from reglo.delivery.services import NewLink, create_link, revoke_link
from reglo.events.models import EventContent
from reglo.ports import clock as clock_port
from tests.factories import make_issued
from tests.harness.frozen_clock import FrozenClock
from tests.portal.conftest import Browser, seen_at, words_of


def test_the_link_is_exchanged_for_a_clean_address(stranger: Browser, link: NewLink) -> None:
    answer = stranger.open(link.token)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/p/factures/{link.link.id}"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    cookie = answer.cookies["reglo_portal"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (True, "Lax", "/", "")
    page = stranger.client.get(stranger.page)
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert link.token not in page.content.decode()


def test_in_production_the_cookie_is_bound_to_the_host(stranger: Browser, link: NewLink, settings: Any) -> None:
    settings.COOKIE_PREFIX = "__Host-"
    cookie = stranger.open(link.token).cookies["__Host-reglo_portal"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
    assert stranger.client.get(stranger.page).status_code == 200


def test_opening_in_a_browser_says_nothing_of_a_person(browser: Browser, link: NewLink) -> None:
    assert PortalLink.objects.get().opened_count == 1
    assert seen_at(link) is None


def test_a_scanner_that_asks_by_head_leaves_no_trace(link: NewLink) -> None:
    before = PortalLink.objects.values().get()
    answer = Client().head(f"/p/l/{link.token}")
    assert (answer.status_code, answer.cookies) == (303, {})
    assert Client().head("/p/l/" + "A" * 43).status_code == 404
    assert PortalLink.objects.values().get() == before
    assert not PortalSession.objects.exists()


def test_a_scanner_that_gets_the_link_first_spends_nothing(stranger: Browser, link: NewLink) -> None:
    Client().get(f"/p/l/{link.token}", follow=True)
    assert stranger.open(link.token).status_code == 303
    assert stranger.client.get(stranger.page).status_code == 200
    assert seen_at(link) is None


def test_unknown_expired_and_revoked_are_one_page(
    stranger: Browser, company: Company, link: NewLink, clock: FrozenClock
) -> None:
    revoked = create_link(company_id=company.id, invoice_id=make_issued(company).id, now=clock_port.now())
    revoke_link(company_id=company.id, link_id=revoked.link.id, actor_id=None, now=clock_port.now())
    clock.instant = link.link.expires_at
    pages = set()
    for token in ("A" * 43, link.token, revoked.token):
        answer = stranger.client.get(f"/p/l/{token}")
        assert (answer.status_code, answer.headers["Referrer-Policy"]) == (404, "no-referrer")
        assert answer.cookies == {}
        pages.add(words_of(answer).replace(token, "…"))
    assert len(pages) == 1
    assert "Ce lien ne fonctionne pas ou plus" in pages.pop()
    assert not PortalSession.objects.exists()


def test_an_address_without_its_cookie_opens_nothing(browser: Browser, stranger: Browser) -> None:
    unknown = stranger.client.get("/p/factures/00000000-0000-4000-8000-000000000000")
    known = stranger.client.get(browser.page)
    assert (known.status_code, unknown.status_code) == (404, 404)
    assert known.content == unknown.content
    assert "F2026" not in known.content.decode()


def test_another_customer_sees_nothing(browser: Browser, stranger: Browser, company: Company) -> None:
    theirs = create_link(company_id=company.id, invoice_id=make_issued(company).id, now=clock_port.now())
    stranger.open(theirs.token)
    for path in ("", "/facture.pdf", "/duplicata.pdf", "/paiement"):
        assert stranger.client.get(browser.page + path).status_code == 404
    for path in ("/payer", "/vue"):
        assert stranger.client.post(browser.page + path, {"preuve": stranger.proof()}).status_code == 404


def test_a_revoked_link_closes_the_page_that_is_open(browser: Browser, link: NewLink, company: Company) -> None:
    revoke_link(company_id=company.id, link_id=link.link.id, actor_id=None, now=clock_port.now())
    assert browser.client.get(browser.page).status_code == 404


def test_the_token_is_in_no_log_no_row_and_no_event(
    stranger: Browser, link: NewLink, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        stranger.open(link.token)
        stranger.client.get(stranger.page)
        Client().get(f"/p/l/{link.token}/")  # unknown address
        revoke_link(company_id=link.link.company_id, link_id=link.link.id, actor_id=None, now=clock_port.now())
        stranger.client.get(f"/p/l/{link.token}")
    written = "\n".join(JsonFormatter().format(record) for record in caplog.records)
    assert "/p/l/***" in written
    assert link.token not in written
    for model in (PortalLink, PortalSession, Message, EventContent):
        assert link.token not in str(list(model.objects.values()))


def test_guessing_is_limited(stranger: Browser, link: NewLink, clock: FrozenClock) -> None:
    for _guess in range(30):
        assert stranger.client.get("/p/l/" + "A" * 43).status_code == 404
    refused = stranger.client.get("/p/l/" + "A" * 43)
    assert refused.status_code == 429
    assert "Attendez quelques minutes" in words_of(refused)
    clock.advance(minutes=10)
    assert stranger.open(link.token).status_code == 303
