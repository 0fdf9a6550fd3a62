"""Where the installation has a Stripe platform, no key is copied: the account is chosen, and *Connecter* pressed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from sandbox.stripe import seed
from tests.browser.conftest import SCREENS
from tests.browser.installation import Installation
from tests.browser.story import OWNER, PASSWORD, Story
from tests.browser.test_2_stripe import give_phone_number
from tests.browser.visitor import Gallery

pytestmark = pytest.mark.browser


@pytest.fixture
def platform(chromium: Browser, tmp_path: Path) -> Iterator[Story]:
    installation = Installation(
        tmp_path / "reglo",
        REGLO_STRIPE_CLIENT_ID=seed.PLATFORM_CLIENT_ID,
        REGLO_STRIPE_PLATFORM_KEY=seed.PLATFORM_SECRET_KEY,
    )
    story = Story(installation, chromium, Gallery(SCREENS / "oauth"), 1280, 900)
    yield story
    story.close()
    installation.stop()


def found_company(story: Story) -> None:
    printed = story.installation.run("setup")
    page = story.owner.page
    page.goto(printed[printed.index("http") :].strip())
    page.get_by_label("Votre nom").fill("Camille Lumen")
    page.get_by_label("Votre adresse e-mail").fill(OWNER)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Créer mon compte").click()
    page.get_by_label(re.compile("^Une entreprise d.essai")).check()
    page.get_by_label("Nom ou raison sociale").fill("Atelier Lumen")
    page.get_by_role("button", name="Créer l’entreprise").click()
    expect(page.get_by_text("Étape 2 sur 5")).to_be_visible()


def test_account_is_created_and_connected_without_a_key(platform: Story) -> None:
    found_company(platform)
    page, look = platform.owner.page, platform.owner.look
    platform.open("/configuration/devis-factures/")
    page.get_by_role("link", name="Se connecter à Stripe").click()
    expect(page.get_by_text("souhaite se connecter à votre compte Stripe")).to_be_visible()
    look("stripe-choisir-un-compte")
    page.get_by_role("link", name="Créer un compte").click()
    page.get_by_label("Nom de votre entreprise").fill("Atelier Lumen Lyon")
    page.get_by_label("E-mail").fill(OWNER)
    page.get_by_role("button", name="Créer le compte").click()
    give_phone_number(page)
    expect(page.get_by_role("heading", name="Connecter Atelier Lumen Lyon")).to_be_visible()
    look("stripe-connecter")
    page.get_by_role("button", name="Connecter").click()
    expect(page.get_by_text("Connecté", exact=True)).to_be_visible()
    look("connecte")
