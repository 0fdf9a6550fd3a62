"""The customer reads a quote by its link, chooses options, and accepts or refuses it."""

import re

import pytest
from django.test import Client

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.delivery.services import NewLink
from reglo.delivery.services.create_link import new_quote_link
from reglo.delivery.states import LinkRight
from reglo.invoicing.models import Quote, QuoteDecision
from reglo.invoicing.services import cancel_quote, issue_quote, revise_quote
from reglo.ports import clock as clock_port
from tests.factories import accept, comment, line, make_quote, option, section, subtotal
from tests.factories.quotes import STATEMENT
from tests.harness.frozen_clock import FrozenClock
from tests.portal.conftest import Browser, seen_at

YES = {"version": "1", "total": "12000", "nom": "Chloé Bernard", "accord": "1"}


@pytest.fixture
def quote(company: Company, chloe: Customer) -> Quote:
    """120,00 €, and an option of 60,00 € with VAT; valid until 22 December."""
    return make_quote(
        company, customer=chloe, lines=[line("100"), option("50")], deposit_rate=30, work_place="4 rue Neuve, Lyon"
    )


@pytest.fixture
def link(quote: Quote) -> NewLink:
    return new_quote_link(quote=quote, email="chloe@example.test", now=clock_port.now())


def read(browser: Browser, path: str = "") -> str:
    return browser.see(path).replace("\u00a0", " ").replace("\u202f", " ")


def test_the_link_opens_the_quote(browser: Browser):
    page = read(browser)

    assert browser.page.startswith("/p/devis/")
    assert "Devis ESSAI-D2026-0001" in page
    assert "120,00 €" in page
    assert "valable jusqu’au 22 décembre" in page
    assert "Lieu d’exécution : 4 rue Neuve, Lyon" in page
    assert "Acompte à la commande : 36,00 €" in page
    assert "Variateur" in page
    assert "Accepter le devis" in page


def test_the_totals_follow_the_options(browser: Browser):
    sums = read(browser, "/total?option=2")

    assert "180,00 €" in sums
    assert 'name="total" value="18000"' in sums


def test_accepting_keeps_the_proof(browser: Browser, quote: Quote, link: NewLink):
    answer = browser.post("/accepter", **{**YES, "total": "18000", "option": "2"})

    decision = QuoteDecision.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, browser.page)
    assert (decision.version_id, decision.outcome, decision.options) == (quote.offered_id, "accepted", "[2]")
    assert (decision.name, decision.email, decision.link_id) == ("Chloé Bernard", "chloe@example.test", link.link.id)
    assert (decision.statement, decision.ip_address, decision.gross_minor) == (STATEMENT, "127.0.0.1", 180_00)
    assert seen_at(link) is not None
    page = read(browser)
    assert "Accepté le 22 novembre 2026 par Chloé Bernard" in page
    assert "Accepter le devis" not in page


def test_twice_the_same_click_is_one_answer(browser: Browser):
    proof = {"preuve": browser.proof(), **YES}

    for _click in range(2):
        assert browser.client.post(f"{browser.page}/accepter", proof).status_code == 303

    assert QuoteDecision.objects.count() == 1


@pytest.mark.parametrize(
    ("missing", "sentence", "status"),
    [
        ({"nom": " "}, "Écrivez votre nom", 422),
        ({"accord": ""}, "Cochez la case", 422),
        ({"option": "2"}, "le total a changé", 409),
        ({"option": "1"}, "n’est pas de ce devis", 422),
        ({"version": "7"}, "nouvelle version", 409),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_decided(
    browser: Browser, missing: dict[str, str], sentence: str, status: int
):
    answer = browser.post("/accepter", **{**YES, **missing})

    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert not QuoteDecision.objects.exists()


def test_without_script_the_new_total_is_shown_and_then_accepted(browser: Browser):
    refused = browser.post("/accepter", **{**YES, "option": "2"}).content.decode()

    assert 'name="total" value="18000"' in " ".join(refused.split())
    assert browser.post("/accepter", **{**YES, "option": "2", "total": "18000"}).status_code == 303


def test_refusing_keeps_the_reason(browser: Browser, quote: Quote):
    browser.post("/refuser", version="1", motif="Trop cher")

    quote.refresh_from_db()
    assert (quote.status, QuoteDecision.objects.get().reason) == ("refused", "Trop cher")
    assert "Refusé le 22 novembre 2026" in read(browser)


def test_an_expired_quote_offers_no_answer(browser: Browser, quote: Quote, clock: FrozenClock):
    proof = browser.proof()
    clock.advance(hours=23)
    quote.valid_until = clock_port.now().date()
    Quote.objects.filter(pk=quote.pk).update(valid_until="2026-11-22")

    page = read(browser)
    answer = browser.client.post(f"{browser.page}/accepter", {"preuve": proof, **YES})

    assert "il ne peut plus être accepté" in page
    assert "Votre réponse" not in page
    assert answer.status_code == 409
    assert not QuoteDecision.objects.exists()


def test_a_new_version_is_read_before_it_is_answered(browser: Browser, quote: Quote, company: Company):
    proof = browser.proof()
    revise_quote(company_id=company.pk, quote_id=quote.pk, now=clock_port.now())
    issue_quote(company_id=company.pk, quote_id=quote.pk, now=clock_port.now())

    answer = browser.client.post(f"{browser.page}/accepter", {"preuve": proof, **YES})

    assert answer.status_code == 409
    assert "Une nouvelle version de ce devis vous attend" in answer.content.decode()
    assert "Version 2" in answer.content.decode()
    assert browser.post("/accepter", **{**YES, "version": "2"}).status_code == 303


def test_a_cancelled_quote_says_so(browser: Browser, quote: Quote, company: Company):
    cancel_quote(company_id=company.pk, quote_id=quote.pk, now=clock_port.now())

    assert "Le vendeur a annulé ce devis" in read(browser)


def test_a_link_that_may_only_see_does_not_sign(browser: Browser, link: NewLink):
    proof = browser.proof()
    link.link.grants.update(right=LinkRight.VIEW)

    answer = browser.client.post(f"{browser.page}/accepter", {"preuve": proof, **YES})

    assert answer.status_code == 403
    assert "Accepter le devis" not in read(browser)
    assert not QuoteDecision.objects.exists()


def test_a_form_without_its_proof_is_refused(browser: Browser):
    assert browser.client.post(f"{browser.page}/accepter", YES).status_code == 403
    assert not QuoteDecision.objects.exists()


def test_a_stranger_sees_nothing(browser: Browser, stranger: Browser):
    for path in ("", "/devis.pdf", "/total"):
        assert stranger.client.get(browser.page + path).status_code == 404


def test_the_link_of_a_quote_opens_no_invoice(browser: Browser):
    page = browser.page.replace("/devis/", "/factures/")

    assert browser.client.get(page).status_code == 404
    assert browser.client.post(f"{page}/payer", {"preuve": browser.proof()}).status_code == 404


def test_the_paper_is_the_same_every_time(browser: Browser, quote: Quote):
    accept(quote, options=[2])

    first, second = (browser.client.get(f"{browser.page}/devis.pdf") for _time in range(2))

    assert first.headers["Content-Disposition"] == 'attachment; filename="devis-ESSAI-D2026-0001.pdf"'
    assert first.content == second.content


def test_english_has_its_words(link: NewLink):
    browser = Browser(Client(headers={"Accept-Language": "en"}))
    browser.open(link.token)

    assert "Accept the quote" in browser.see()


def test_titles_and_subtotals_follow_the_options(company: Company, chloe: Customer):
    lines = [
        section("Séjour"),
        line("100", description="Pose"),
        option("50"),
        subtotal(),
        section("Variante"),
        option("30", description="Spot"),
        subtotal(),
        comment("Garantie de deux ans"),
    ]
    offer = make_quote(company, customer=chloe, lines=lines, discount_rate=10)
    link = new_quote_link(quote=offer, email="chloe@example.test", now=clock_port.now())
    browser = Browser(Client())
    browser.open(link.token)

    firm, options, sums = parts_of(read(browser))
    with_option = read(browser, "/total?option=3")
    browser.post("/accepter", **{**YES, "total": "16200", "option": "3"})
    accepted, none, _sums = parts_of(read(browser))

    assert "Séjour" in firm
    assert "Sous-total 100,00" in firm
    assert "Variante" not in firm  # its options stand by themselves
    assert "Variateur" in options
    assert "Spot" in options
    assert "Total HT avant remise 100,00 Remise 10 % -10,00 Total HT 90,00 TVA 20 % 18,00 Total TTC 108,00 €" in sums
    assert "Total HT avant remise 150,00" in text(with_option)
    assert 'name="total" value="16200"' in with_option
    assert QuoteDecision.objects.get(quote=offer).gross_minor == 162_00
    assert "Variateur 50,00 Sous-total 150,00" in accepted
    assert "Variante" not in accepted
    assert "Spot" not in accepted
    assert none == ""


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).replace("−", "-").split())


def parts_of(page: str) -> tuple[str, str, str]:
    """The lines, the options, the sums: as text."""
    lines, _sums, sums = page.partition('id="quote-sums"')
    firm, _options, options = lines.partition('id="quote-options"')
    return text(firm), text(options), text(sums)
