"""The customer, on a phone: declined, changes their mind, asked by the bank, paid; then the papers."""

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


def test_bank_that_refuses_leaves_the_invoice_owed(story: Story, customer: Visitor) -> None:
    go_and_pay(customer, ASKED_BY_THE_BANK)
    page = customer.page
    customer.look("client-banque")
    page.get_by_role("button", name="Refuser").click()
    page.get_by_role("link", name="Retour").click()
    expect(page.get_by_role("button", name=PAY)).to_be_visible()


def test_card_pays_and_the_page_says_so(story: Story, customer: Visitor) -> None:
    go_and_pay(customer, ACCEPTED)
    expect(customer.page.get_by_text("Votre paiement est arrivé")).to_be_visible()
    customer.look("client-paye")
