"""Money that came by hand: in part, whole, undone; the month and its file."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.issuing import issue_another
from tests.browser.story import Story

pytestmark = pytest.mark.browser


def collect(story: Story, *, amount: str, method: str) -> None:
    page = story.owner.page
    page.get_by_role("link", name="Ajouter un encaissement").click()
    page.get_by_label("Montant reçu").fill(amount)
    page.get_by_label(method, exact=True).check()
    page.get_by_role("button", name="Ajouter l’encaissement").click()


def state_of(story: Story) -> str:
    story.owner.page.goto(story.collected_page)
    return str(story.owner.page.locator(".pill").first.inner_text())


def test_cash_above_the_limit_is_refused_with_its_reason(story: Story) -> None:
    issued = issue_another(story, description="Éclairage de la terrasse", price="2000")
    story.collected_page, story.collected_number = issued.page, issued.number
    collect(story, amount="1500", method="Espèces")
    page = story.owner.page
    expect(page.get_by_text(re.compile(r"La loi limite à 1\s000,00\s€")).first).to_be_visible()
    story.owner.look("especes-refusees")
    assert state_of(story) == "À payer"


def test_part_then_the_rest_is_collected(story: Story) -> None:
    collect(story, amount="1000", method="Chèque")
    expect(story.owner.page.get_by_text("Payée en partie", exact=True)).to_be_visible()
    story.owner.look("facture-payee-en-partie")
    story.owner.page.get_by_role("link", name="Ajouter un encaissement").click()
    story.owner.look("ajouter-un-encaissement")
    story.owner.page.get_by_role("link", name=f"Facture {story.collected_number}").click()
    collect(story, amount="1400", method="Virement")
    expect(story.owner.page.get_by_text("Payée", exact=True)).to_be_visible()


def test_collection_is_undone(story: Story) -> None:
    page = story.owner.page
    story.open("/encaissements/")
    story.owner.look("encaissements")
    page.get_by_role("row").filter(has_text=re.compile(r"1\s400,00")).get_by_role("link", name="Annuler").click()
    page.get_by_label("Pourquoi ?").fill("Virement rejeté")
    story.owner.look("annuler-un-encaissement")
    page.get_by_role("button", name="Annuler l’encaissement").click()
    assert state_of(story) == "Payée en partie"
    story.installation.run("verify")


def test_month_is_listed_and_taken_away(story: Story) -> None:
    page = story.owner.page
    story.open("/encaissements/")
    page.get_by_role("link", name="Par mois").click()
    expect(page.get_by_role("heading", name="Décembre 2026")).to_be_visible()
    expect(page.get_by_role("heading", name="Par taux de TVA")).to_be_visible()
    story.owner.look("encaissements-du-mois")
    address = page.get_by_role("link", name="Télécharger (CSV)").get_attribute("href")
    file = page.request.get(story.installation.url + str(address))
    assert file.headers["content-type"].startswith("text/csv")
    assert story.number in file.text()
    assert story.collected_number in file.text()
