"""Lines move, come from a spreadsheet or the catalogue, stand under titles; all of it on another draft, thrown away."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.story import Story
from tests.browser.test_3_write import expect_totals

pytestmark = pytest.mark.browser

TABLE = "Câble\t12,5\tm\t1,20\t20 %\nInterrupteur\t3\tu\t18,00 €\t20 %"
PASTE = """(field, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def texts(page: Page) -> list[str]:
    """What the lines say, from top to bottom."""
    return page.locator("[data-line]:not([hidden]) [data-line-text]").evaluate_all("all => all.map(one => one.value)")


def field(page: Page, words: str) -> Locator:
    """The text of the line that says `words`."""
    return page.locator("[data-line-text]").nth(texts(page).index(words))


def test_another_invoice_is_begun_with_titles(story: Story) -> None:
    story.first_draft = story.owner.page.url
    page = story.owner.page
    story.open("/factures/nouvelle/")
    page.get_by_label("Désignation").fill("Pose")
    page.get_by_label("Prix unitaire").fill("60")
    for kind, label, words in (
        ("Section", "Titre de la section", "Séjour"),
        ("Commentaire", "Commentaire", "Garantie deux ans"),
    ):
        page.get_by_role("button", name=kind, exact=True).click()
        page.get_by_label(label).fill(words)
    page.get_by_role("button", name="Sous-total", exact=True).click()
    expect_totals(page, {"Total HT": "60,00 €", "Total TTC": "72,00 €"})
    assert texts(page) == ["Pose", "Séjour", "Garantie deux ans", ""]


def test_a_line_moves_with_the_keyboard_and_its_menu(story: Story) -> None:
    page = story.owner.page
    field(page, "Séjour").press("Alt+ArrowUp")
    assert texts(page) == ["Séjour", "Pose", "Garantie deux ans", ""]
    expect(field(page, "Séjour")).to_be_focused()
    expect(page.locator("[data-lines-said]")).to_have_text("Ligne déplacée\u00a0: 1 sur 4.")
    row = page.locator("[data-line]").nth(2)
    row.get_by_label("Actions sur cette ligne").click()
    story.owner.look("menu-d-une-ligne")
    row.get_by_role("button", name="Descendre").click()
    assert texts(page) == ["Séjour", "Pose", "", "Garantie deux ans"]
    page.keyboard.press("Escape")
    expect(page.locator("[data-line]").nth(2).locator("output")).to_have_text("60,00")


def test_a_line_is_dragged(story: Story) -> None:
    page = story.owner.page
    grip = page.locator("[data-line]").nth(3).locator("[data-line-grip]")
    grip.scroll_into_view_if_needed()
    place, there = grip.bounding_box(), page.locator("[data-line]").nth(1).bounding_box()
    assert place is not None
    assert there is not None
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.mouse.down()
    page.mouse.move(place["x"] + 4, there["y"] + 4, steps=12)
    page.mouse.up()
    assert texts(page) == ["Séjour", "Garantie deux ans", "Pose", ""]
    expect(page.locator("[data-line]").nth(3).locator("output")).to_have_text("60,00")


def test_cells_of_a_spreadsheet_become_lines_and_go(story: Story) -> None:
    page = story.owner.page
    field(page, "Pose").evaluate(PASTE, TABLE)
    expect(page.get_by_text("2 lignes collées.")).to_be_visible()
    assert texts(page) == ["Séjour", "Garantie deux ans", "Pose", "Câble", "Interrupteur", ""]
    expect_totals(page, {"Total HT": "129,00 €"})
    story.owner.look("lignes-collees")
    page.get_by_role("button", name="Annuler", exact=True).first.click()
    expect(page.get_by_text("2 lignes collées.")).to_have_count(0)
    assert texts(page) == ["Séjour", "Garantie deux ans", "Pose", ""]


def test_a_table_that_is_not_understood_stays_in_its_dialog(story: Story) -> None:
    page = story.owner.page
    field(page, "Pose").focus()
    field(page, "Pose").evaluate(PASTE, TABLE.replace("12,5", "douze"))
    dialog = page.get_by_role("dialog", name="Coller un tableau")
    expect(dialog.get_by_text(re.compile("« douze »".replace(" ", r"\s")))).to_be_visible()
    story.owner.look("tableau-refuse")
    dialog.get_by_label("Cellules copiées").fill("Câble\t2\tm\t1,20")
    dialog.get_by_role("button", name="Ajouter ces lignes").click()
    expect(page.get_by_text("1 ligne collée.")).to_be_visible()
    assert texts(page) == ["Séjour", "Garantie deux ans", "Pose", "Câble", ""]


def test_an_article_is_kept_then_chosen_with_the_keyboard(story: Story) -> None:
    page = story.owner.page
    row = page.locator("[data-line]").nth(2)
    row.get_by_label("Actions sur cette ligne").click()
    row.get_by_role("button", name="Ajouter au catalogue").click()
    expect(page.get_by_text("Article ajouté au catalogue.")).to_be_visible()
    text = page.locator("[data-line]").nth(3).locator("[data-line-text]")
    text.fill("pos")
    expect(page.get_by_role("option", name=re.compile("Pose"))).to_be_visible()
    text.press("ArrowDown")
    story.owner.look("articles-proposes")
    text.press("Enter")
    expect(page.locator("[data-line]").nth(3).locator("[name$=unit_price]")).to_have_value("60,00")
    assert texts(page) == ["Séjour", "Garantie deux ans", "Pose", "Pose", ""]


def test_a_discount_on_the_whole(story: Story) -> None:
    page = story.owner.page
    page.get_by_label("Remise sur le total").fill("10")
    expect(page.locator("#sums")).to_contain_text(re.compile(r"Remise\s10\s%"))
    page.locator("#lines").scroll_into_view_if_needed()
    story.owner.look("sections-et-remise", whole=True)


def test_that_invoice_is_thrown_away(story: Story) -> None:
    page = story.owner.page
    page.get_by_role("link", name="Supprimer ce brouillon").click()
    page.get_by_role("button", name="Supprimer le brouillon").click()
    expect(page.get_by_text("Brouillon supprimé.")).to_be_visible()
    page.goto(story.first_draft)
    expect_totals(page, {"Total TTC": "1 441,58 €"})
