"""*Santé des paiements*: what the page says of the line to Stripe, and what its buttons do."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from reglo import secrets
from reglo.companies.models import Company
from reglo.config.reactions import REACTIONS
from reglo.dashboard.durations import duration
from reglo.dashboard.parked_work import WORK, why_not
from reglo.events.kinds import Kind
from reglo.events.models import Reaction
from reglo.events.record import record
from reglo.events.states import ReactionState
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.payments.models import Endpoint, PaymentAttempt, ProviderAccount, ProviderEvent
from reglo.payments.queries import endpoint_of
from reglo.payments.services import sweep
from reglo.payments.states import AccountState, NoticeState
from reglo.ports import clock as clock_port
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import RESTRICTED_KEY, StripeWorld
from tests.payments.conftest import account, invoice, running, start, stripe, world  # noqa: F401 (fixtures)

PAGE = "/encaissements/sante/"
Start = Callable[[Invoice], PaymentAttempt]


def words(answer: HttpResponse) -> str:
    """The text of a page, every space a plain one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def page(browser: Client) -> str:
    return words(browser.get(PAGE))


def remove_endpoint(stripe: StripeWorld, account: ProviderAccount) -> None:  # noqa: F811 (the fixtures)
    endpoint = endpoint_of(account)
    assert endpoint is not None
    stripe.provider().clients.of({"api_key": RESTRICTED_KEY}).v1.webhook_endpoints.delete(endpoint.external_id)


def test_without_account_it_says_what_to_do(browser: Client):
    shown = page(browser)

    assert "Aucun compte Stripe n’est relié" in shown
    assert "Rien n’est bloqué." in shown
    assert "Chaque paiement reçu a sa facture." in shown


def test_a_line_that_works_is_told_in_figures(
    browser: Client,
    stripe: StripeWorld,  # noqa: F811 (the fixtures)
    invoice: Invoice,  # noqa: F811 (the fixture)
    start: Start,  # noqa: F811 (the fixture)
    clock: FrozenClock,
):
    run_until_idle()
    stripe.deliver()
    stripe.pay(start(invoice))
    stripe.deliver()
    clock.advance(minutes=7)
    run_until_idle()
    ProviderEvent.objects.filter(kind="charge.succeeded").update(
        applied_at=clock.now() + timedelta(hours=3), state=NoticeState.APPLIED
    )

    shown = page(browser)

    assert "Stripe : Atelier Lumen (simulé)" in shown
    assert "Acceptée" in shown
    assert "En place" in shown
    assert "7 min d’ordinaire, 3 h au pire" in shown
    assert "Notifications en attente 0" in shown
    assert "Stripe n’a rien envoyé" not in shown


def test_what_waits_is_counted_with_its_age(
    browser: Client,
    stripe: StripeWorld,  # noqa: F811 (the fixtures)
    invoice: Invoice,  # noqa: F811 (the fixture)
    start: Start,  # noqa: F811 (the fixture)
    clock: FrozenClock,
):
    stripe.deliver()
    run_until_idle()
    stripe.pay(start(invoice))
    stripe.deliver()
    clock.advance(minutes=12)

    assert "Notifications en attente 3 la plus ancienne depuis 12 min" in page(browser)


def test_silence_is_told_only_when_there_was_something_to_say(
    browser: Client,
    stripe: StripeWorld,  # noqa: F811 (the fixtures)
    invoice: Invoice,  # noqa: F811 (the fixture)
    start: Start,  # noqa: F811 (the fixture)
    account: ProviderAccount,  # noqa: F811 (the fixture)
    clock: FrozenClock,
):
    clock.advance(hours=24)
    assert "rien envoyé" not in page(browser)
    stripe.tell_time()
    stripe.pay(start(invoice))  # nobody delivers
    sweep(now=clock.now())
    clock.advance(hours=2)

    shown = page(browser)

    assert "Stripe n’a rien envoyé depuis 26 h." in shown
    assert "Il s’est pourtant passé quelque chose" in shown
    assert ("Stripe n’a rien envoyé depuis 26 h.", "Vérifier", PAGE) in [
        (task.text, task.button, task.url) for task in browser.get("/").context["tasks"]
    ]


@pytest.mark.parametrize(
    ("skew", "sentence"),
    [
        (420, "L’horloge de ce serveur avance de 7 min : les notifications sont refusées."),
        (-420, "L’horloge de ce serveur retarde de 7 min : les notifications sont refusées."),
        (90, "L’horloge de ce serveur avance de 90 s : mettez-la à l’heure."),
        (-300, "L’horloge de ce serveur retarde de 5 min : mettez-la à l’heure."),
        (60, "Horloge de ce serveur À l’heure"),
    ],
)
def test_a_wrong_clock_is_told_as_what_it_causes(browser: Client, account: ProviderAccount, skew: int, sentence: str):  # noqa: F811 (the fixture)
    ProviderAccount.objects.update(clock_skew_seconds=skew)

    assert sentence in page(browser)


def test_check_now_asks_and_keeps_what_is_found(browser: Client, account: ProviderAccount, stripe: StripeWorld):  # noqa: F811 (the fixtures)
    remove_endpoint(stripe, account)

    answer = browser.post(f"/configuration/stripe/{account.id}/verifier/")

    assert answer["Location"] == PAGE
    shown = page(browser)
    assert "Supprimé ou désactivé chez Stripe" in shown
    assert "Recréer le point de réception" in shown


def test_recreating_makes_it_call_again(browser: Client, account: ProviderAccount, stripe: StripeWorld):  # noqa: F811 (the fixtures)
    remove_endpoint(stripe, account)
    browser.post(f"/configuration/stripe/{account.id}/verifier/")

    answer = browser.post(f"/configuration/stripe/{account.id}/recreer/")

    assert answer["Location"] == PAGE
    shown = page(browser)
    assert "Stripe nous prévient à nouveau." in shown
    assert "En place" in shown


def test_the_secret_is_renewed_once_a_day(browser: Client, account: ProviderAccount):  # noqa: F811 (the fixture)
    before = Endpoint.objects.get().sealed_secret
    browser.post(f"/configuration/stripe/{account.id}/secret/")
    renewed = Endpoint.objects.get()
    assert renewed.sealed_secret != before
    assert "L’ancien est accepté encore 24 h." in page(browser)

    browser.post(f"/configuration/stripe/{account.id}/secret/")

    assert Endpoint.objects.get().sealed_secret == renewed.sealed_secret
    assert "Renouvelez-le demain." in page(browser)


def test_a_revoked_key_is_an_alert_on_every_page_until_it_mends(browser: Client, account: ProviderAccount):  # noqa: F811 (the fixture)
    assert "Stripe refuse la clé" not in words(browser.get("/factures/"))

    ProviderAccount.objects.update(state=AccountState.BROKEN)

    anywhere = browser.get("/factures/")
    assert "Stripe refuse la clé : elle a été révoquée. Donnez-en une nouvelle. Reconnecter" in words(anywhere)
    assert 'href="/configuration/stripe/"' in anywhere.content.decode()
    assert "Reconnecter le compte" in page(browser)


def test_lost_encryption_keys_are_told(browser: Client, account: ProviderAccount, lost_keys: None):  # noqa: F811 (the fixture)
    shown = page(browser)

    assert "Illisible" in shown
    assert "REGLO_ENCRYPTION_KEYS a changé" in shown


@pytest.fixture
def lost_keys(settings: Any) -> Any:
    """Another key than the one that sealed everything."""
    secrets.configure([b"x" * 32])
    yield
    secrets.configure(settings.ENV.encryption_keys)


def parked(company: Company, *, error: str, name: str = "reglo.payments.tasks.apply_received") -> Reaction:
    with transaction.atomic():
        event = record(kind=Kind.COMPANY_CHANGED, company_id=company.pk, subject=company, now=clock_port.now())
    return Reaction.objects.create(
        event=event, name=name, state=ReactionState.PARKED, not_before=clock_port.now(), last_error=error, attempts=10
    )


def test_what_is_stuck_says_what_it_is_and_why(browser: Client, company: Company):
    parked(company, error="Retryable: Le service de paiement ne répond pas pour le moment.")
    parked(company, error="KeyError: 'x'", name="reglo.delivery.tasks.send_queued")

    shown = page(browser)

    assert (
        "Reporter dans vos comptes ce que Stripe annonce Le service de paiement ne répond pas pour le moment." in shown
    )
    assert "Envoyer un e-mail Le programme s’est trompé (KeyError)." in shown


def test_one_is_tried_again_from_here_and_then_all(browser: Client, company: Company):
    one, *others = [parked(company, error="Retryable: x") for _each in range(3)]

    answer = browser.post(f"/reessayer/{one.pk}/", {"page": "health"})
    assert answer["Location"] == PAGE
    assert set(Reaction.objects.filter(pk__in=[other.pk for other in others]).values_list("state", flat=True)) == {
        ReactionState.PARKED
    }
    browser.post("/reessayer/")

    assert not Reaction.objects.filter(state=ReactionState.PARKED).exists()
    assert "2 nouveaux essais dans un instant." in page(browser)


def test_every_reaction_has_words():
    assert WORK.keys() == {name for names in REACTIONS.values() for name in names}


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        ("", ""),
        ("Le disque est plein.", "Le disque est plein."),
        (
            "AccountBroken: Le paiement par carte est momentanément indisponible.",
            "Le paiement par carte est momentanément indisponible.",
        ),
        (
            "ValueError: secret 42",
            "Le programme s’est trompé (ValueError). Si cela revient, prévenez qui s’occupe du serveur.",
        ),
    ],
)
def test_why_it_is_stuck_is_a_sentence(error: str, shown: str):
    assert why_not(error) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (timedelta(seconds=-45), "45 s"),
        (timedelta(minutes=7), "7 min"),
        (timedelta(hours=26), "26 h"),
        (timedelta(days=3), "3 jours"),
    ],
)
def test_durations_take_their_largest_good_unit(value: timedelta, shown: str):
    assert duration(value).replace("\xa0", " ") == shown
