"""Finalised once whatever the haste: a number, frozen, on paper."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.story import Story

pytestmark = pytest.mark.browser


def test_check_before_issue_says_what_follows(story: Story) -> None:
    page = story.owner.page
    page.get_by_role("button", name="Finaliser la facture").click()
    expect(page.get_by_role("heading", name="Contrôle avant émission")).to_be_visible()
    expect(page.get_by_text("Elle recevra son numéro et ne sera plus modifiable.")).to_be_visible()
    story.owner.look("controle-avant-emission")


def test_double_click_issues_once(story: Story) -> None:
    page = story.owner.page
    page.get_by_role("button", name="Finaliser la facture").dblclick()
    heading = page.get_by_role("heading", name=re.compile("^Facture ESSAI-"))
    expect(heading).to_be_visible()
    story.number = heading.inner_text().removeprefix("Facture ").strip()
    expect(page.get_by_text("À payer", exact=True)).to_be_visible()
    expect(page.get_by_role("img", name="Page 1 de la facture")).to_be_visible()
    story.owner.look("facture-emise")
    story.open("/factures/")
    expect(page.get_by_text(re.compile("^ESSAI-"))).to_have_count(1)


def test_pdf_is_downloaded(story: Story) -> None:
    page = story.owner.page
    page.get_by_role("link", name="Restaurant Le Quai").click()
    address = page.get_by_role("link", name="Télécharger (PDF)").get_attribute("href")
    answer = page.request.get(story.installation.url + str(address))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")
    assert story.number in answer.headers["content-disposition"]
    story.paper = answer.body()
