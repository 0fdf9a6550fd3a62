"""The list, the paper plane, the mail that is ready, the link and the square to scan."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.story import CUSTOMER, Story

pytestmark = pytest.mark.browser


def test_list_is_filtered_and_searched(story: Story) -> None:
    page = story.owner.page
    story.open("/")
    page.get_by_role("link", name="Factures", exact=True).first.click()
    expect(page.get_by_text(story.number)).to_be_visible()
    page.get_by_role("link", name="En retard", exact=True).click()
    expect(page.get_by_text("Aucune facture dans cet état.")).to_be_visible()
    story.owner.look("factures-filtre-vide")
    page.get_by_role("link", name="À payer", exact=True).click()
    page.get_by_role("searchbox", name="Rechercher").fill("quai")
    page.keyboard.press("Enter")
    expect(page.get_by_text(story.number)).to_be_visible()
    story.owner.look("factures-recherche")


def test_mail_server_is_given_and_tried(story: Story) -> None:
    page = story.owner.page
    page.get_by_role("link", name=f"Envoyer {story.number}").click()
    expect(page.get_by_text("L’envoi d’e-mails n’est pas encore réglé.")).to_be_visible()
    story.owner.look("envoi-sans-serveur")
    page.get_by_role("link", name="Régler l’envoi des e-mails").click()
    page.get_by_label("Serveur SMTP").fill("localhost")
    page.get_by_label("Port").fill(str(story.installation.smtp_port))
    page.get_by_label("Chiffrement").select_option(label="Aucun (serveur sur cette machine)")
    page.get_by_label("Adresse d’expédition").fill("bonjour@atelier-lumen.example")
    page.get_by_label("Nom de l’expéditeur").fill("Atelier Lumen")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("button", name="Envoyer un essai").click()
    expect(page.get_by_text("Fonctionne")).to_be_visible()
    story.owner.look("e-mail-regle")


def test_paper_plane_sends_the_prepared_mail(story: Story) -> None:
    page = story.owner.page
    story.open("/factures/")
    story.owner.look("factures")
    page.get_by_role("link", name=f"Envoyer {story.number}").click()
    expect(page.get_by_label("À", exact=True)).to_have_value(CUSTOMER)
    subject = f"Facture {story.number} – Atelier Lumen EI – 1 441,58 € à régler avant le 31 décembre 2026"
    assert re.sub(r"\s", " ", page.get_by_label("Objet").input_value()) == subject
    story.owner.look("e-mail-prepare")
    page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(page.get_by_role("heading", name=f"Facture {story.number}")).to_be_visible()


def test_mail_arrives_with_its_link_and_its_paper(story: Story) -> None:
    story.installation.work()
    mails = story.installation.observe("mail", to=CUSTOMER)
    assert len(mails) == 1
    assert [paper["name"] for paper in mails[0]["attachments"]] == [f"facture-{story.number}.pdf"]
    story.link = next(link for link in mails[0]["links"] if "/p/l/" in link)
    mailbox = story.newcomer()
    mailbox.page.goto(f"{story.installation.sandbox_url}/mail")
    mailbox.page.get_by_role("link", name=f"Facture {story.number}").click()
    mailbox.look("e-mail-recu")
    mailbox.close()


def test_link_is_copied(story: Story) -> None:
    page = story.owner.page
    page.get_by_role("link", name="Copier le lien").click()
    expect(page.get_by_label("Lien sécurisé")).to_have_value(re.compile("/p/l/"))
    story.owner.look("lien")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copier le lien").click()
    expect(page.get_by_text("Lien copié")).to_be_visible()
    assert "/p/l/" in page.evaluate("navigator.clipboard.readText()")
    expect(page.get_by_role("link", name="Envoyer par SMS")).to_have_attribute("href", re.compile("^sms:"))


def test_square_is_held_out_to_the_customer(story: Story) -> None:
    page = story.owner.page
    page.get_by_role("link", name="Faire payer maintenant").click()
    expect(page.get_by_text("Ouvrez l’appareil photo du téléphone")).to_be_visible()
    story.owner.look("faire-payer-maintenant")
