"""A draft typed as it prints: a customer made on the fly, lines, rates, totals to the cent, nothing to save."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.story import CUSTOMER, Story

pytestmark = pytest.mark.browser

# description, quantity, unit, price, discount in %, rate as written on the page
LINES = [
    ("Pose de 6 luminaires", "6", "pièce", "150", "", "20 %"),
    ("Ampoules LED, blanc chaud", "12", "pièce", "7,90", "10", "20 %"),
    ("Déplacement", "1", "", "45,50", "", "20 %"),
    ("Reprise de l’éclairage du logement", "3", "h", "62", "", "10 %"),
]


def test_new_invoice_is_one_click_away(story: Story) -> None:
    page = story.owner.page
    story.open("/factures/")
    story.owner.look("factures-vides")
    page.get_by_role("link", name="Écrire ma première facture").click()
    expect(page.get_by_role("button", name="Finaliser la facture")).to_be_visible()
    story.owner.look("facture-vierge")


def test_customer_is_created_on_the_fly(story: Story) -> None:
    page = story.owner.page
    page.get_by_role("button", name="Choisir un client").click()
    page.get_by_role("button", name="Nouveau client").click()
    dialog = page.get_by_role("dialog", name="Choisir un client")
    dialog.get_by_label("Professionnel").check()
    dialog.get_by_label("Nom ou raison sociale").fill("Restaurant Le Quai")
    dialog.get_by_label("SIREN").fill("552 100 554")
    dialog.get_by_label("Adresse e-mail").fill(CUSTOMER)
    dialog.get_by_label(re.compile("^Adresse(?! e-mail)")).first.fill("3 quai Saint-Antoine")
    dialog.get_by_label("Code postal").fill("69002")
    dialog.get_by_label("Ville").fill("Lyon")
    story.owner.look("client-a-la-volee")
    page.get_by_role("button", name="Ajouter ce client").click()
    expect(page.get_by_role("button", name="Changer de client")).to_be_visible()
    expect(page.get_by_text("3 quai Saint-Antoine")).to_be_visible()


def test_lines_are_typed_and_totals_follow(story: Story) -> None:
    page = story.owner.page
    for index, line in enumerate(LINES):
        if page.get_by_label("Désignation").count() <= index:
            page.get_by_role("button", name="Ajouter une ligne").click()
        type_line(page, index, line)
    expect_totals(page, {"Total HT": "1 216,82 €", "Total TTC": "1 441,58 €"})
    expect(page.get_by_text(re.compile(r"Enregistré à\s\d{1,2}:\d\d"))).to_be_visible()


def type_line(page: Page, index: int, line: tuple[str, ...]) -> None:
    description, quantity, unit, price, discount, rate = line
    page.get_by_label("Désignation").nth(index).fill(description)
    page.get_by_label("Quantité").nth(index).fill(quantity)
    page.get_by_label("Unité").nth(index).fill(unit)
    page.get_by_label("Prix unitaire").nth(index).fill(price)
    if discount:
        page.get_by_label("Remise", exact=True).nth(index).fill(discount)
    page.get_by_role("combobox", name="TVA").nth(index).select_option(label=rate)


def expect_totals(page: Page, wanted: dict[str, str]) -> None:
    """Each label of the totals beside its amount; spaces of every width count as one."""
    sums = page.locator("#sums")
    for label, amount in wanted.items():
        shown = re.compile(re.escape(label) + r"\s*" + re.escape(amount).replace(r"\ ", r"\s"))
        expect(sums).to_contain_text(shown)


def test_prices_with_vat_are_counted_from_the_gross(story: Story) -> None:
    page = story.owner.page
    page.get_by_label("Prix TTC").check()
    expect_totals(page, {"Total HT": "1 028,11 €", "Total TTC": "1 216,82 €"})
    page.get_by_label("Prix HT").check()
    expect_totals(page, {"Total HT": "1 216,82 €", "Total TTC": "1 441,58 €"})
    page.get_by_role("heading", level=1).scroll_into_view_if_needed()
    story.owner.look("facture-ecrite")


def test_terms_offer_the_card_and_the_mention_writes_itself(story: Story) -> None:
    page = story.owner.page
    expect(page.get_by_label("Accepter le paiement par carte")).to_be_checked()
    expect(page.get_by_text("Frais estimés pour cette facture")).to_be_visible()
    expect(page.get_by_label("Autres mentions")).to_have_value(
        re.compile("Facture payable en ligne par carte bancaire")
    )
    page.get_by_label("Autres mentions").scroll_into_view_if_needed()
    story.owner.look("conditions-de-paiement")


def test_preview_shows_the_page(story: Story) -> None:
    page = story.owner.page
    page.get_by_role("button", name="Aperçu").click()
    picture = page.get_by_role("img", name="Page 1 de la facture")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 1000
    story.owner.look("apercu")
    page.get_by_role("link", name="Revenir à la facture").click()


def test_draft_is_deleted_and_taken_back(story: Story) -> None:
    page = story.owner.page
    page.get_by_role("link", name="Supprimer ce brouillon").click()
    page.get_by_role("button", name="Supprimer le brouillon").click()
    expect(page.get_by_role("button", name="Annuler")).to_be_visible()
    story.owner.look("brouillon-supprime")
    page.get_by_role("button", name="Annuler").click()
    expect_totals(page, {"Total TTC": "1 441,58 €"})
