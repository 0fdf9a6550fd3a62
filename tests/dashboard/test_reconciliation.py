"""Rapprochement Stripe: what does not match, by name, and the calm page when everything does."""

import re
from datetime import timedelta

from django.test import Client

from reglo.payments.models import Difference, ProviderAccount, Silence
from reglo.payments.services.compare_balances import compare_account
from reglo.payments.states import AccountState
from reglo.ports import clock as clock_port
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import RESTRICTED_KEY, StripeWorld
from tests.payments.conftest import account, running, stripe, world  # noqa: F401 (fixtures)
from tests.payments.test_difference_report import elsewhere

PAGE = "/encaissements/rapprochement/"


def text(browser: Client) -> str:
    return re.sub(r"[ \n]+", " ", browser.get(PAGE).content.decode())


def compared(account: ProviderAccount) -> None:  # noqa: F811 (the fixture)
    account.refresh_from_db()
    compare_account(account=account, now=clock_port.now())


def test_without_an_account_there_is_nothing_to_compare(browser: Client) -> None:
    assert "Aucun compte Stripe n’est connecté" in text(browser)


def test_before_the_first_night(browser: Client, account: ProviderAccount) -> None:  # noqa: F811 (the fixture)
    assert "La première comparaison se fait cette nuit." in text(browser)


def test_everything_matches(browser: Client, account: ProviderAccount) -> None:  # noqa: F811 (the fixture)
    compared(account)

    assert "Tout correspond au 22 novembre 2026." in text(browser)
    assert [task for task in browser.get("/").context["tasks"] if task.url == PAGE] == []


def test_what_does_not_match_is_named_with_a_button_and_home_counts_it(
    browser: Client,
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    account: ProviderAccount,  # noqa: F811 (the fixture)
    clock: FrozenClock,
) -> None:
    charge = elsewhere(stripe)
    compared(account)
    row = Difference.objects.get()

    shown = text(browser)
    assert charge in shown
    assert "Absent de Réglo" in shown
    assert "19,45\u00a0€" in shown
    task = next(task for task in browser.get("/").context["tasks"] if task.url == PAGE)
    assert task.text == "1 différence entre Stripe et vos comptes."

    answer = browser.post(f"{PAGE}{row.pk}/reprendre/", follow=True)
    assert "la différence demeure" in answer.content.decode()


def test_taking_again_what_agrees_now_says_so(
    browser: Client,
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    account: ProviderAccount,  # noqa: F811 (the fixture)
    clock: FrozenClock,
) -> None:
    elsewhere(stripe)
    compared(account)
    row = Difference.objects.get()
    Difference.objects.filter(id=row.id).update(resolved_at=clock.now())

    answer = browser.post(f"{PAGE}{row.pk}/reprendre/", follow=True)

    assert "Repris\u00a0: Stripe et vos comptes correspondent." in answer.content.decode()


def test_a_key_that_is_refused_is_said(
    browser: Client,
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    account: ProviderAccount,  # noqa: F811 (the fixture)
    clock: FrozenClock,
) -> None:
    elsewhere(stripe)
    compared(account)
    stripe.revoke(RESTRICTED_KEY)

    answer = browser.post(f"{PAGE}{Difference.objects.get().pk}/reprendre/", follow=True)

    assert "Le paiement par carte est momentanément indisponible." in answer.content.decode()
    account.refresh_from_db()
    assert account.state == AccountState.BROKEN


def test_a_long_silence_is_reported(browser: Client, account: ProviderAccount, clock: FrozenClock) -> None:  # noqa: F811 (the fixture)
    Silence.objects.create(
        company=account.company,
        account=account,
        from_at=clock.now() - timedelta(days=40),
        until_at=clock.now(),
        seen=12,
        lacking=3,
    )

    assert (
        "Du 13 octobre 2026 au 22 novembre 2026\u00a0: 12 objets relus chez Stripe, dont 3 que rien n’avait annoncés."
        in text(browser)
    )
