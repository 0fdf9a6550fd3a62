"""A second factor by an application of codes: linked from the secret shown, then asked for at the door."""

import base64
import hashlib
import hmac
import time

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.story import COLLEAGUE, PASSWORD, Story

pytestmark = pytest.mark.browser


def code_of(secret: str) -> str:
    """What an application shows at this moment: RFC 6238, six digits, thirty seconds, SHA-1."""
    key = base64.b32decode(secret.replace(" ", ""), casefold=True)
    digest = hmac.new(key, (int(time.time()) // 30).to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def test_an_application_of_codes_is_linked(story: Story) -> None:
    visitor = story.colleague = story.newcomer()
    page = visitor.page
    sign_in(story, page)
    expect(page.get_by_role("heading", name="Bonjour Bastien")).to_be_visible()
    account_menu(page).click()
    page.get_by_role("link", name="Mon compte").click()
    page.get_by_role("link", name="Clés d’accès et codes").click()
    page.get_by_role("link", name="Relier une application").click()
    confirm_password_if_asked(page)
    visitor.look("application-de-codes")
    story.codes_secret = page.get_by_label("Clé à taper, si vous ne pouvez pas scanner").input_value()
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Relier l’application").click()
    expect(page.get_by_label("Code", exact=True)).to_have_attribute("aria-invalid", "true")
    visitor.look("code-faux")
    assert page.get_by_label("Clé à taper, si vous ne pouvez pas scanner").input_value() == story.codes_secret
    type_code(story, "Relier l’application", until=page.get_by_role("heading", name="Vos codes de secours"))


def test_the_code_is_asked_for_at_the_door(story: Story) -> None:
    visitor = story.colleague
    page = visitor.page
    page.goto(story.installation.url)
    account_menu(page).click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", name="Connexion")).to_be_visible()
    sign_in(story, page)
    expect(page.get_by_role("heading", name="Confirmer que c’est vous")).to_be_visible()
    visitor.look("code-demande")
    page.goto(f"{story.installation.url}/factures/")
    expect(page.get_by_role("heading", name="Confirmer que c’est vous")).to_be_visible()
    type_code(story, "Se connecter", until=page.get_by_role("link", name="Accueil"))
    visitor.look("entre-par-le-code")


def sign_in(story: Story, page: Page) -> None:
    page.goto(f"{story.installation.url}/compte/connexion/")
    page.get_by_label("Adresse e-mail").fill(COLLEAGUE)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


def account_menu(page: Page) -> Locator:
    return page.get_by_label("Compte de Bastien Roy")


def confirm_password_if_asked(page: Page) -> None:
    password, secret = (
        page.get_by_label("Mot de passe"),
        page.get_by_label("Clé à taper, si vous ne pouvez pas scanner"),
    )
    expect(password.or_(secret)).to_be_visible()
    if password.is_visible():
        password.fill(PASSWORD)
        page.get_by_role("button", name="Confirmer").click()


def type_code(story: Story, button: str, *, until: Locator) -> None:
    """Type what the application shows; typed as the half minute ends, it is refused, and the next one is typed."""
    page = story.colleague.page
    code = page.get_by_label("Code", exact=True)
    refused = page.locator("[aria-invalid=true]")
    for _attempt in range(2):
        code.fill(code_of(story.codes_secret))
        page.get_by_role("button", name=button).click()
        expect(until.or_(refused)).to_be_visible()
        if until.is_visible():
            return
    raise AssertionError("two codes in a row were refused")
