"""A key pasted in the third screen: what is wrong with it, under the field, and the key itself never shown again."""

import pytest
from django.test import Client

from reglo.payments.models import ProviderAccount
from sandbox.stripe import seed
from tests.bad_input.conftest import said
from tests.harness.rows import nothing_written
from tests.harness.stripe_world import LIVE_KEY, RESTRICTED_KEY, StripeWorld

PASTE = "/configuration/stripe/coller/"


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("", "Collez la clé que Stripe vous a montrée."),
        ("bonjour", "Ce n’est pas une clé restreinte"),
        ("rk_test_51NobodyHasThisKey", "Stripe ne reconnaît pas cette clé"),
        (seed.SELLER_SECRET_KEY, "C’est une clé secrète"),
        ("pk_test_51whatever", "C’est une clé publiable"),
        (LIVE_KEY, "« Atelier Lumen » est une entreprise d’essai. Utilisez une clé de test (rk_test_…)."),
        ("rk_test_" + "x" * 10_000, "au plus 300 caractères"),
        ("rk_test_\u202eمرحبا😀", "Ce n’est pas une clé restreinte"),
    ],
)
def test_a_wrong_key_is_refused_under_its_field(browser: Client, stripe: StripeWorld, key: str, sentence: str):
    with nothing_written():
        answer = browser.post(PASTE, {"key": key})

    assert answer.status_code == 422
    assert sentence in said(answer)
    assert not key or key not in answer.content.decode()


def test_a_revoked_key_is_refused(browser: Client, stripe: StripeWorld):
    stripe.revoke(RESTRICTED_KEY)
    with nothing_written():
        answer = browser.post(PASTE, {"key": RESTRICTED_KEY})

    assert answer.status_code == 422
    assert "révoquée" in said(answer)


def test_a_key_without_a_permission_connects_nothing(browser: Client, stripe: StripeWorld):
    stripe.command(f"keys/{RESTRICTED_KEY}/permissions", remove="rak_checkout_session_write")
    confirm = browser.post(PASTE, {"key": RESTRICTED_KEY})["Location"]
    assert "Sessions Checkout : écriture" in said(browser.get(confirm))
    with nothing_written(but={"payments_endpoint", "payments_provideraccount"}):  # what was tried, and what it lacked
        answer = browser.post(confirm)

    assert answer.status_code == 422
    assert "Il manque à cette clé : « Sessions Checkout : écriture »." in said(answer)
    assert ProviderAccount.objects.get().state == "pending"


def test_a_key_revoked_later_is_told_where_stripe_is_set(
    browser: Client, account: ProviderAccount, stripe: StripeWorld
):
    stripe.revoke(RESTRICTED_KEY)
    answer = browser.post(f"/configuration/stripe/{account.pk}/verifier/", follow=True)

    assert "Stripe refuse la clé : elle a été révoquée. Donnez-en une nouvelle." in said(answer)
    assert ProviderAccount.objects.get().state == "broken"


def test_no_page_shows_the_key_that_is_kept(browser: Client, account: ProviderAccount):
    pages = ["devis-factures/", "stripe/coller/", f"stripe/{account.pk}/"]
    assert not any(RESTRICTED_KEY in browser.get(f"/configuration/{page}").content.decode() for page in pages)
