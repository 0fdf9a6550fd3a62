"""The customer: declined, changes their mind, asked by the bank, paid; then the papers."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.story import Story
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

ACCEPTED, DECLINED, ASKED_BY_THE_BANK = "4242 4242 4242 4242", "4000 0000 0000 0002", "4000 0027 6000 3155"
PAY = re.compile(r"Payer 1\s441,58\s€ par carte")


@pytest.fixture
def customer(story: Story) -> Visitor:
    return story.customer


def test_link_opens_the_invoice(story: Story, customer: Visitor) -> None:
    page = customer.page
    page.goto(story.link)
    expect(page.get_by_role("heading", name=f"Facture {story.number}")).to_be_visible()
    expect(page.get_by_role("button", name=PAY)).to_be_in_viewport()
    customer.look("client-facture")
    page.get_by_text("Payer par virement").click()
    expect(page.get_by_text("FR76 3000 6000 0112 3456 7890 189")).to_be_visible()
    customer.look("client-virement", whole=True)


def test_declined_card_says_why_and_offers_the_button_again(story: Story, customer: Visitor) -> None:
    go_and_pay(customer, DECLINED, look="client-page-de-paiement")
    page = customer.page
    expect(page.get_by_role("alert")).to_be_visible()
    customer.look("client-carte-refusee-chez-stripe")
    page.get_by_role("link", name="Retour").click()
    expect(page.get_by_role("button", name=PAY)).to_be_visible()
    expect(page.get_by_text("Le paiement n’a pas abouti")).to_be_visible()
    customer.look("client-carte-refusee")


def go_and_pay(customer: Visitor, card: str, *, look: str = "") -> None:
    page = customer.page
    page.get_by_role("button", name=PAY).click()
    choose_card(page, card)
    if look:
        customer.look(look)
    page.get_by_role("button", name=re.compile("^Payer")).click()


def choose_card(page: Page, card: str) -> None:
    page.get_by_role("button", name=card).click()
    expect(page.get_by_label("Numéro de carte")).to_have_value(re.compile(card.replace(" ", r"\s?")))


def test_abandoning_costs_nothing(story: Story, customer: Visitor) -> None:
    page = customer.page
    page.get_by_role("button", name=PAY).click()
    page.get_by_role("link", name="Retour").click()
    expect(page.get_by_role("button", name=PAY)).to_be_visible()
    customer.look("client-abandon")


def test_bank_that_is_not_convinced_leaves_the_invoice_owed(story: Story, customer: Visitor) -> None:
    go_and_pay(customer, ASKED_BY_THE_BANK)
    page = customer.page
    customer.look("client-banque")
    page.get_by_role("button", name="Refuser").click()
    expect(page.get_by_role("button", name="Refuser")).to_have_count(0)  # back on the payment page
    page.get_by_role("link", name="Retour").click()
    expect(page.get_by_role("button", name=PAY)).to_be_visible()
    expect(page.get_by_text("Votre banque vous demande de confirmer ce paiement")).to_be_visible()


def test_card_pays_and_the_page_says_so(story: Story, customer: Visitor) -> None:
    with customer.page.expect_request(re.compile(r"/p/retour/[^/]+$")) as sent_back:
        go_and_pay(customer, ACCEPTED)
    story.return_url = sent_back.value.url
    expect(customer.page.get_by_text("Payée le 1er décembre 2026 par carte")).to_be_visible()
    customer.look("client-retour-du-paiement")


def test_bank_that_returns_in_another_browser_is_told_the_same(story: Story, customer: Visitor) -> None:
    stranger = story.newcomer()
    stranger.page.goto(story.return_url)
    expect(stranger.page.get_by_text("Merci, votre paiement est arrivé")).to_be_visible()
    expect(stranger.page.get_by_text("Restaurant Le Quai")).to_have_count(0)
    stranger.look("client-retour-autre-navigateur")
    stranger.close()


def test_papers_are_downloaded(story: Story, customer: Visitor) -> None:
    page = customer.page
    page.goto(story.link)
    expect(page.get_by_text("Payée le 1er décembre 2026 par carte")).to_be_visible()
    customer.look("client-payee")
    for label in ("Reçu", "Facture", "Duplicata acquitté"):
        address = page.get_by_role("link", name=label, exact=True).get_attribute("href")
        paper = page.request.get(story.installation.url + str(address))
        assert paper.body().startswith(b"%PDF-"), label
        if label == "Facture":
            assert paper.body() == story.paper, "the invoice is byte for byte the one that was issued"
