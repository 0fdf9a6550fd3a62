"""A credit note: an amount chosen, its total live, controlled, issued; the invoice asks for the rest."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.issuing import issue_another
from tests.browser.story import Story

pytestmark = pytest.mark.browser


def test_a_part_is_credited(story: Story) -> None:
    page = story.owner.page
    issued = issue_another(story, description="Applique de l’escalier", price="500")
    page.get_by_role("link", name="Créer un avoir").click()
    expect(page.get_by_label("Toute la facture")).to_be_checked()
    page.get_by_label("Un montant").check()
    page.get_by_label("Montant TTC").fill("120")
    expect(page.get_by_text(re.compile(r"480,00\s€"))).to_be_visible()
    page.get_by_label("Motif de l’avoir").fill("Geste commercial")
    story.owner.look("creer-un-avoir")
    page.wait_for_load_state("networkidle")  # the sums of the last key have come
    page.get_by_role("button", name="Contrôler l’avoir").click()
    expect(page.get_by_text("Il recevra son numéro et ne sera plus modifiable.")).to_be_visible()
    story.owner.look("controle-avoir")
    page.get_by_role("button", name="Émettre l’avoir").click()
    expect(page.get_by_role("heading", name=re.compile("^Avoir ESSAI-A2026-"))).to_be_visible()
    story.owner.look("avoir")
    page.get_by_role("link", name=re.compile(f"Avoir sur la facture {issued.number}")).click()
    expect(page.get_by_text(re.compile(r"480,00\s€")).first).to_be_visible()
    story.owner.look("facture-creditee-en-partie")
    story.open("/factures/?etat=avoirs")
    expect(page.get_by_role("row").filter(has_text=re.compile(r"120,00"))).to_be_visible()
    story.installation.run("verify")
