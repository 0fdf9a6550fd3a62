from uuid import UUID

import pytest
from django.core.cache import cache

from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.payments.models import Payment, PaymentAttempt
from reglo.payments.states import AttemptState
from reglo.portal.rate_limits import Limit
from reglo.portal.return_tokens import attempt_id_of, return_token
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import StripeWorld
from tests.portal.conftest import Browser, words_of


@pytest.fixture
def attempt(payable: Invoice, browser: Browser) -> PaymentAttempt:
    browser.pay()
    return PaymentAttempt.objects.get()


@pytest.fixture
def address(attempt: PaymentAttempt) -> str:
    return f"/p/retour/{return_token(attempt.id)}"


def test_the_payer_comes_back_to_payee(
    attempt: PaymentAttempt, address: str, browser: Browser, stripe: StripeWorld
) -> None:
    paid = stripe.pay(attempt)
    assert paid.headers["Location"] == f"http://localhost:8000{address}"
    answer = browser.client.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (303, browser.page)
    assert "Payée le 22 novembre 2026 par carte" in browser.see()
    assert Payment.objects.count() == 1


def test_another_browser_reads_the_state_of_this_payment_alone(
    attempt: PaymentAttempt, address: str, browser: Browser, stranger: Browser, stripe: StripeWorld
) -> None:
    stripe.pay(attempt)
    answer = stranger.client.get(address)
    page = words_of(answer)
    assert answer.status_code == 200
    assert "Merci, votre paiement est arrivé" in page
    assert "1 240,00 € payés par carte" in page
    for secret in ("F2026", "Chloé", "chloe@", "Pose de luminaires", "FR76", str(attempt.id)):
        assert secret not in page, secret
    assert answer.cookies == {}
    assert stranger.client.get(browser.page).status_code == 404
    assert Payment.objects.count() == 1


def test_while_it_is_on_its_way_the_page_asks_again(
    attempt: PaymentAttempt, address: str, stranger: Browser, browser: Browser
) -> None:
    page = words_of(stranger.client.get(address))
    assert "Votre paiement est en cours de traitement. Inutile de payer à nouveau." in page
    assert f'hx-get="{address}" hx-trigger="every 2s"' in page
    assert '<meta http-equiv="refresh" content="4">' in page
    again = words_of(stranger.client.get(address, headers={"HX-Request": "true"}))
    assert again.startswith("<div")
    assert "hx-get" in again


def test_the_waiting_page_moves_on_by_itself(
    attempt: PaymentAttempt, address: str, browser: Browser, stripe: StripeWorld
) -> None:
    browser.client.get(address)
    stripe.pay(attempt)
    stripe.deliver()
    run_until_idle()
    moved = browser.client.get(address, headers={"HX-Request": "true"})
    assert moved.headers["HX-Redirect"] == browser.page


def test_the_provider_is_not_asked_at_every_visit(
    attempt: PaymentAttempt, address: str, stranger: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(
        "reglo.portal.views.come_back.return_from_provider", lambda *, attempt_id, now: asked.append(attempt_id)
    )
    for _visit in range(5):
        stranger.client.get(address)
    assert asked == [attempt.id]


def test_giving_up_shows_the_invoice_again(attempt: PaymentAttempt, address: str, browser: Browser) -> None:
    answer = browser.client.get(f"{address}/abandon")
    assert (answer.status_code, answer.headers["Location"]) == (303, browser.page)
    assert "Payer 1 240,00 € par carte" in browser.see()


def test_giving_up_in_another_browser_is_friendly(attempt: PaymentAttempt, address: str, stranger: Browser) -> None:
    page = words_of(stranger.client.get(f"{address}/abandon"))
    assert "Rien n’a été payé" in page
    assert "Aucun montant n’a été débité." in page


def test_after_giving_up_the_same_page_serves_again(
    attempt: PaymentAttempt, address: str, browser: Browser, stripe: StripeWorld
) -> None:
    browser.client.get(f"{address}/abandon")
    browser.pay()
    assert PaymentAttempt.objects.get().state == AttemptState.OPEN
    stripe.pay(attempt)
    cache.clear()  # two seconds later
    browser.client.get(address)
    assert "Payée" in browser.see()


def test_the_return_address_lasts_a_day(
    attempt: PaymentAttempt, address: str, stranger: Browser, clock: FrozenClock
) -> None:
    clock.advance(hours=24)
    answer = stranger.client.get(address)
    assert answer.status_code == 404
    assert "1 240,00" not in words_of(answer)


@pytest.mark.parametrize("token", ["x", "A" * 43, "é" * 43, "A" * 4000])
def test_an_invented_return_address_is_unknown(stranger: Browser, token: str, db: None) -> None:
    assert stranger.client.get(f"/p/retour/{token}").status_code == 404


def test_the_token_names_its_attempt_and_no_other() -> None:
    one, other = UUID(int=1), UUID(int=2)
    token = return_token(one)
    assert len(token) == 43
    assert attempt_id_of(token) == one
    assert return_token(one) == token
    assert attempt_id_of(return_token(other)[:22] + token[22:]) is None
    assert attempt_id_of(token[:-1] + ("A" if token[-1] != "A" else "B")) is None


def test_visits_are_limited(attempt: PaymentAttempt, address: str, stranger: Browser) -> None:
    token = return_token(attempt.id)
    limit = Limit("return", most=600, seconds=3600)
    for _visit in range(600):
        limit.count(token)
    assert stranger.client.get(address).status_code == 429
