"""Another invoice, written and finalised in a few gestures, for the steps that need one of their own."""

import re
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.story import Story


@dataclass(frozen=True)
class Issued:
    number: str
    link: str  # the secure link, as *Copier le lien* gives it
    page: str  # its address in the dashboard


def issue_another(story: Story, *, description: str, price: str) -> Issued:
    """One line at 20 % for the customer of the story; `price` without VAT, as typed."""
    page = story.owner.page
    story.open("/factures/nouvelle/")
    page.get_by_role("button", name="Choisir un client").click()
    page.get_by_label("Nom, ville ou SIREN").fill("quai")
    page.get_by_role("button", name="Restaurant Le Quai").click()
    expect(page.get_by_role("button", name="Changer de client")).to_be_visible()
    page.get_by_label("Désignation").fill(description)
    page.get_by_label("Prix unitaire").fill(price)
    page.get_by_role("button", name="Finaliser la facture").click()
    expect(page.get_by_role("heading", name="Contrôle avant émission")).to_be_visible()
    page.get_by_role("button", name="Finaliser la facture").click()
    heading = page.get_by_role("heading", name=re.compile("^Facture ESSAI-"))
    expect(heading).to_be_visible()
    number, address = heading.inner_text().removeprefix("Facture ").strip(), page.url
    page.get_by_role("link", name="Copier le lien").click()
    link = page.get_by_label("Lien sécurisé").input_value()
    page.goto(address)
    return Issued(number, link, address)
