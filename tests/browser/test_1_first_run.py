"""From the link that `reglo setup` prints to a company with its people."""

import re

import pytest
from playwright.sync_api import Page, expect

from reglo.operations.demo.logo import lumen_logo
from tests.browser.story import COLLEAGUE, OWNER, PASSWORD, Story

pytestmark = pytest.mark.browser

STREET = re.compile("^Adresse( facultatif)?$")


def test_printed_link_makes_the_owner(story: Story) -> None:
    printed = story.installation.run("setup")
    page = story.owner.page
    page.goto(printed[printed.index("http://") :].strip())
    expect(page.get_by_role("heading", name="Bienvenue dans Réglo")).to_be_visible()
    story.owner.look("bienvenue")
    page.get_by_label("Votre nom").fill("Camille Lumen")
    page.get_by_label("Votre adresse e-mail").fill(OWNER)
    page.get_by_label("Mot de passe").fill("court")
    page.get_by_role("button", name="Créer mon compte").click()
    expect(page.get_by_label("Mot de passe")).to_have_attribute("aria-invalid", "true")
    story.owner.look("mot-de-passe-trop-court")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Créer mon compte").click()
    expect(page.get_by_role("heading", name="Votre entreprise")).to_be_visible()


def test_company_is_founded(story: Story) -> None:
    page = story.owner.page
    story.owner.look("entreprise-vide")
    page.get_by_label("Une entreprise d’essai").check()
    page.get_by_label("Nom ou raison sociale").fill("Atelier Lumen")
    page.get_by_label("SIREN").fill("123 456 789")
    page.get_by_role("button", name="Créer l’entreprise").click()
    expect(page.get_by_label("SIREN")).to_have_attribute("aria-invalid", "true")
    story.owner.look("siren-faux")
    page.get_by_label("SIREN").fill("732 829 320")
    page.get_by_label(STREET).fill("12 rue des Carmes")
    page.get_by_label("Code postal").fill("69001")
    page.get_by_label("Ville").fill("Lyon")
    page.get_by_label("Adresse e-mail").fill("bonjour@atelier-lumen.example")
    page.get_by_label("Régime de TVA").select_option(label="Réel normal, déclaration mensuelle")
    page.get_by_label("Fuseau horaire").select_option(label="Métropole (Paris)")
    story.owner.look("entreprise-remplie", whole=True)
    page.get_by_role("button", name="Créer l’entreprise").click()
    expect(page.get_by_text("Étape 2 sur 5")).to_be_visible()


def test_bank_logo_accounts_and_platform_are_given(story: Story) -> None:
    page, look = story.owner.page, story.owner.look
    look("banque")
    page.get_by_label("IBAN").fill("FR76 3000 6000 0112 3456 7890 188")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_label("IBAN")).to_have_attribute("aria-invalid", "true")
    look("iban-faux")
    page.get_by_label("IBAN").fill("FR76 3000 6000 0112 3456 7890 189")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Logo").set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": lumen_logo()})
    look("logo")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", name="Vos comptes comptables")).to_be_visible()
    look("comptes")
    page.get_by_role("button", name="Confirmer ces comptes").click()
    expect(page.get_by_text("1er septembre 2026")).to_be_visible()
    look("reception")
    page.get_by_label("Plateforme").fill("Ma banque")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", name="À faire")).to_be_visible()
    look("accueil-vide")


def test_colleague_is_invited_and_comes_in(story: Story) -> None:
    page = story.owner.page
    page.get_by_role("link", name="Configuration").click()
    story.owner.look("configuration")
    page.get_by_role("link", name="Personnes").first.click()
    page.get_by_label("Adresse e-mail").fill(COLLEAGUE)
    page.get_by_label("Collaborateur :").check()
    page.get_by_role("button", name="Préparer l’invitation").click()
    link = page.get_by_label("Lien d’invitation").input_value()
    story.owner.look("invitation")
    colleague = story.newcomer()
    colleague.page.goto(link)
    expect(colleague.page.get_by_role("heading", name="Rejoindre Atelier Lumen")).to_be_visible()
    colleague.look("invitation-ouverte")
    colleague.page.get_by_label("Votre nom").fill("Bastien Roy")
    colleague.page.get_by_label("Mot de passe").fill(PASSWORD)
    colleague.page.get_by_role("button", name="Créer mon compte").click()
    expect(colleague.page.get_by_role("link", name="Accueil")).to_be_visible()
    colleague.look("accueil-collaborateur")
    expect(colleague.page.get_by_role("link", name="Configuration")).to_have_count(0)
    colleague.close()


def test_passkey_opens_the_account(story: Story) -> None:
    page = story.owner.page
    plug_authenticator(page)
    page.get_by_label("Compte de Camille Lumen").click()
    page.get_by_role("link", name="Mon compte").click()
    story.owner.look("mon-compte")
    page.get_by_role("link", name="Clés d’accès et codes").click()
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    confirm_password_if_asked(page)
    page.get_by_label("Nom de la clé").fill("Téléphone")
    story.owner.look("cle-d-acces")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", name="Vos codes de secours")).to_be_visible()
    story.owner.look("codes-de-secours")
    sign_out(page)
    expect(page.get_by_role("heading", name="Connexion")).to_be_visible()
    story.owner.look("connexion")
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    expect(page.get_by_role("heading", name="Bonjour Camille")).to_be_visible()


def plug_authenticator(page: Page) -> None:
    """A device that answers for its owner, as a telephone does after a fingerprint."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    verified = {"hasUserVerification": True, "isUserVerified": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": kind | verified})


def confirm_password_if_asked(page: Page) -> None:
    """Only somebody who signed in long ago is asked; on a slow machine that is this story too."""
    password, next_page = page.get_by_label("Mot de passe"), page.get_by_label("Nom de la clé")
    expect(password.or_(next_page)).to_be_visible()
    if password.is_visible():
        password.fill(PASSWORD)
        page.get_by_role("button", name="Confirmer").click()


def sign_out(page: Page) -> None:
    page.goto("/".join(page.url.split("/")[:3]))
    page.get_by_label("Compte de Camille Lumen").click()
    page.get_by_role("button", name="Se déconnecter").click()
