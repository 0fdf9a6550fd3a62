"""The spanner, the switch, the guide to a restricted key: money can come in by card."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.story import OWNER, Story

pytestmark = pytest.mark.browser


def test_spanner_leads_to_the_switch(story: Story) -> None:
    page = story.owner.page
    story.open("/")
    page.get_by_role("link", name="Configuration").click()
    page.get_by_role("link", name="Devis & Factures").first.click()
    page.get_by_label("Accepter le paiement par carte").check()
    page.get_by_label("Proposer la carte jusqu’à").fill("5000")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Aucun compte Stripe n’est relié")).to_be_visible()
    story.owner.look("stripe-a-connecter")


def test_stripe_account_is_created(story: Story) -> None:
    page = story.owner.page
    page.get_by_role("link", name="Se connecter à Stripe").click()
    expect(page.get_by_text("Écran 1 sur 3")).to_be_visible()
    story.owner.look("stripe-guide-compte")
    stripe = story.owner.follow("Créer mon compte Stripe")
    story.owner.look("stripe-inscription", page=stripe)
    stripe.get_by_label("Nom de votre entreprise").fill("Atelier Lumen Lyon")
    stripe.get_by_label("E-mail").fill(OWNER)
    stripe.get_by_role("button", name="Créer le compte").click()
    give_phone_number(stripe)
    stripe.close()


def give_phone_number(stripe: Page) -> None:
    stripe.get_by_label("Téléphone portable").fill("06 12 34 56 78")
    stripe.get_by_role("button", name="Recevoir le code par SMS").click()
    stripe.get_by_label("Code à 6 chiffres").fill(stripe.get_by_text("Votre code de vérification").inner_text()[-6:])
    stripe.get_by_role("button", name="Continuer").click()
    stripe.wait_for_load_state()


def test_key_is_made_on_the_page_that_the_guide_opens(story: Story) -> None:
    page = story.owner.page
    page.get_by_role("link", name="J’ai un compte Stripe").click()
    story.owner.look("stripe-guide-cle")
    stripe = story.owner.follow("Ouvrir la page des clés")
    expect(stripe.get_by_text("Compte Atelier Lumen Lyon, mode test.")).to_be_visible()
    story.owner.look("stripe-page-des-cles", page=stripe)
    stripe.get_by_role("button", name="Créer la clé").click()
    story.key = stripe.locator("#key").inner_text()
    assert story.key.startswith("rk_test_")
    stripe.close()
    page.get_by_role("link", name="J’ai copié ma clé").click()


def test_wrong_key_is_refused_where_it_is_typed(story: Story) -> None:
    page = story.owner.page
    story.owner.look("stripe-guide-coller")
    page.get_by_label("Clé restreinte").fill("rk_test_inconnue")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_label("Clé restreinte")).to_have_attribute("aria-invalid", "true")
    story.owner.look("stripe-cle-refusee")


def test_key_is_pasted_and_its_permissions_listed(story: Story) -> None:
    page = story.owner.page
    page.get_by_label("Clé restreinte").fill(story.key)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", name="Connecter « Atelier Lumen Lyon » ?")).to_be_visible()
    expect(page.get_by_text("manque")).to_have_count(0)
    story.owner.look("stripe-confirmer")
    page.get_by_role("button", name="Connecter").click()
    expect(page.get_by_text("Connecté", exact=True)).to_be_visible()
    story.owner.look("stripe-connecte")
