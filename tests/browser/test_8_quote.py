"""A quote: written with an option, finalised, read and accepted by its customer, then invoiced."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.story import Story

pytestmark = pytest.mark.browser


def test_a_quote_is_accepted_on_line_and_becomes_an_invoice(story: Story) -> None:
    page = story.owner.page
    story.open("/devis/")
    story.owner.look("devis-vides")
    page.get_by_role("link", name=re.compile("premier devis|Nouveau devis")).first.click()
    page.get_by_role("button", name="Choisir un client").click()
    page.get_by_label("Nom, ville ou SIREN").fill("quai")
    page.get_by_role("button", name="Restaurant Le Quai").click()
    expect(page.get_by_role("button", name="Changer de client")).to_be_visible()
    page.get_by_label("Désignation").fill("Éclairage de la terrasse")
    page.get_by_label("Prix unitaire").fill("800")
    page.get_by_role("button", name="Ajouter une ligne").click()
    page.get_by_label("Désignation").nth(1).fill("Variateurs")
    page.get_by_label("Prix unitaire").nth(1).fill("100")
    page.get_by_role("checkbox", name="En option").nth(1).check()
    page.get_by_label("Lieu d’exécution").fill("2 quai des Célestins, Lyon")
    page.get_by_label("Acompte en %").fill("30")
    expect(page.get_by_text(re.compile(r"960,00\s€")).first).to_be_visible()
    story.owner.look("devis-editeur")
    page.get_by_role("button", name="Finaliser le devis").click()
    expect(page.get_by_role("heading", name="Contrôle avant émission")).to_be_visible()
    story.owner.look("devis-controle")
    page.get_by_role("button", name="Finaliser le devis").click()
    heading = page.get_by_role("heading", name=re.compile("^Devis ESSAI-D"))
    expect(heading).to_be_visible()
    story.owner.look("devis")
    quote_page = page.url
    page.get_by_role("link", name="Copier le lien").click()
    link = page.get_by_label("Lien sécurisé").input_value()

    signer = story.newcomer()
    customer = signer.page
    customer.goto(link)
    expect(customer.get_by_role("heading", name=re.compile("^Devis ESSAI-D"))).to_be_visible()
    signer.look("portail-devis")
    customer.get_by_label("Variateurs").check()
    expect(customer.get_by_text(re.compile(r"1\s080,00\s€")).first).to_be_visible()
    customer.get_by_label("Votre nom").fill("Claire Marchand")
    customer.get_by_role("button", name="Accepter le devis").click()
    expect(customer.get_by_text(re.compile("Cochez la case"))).to_be_visible()
    signer.look("portail-devis-refus")
    customer.get_by_label("J’ai lu et j’accepte ce devis.").check()
    customer.get_by_role("button", name="Accepter le devis").click()
    expect(customer.get_by_text(re.compile("Accepté le .* par Claire Marchand"))).to_be_visible()
    signer.look("portail-devis-accepte")

    page.goto(quote_page)
    expect(page.get_by_text(re.compile("Accepté en ligne par Claire Marchand")).first).to_be_visible()
    story.owner.look("devis-accepte")
    page.get_by_role("link", name="Facturer").click()
    page.get_by_label("Éclairage de la terrasse").fill("50")
    story.owner.look("devis-facturer")
    page.get_by_role("button", name="Préparer la facture").click()
    expect(page.get_by_role("heading", name="Brouillon de facture")).to_be_visible()
    page.goto(quote_page)
    expect(page.get_by_text("Reste à facturer")).to_be_visible()
    story.open("/devis/?etat=acceptes")
    expect(page.get_by_role("row").filter(has_text="Restaurant Le Quai")).to_be_visible()
    story.owner.look("devis-liste")
    story.installation.run("verify")
