"""Money that goes back: a refund, a contested payment, what reaches the bank account, and the health of the line."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.issuing import Issued, issue_another
from tests.browser.story import Story
from tests.browser.test_6_pay import ACCEPTED, choose_card

pytestmark = pytest.mark.browser


def paid_by_card(story: Story, *, description: str, price: str) -> Issued:
    """Another invoice, paid by its customer and told to the seller."""
    issued = issue_another(story, description=description, price=price)
    page = story.customer.page
    page.goto(issued.link)
    page.get_by_role("button", name=re.compile("^Payer .* par carte")).click()
    choose_card(page, ACCEPTED)
    page.get_by_role("button", name=re.compile("^Payer")).click()
    expect(page.get_by_text(re.compile("Payée le"))).to_be_visible()
    tell(story)
    story.owner.page.goto(issued.page)
    return issued


def tell(story: Story) -> None:
    story.installation.control("deliver")
    story.installation.work()


def latest_charge(story: Story) -> str:
    return str(_paid(story)["object"])


def account_of(story: Story) -> str:
    return str(_paid(story)["account"])


def _paid(story: Story) -> dict[str, Any]:
    """The latest payment that the sandbox told of."""
    [event, *_older] = story.installation.observe("events", type="charge.succeeded")
    return dict(event)


def test_a_part_is_refunded_and_the_customer_reads_it(story: Story) -> None:
    issued = paid_by_card(story, description="Lustre de la salle", price="200")
    page = story.owner.page
    story.owner.look("facture-a-rembourser")
    page.get_by_role("link", name=re.compile("^Rembourser le paiement de")).click()
    expect(page.get_by_text(re.compile("Stripe garde ses frais"))).to_be_visible()
    story.owner.look("rembourser")
    page.get_by_label("Une partie", exact=True).check()
    page.get_by_label("Montant, pour une partie").fill("40")
    page.get_by_label("À la demande du client").check()
    page.get_by_role("button", name="Rembourser").click()
    tell(story)
    page.goto(issued.page)
    expect(page.get_by_text("Remboursé", exact=True).first).to_be_visible()
    story.owner.look("facture-remboursee-en-partie")
    story.customer.page.goto(issued.link)
    expect(story.customer.page.get_by_text(re.compile(r"40,00\s€")).first).to_be_visible()
    story.customer.look("client-rembourse", whole=True)


def test_a_contested_payment_shows_its_deadline_and_a_loss_its_two_ends(story: Story) -> None:
    issued = paid_by_card(story, description="Applique du bar", price="150")
    page = story.owner.page
    dispute = story.installation.control(f"charges/{latest_charge(story)}/dispute", kind="chargeback")["dispute"]
    tell(story)
    page.reload()
    expect(page.get_by_text("Contestée", exact=True).first).to_be_visible()
    expect(page.get_by_role("link", name="Répondre dans Stripe")).to_be_visible()
    story.owner.look("facture-contestee")
    story.customer.page.goto(issued.link)
    expect(story.customer.page.get_by_role("button", name=re.compile("^Payer"))).to_have_count(0)
    story.customer.look("client-contestee")
    story.open("/")
    expect(page.get_by_text(re.compile("paiement contesté"))).to_be_visible()
    story.owner.look("accueil-contestation")
    story.installation.control(f"disputes/{dispute}/end", won="false")
    tell(story)
    page.goto(issued.page)
    story.owner.look("contestation-perdue")
    page.get_by_role("link", name="Réclamer à nouveau").click()
    story.owner.look("reclamer-a-nouveau")
    page.get_by_role("button", name="Réclamer à nouveau").click()
    expect(page.get_by_text("À payer", exact=True).first).to_be_visible()
    story.installation.run("verify")


def test_what_stripe_pays_out_is_explained_line_by_line(story: Story) -> None:
    payout = story.installation.control("payouts", account=account_of(story))["payout"]
    story.installation.control(f"payouts/{payout}/arrive")
    tell(story)
    page = story.owner.page
    story.open("/encaissements/virements/")
    story.owner.look("virements-stripe")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    story.owner.look("virement-stripe", whole=True)
    story.open("/encaissements/rapprochement/")
    story.owner.look("rapprochement-stripe")
    story.installation.run("verify")


def test_the_line_to_stripe_is_well_and_a_payment_without_invoice_finds_one(story: Story) -> None:
    page = story.owner.page
    story.open("/encaissements/sante/")
    expect(page.get_by_role("heading", name="Santé des paiements")).to_be_visible()
    story.owner.look("sante-des-paiements", whole=True)
    sale = {"amount": "1990", "description": "Vente au comptoir", "account": account_of(story)}
    story.installation.control("sales", **sale)
    tell(story)
    story.open("/encaissements/sans-facture/")
    expect(page.get_by_text(re.compile(r"19,90\s€")).first).to_be_visible()
    story.owner.look("sans-facture")
    page.get_by_role("link", name=re.compile("^Rattacher")).first.click()
    story.owner.look("rattacher")
    story.open("/encaissements/")
    story.owner.look("encaissements-tous")
    story.open("/configuration/devis-factures/")
    story.owner.look("configuration-paiement", whole=True)
