"""Paid by itself, once, whatever is said twice, late or never."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.issuing import issue_another
from tests.browser.story import CUSTOMER, Story
from tests.browser.test_6_pay import ASKED_BY_THE_BANK, choose_card

pytestmark = pytest.mark.browser

PAID_ONCE = re.compile(r"Payée par carte, 1\s441,58\s€, frais 21,87\s€")


def receipts(story: Story, number: str) -> list[str]:
    """The Message-ID of every receipt that reached the customer for this invoice."""
    mails = story.installation.observe("mail", to=CUSTOMER)
    return [mail["message_id"] for mail in mails if mail["subject"].startswith("Reçu") and number in mail["subject"]]


def test_dashboard_tells_who_when_how_and_the_fee(story: Story) -> None:
    page = story.owner.page
    story.installation.control("deliver")
    story.installation.work()
    story.open("/factures/")
    row = page.get_by_role("row").filter(has_text=story.number)
    expect(row.get_by_text("Payée", exact=True)).to_be_visible()
    story.owner.look("factures-payee")
    row.get_by_role("link", name="Restaurant Le Quai").click()
    expect(page.get_by_text(PAID_ONCE)).to_have_count(1)
    expect(page.get_by_text("Lien consulté").first).to_be_visible()
    expect(page.get_by_text(f"Envoyée à {CUSTOMER}")).to_be_visible()
    story.owner.look("facture-payee")


def test_customer_has_exactly_one_receipt(story: Story) -> None:
    assert len(receipts(story, story.number)) == 1


def test_webhook_told_twice_changes_nothing(story: Story) -> None:
    for event in story.installation.observe("events", type="charge.succeeded"):
        story.installation.control(f"events/{event['id']}/deliver", how="twice")
    story.installation.work()
    story.owner.page.reload()
    expect(story.owner.page.get_by_text(PAID_ONCE)).to_have_count(1)
    assert len(receipts(story, story.number)) == 1


def test_web_killed_and_webhook_never_told_is_paid_within_a_sweep(story: Story) -> None:
    page, customer = story.owner.page, story.customer
    issued = issue_another(story, description="Dépannage de l’enseigne", price="200")
    story.installation.control("hold")
    customer.page.goto(issued.link)
    customer.page.get_by_role("button", name=re.compile(r"^Payer 240,00\s€ par carte")).click()
    choose_card(customer.page, ASKED_BY_THE_BANK)
    customer.page.get_by_role("button", name=re.compile("^Payer")).click()
    expect(customer.page.get_by_role("button", name="Autoriser")).to_be_visible()
    story.installation.kill_web()
    customer.page.get_by_role("button", name="Autoriser").click(no_wait_after=True)
    story.installation.start_web()
    customer.complaints.clear()  # the browser said that nobody answered, and it was right
    story.installation.move_by(timedelta(minutes=15))
    story.installation.work()
    page.goto(issued.page)
    expect(page.get_by_text("Payée", exact=True)).to_be_visible()
    customer.page.goto(issued.link)
    expect(customer.page.get_by_text("Payée le 1er décembre 2026 par carte")).to_be_visible()
    story.installation.control("release")
    story.installation.control("deliver")
    story.installation.work()
    page.reload()
    expect(page.get_by_text(re.compile(r"Payée par carte, 240,00\s€, frais 3,85\s€"))).to_have_count(1)
    assert len(receipts(story, issued.number)) == 1


def test_books_balance(story: Story) -> None:
    page = story.owner.page
    story.open("/")
    expect(page.get_by_role("heading", name="À faire")).to_be_visible()
    story.owner.look("accueil")
    story.open("/comptabilite/")
    story.owner.look("journal")
    page.get_by_role("link", name="Balance", exact=True).click()
    total = page.get_by_role("row").filter(has_text="Total").get_by_role("cell")
    expect(total).to_have_count(2)  # the click has led there
    debit, credit = total.all_inner_texts()
    assert debit == credit != ""
    story.owner.look("balance")
    story.installation.run("verify")
