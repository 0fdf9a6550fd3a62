from typing import Any

import pytest

from reglo.delivery.services import NewLink
from reglo.invoicing.models import Invoice
from reglo.payments.models import PaymentAttempt
from reglo.payments.providers.contract import Retryable
from reglo.payments.providers.stripe.provider import StripeProvider
from reglo.payments.states import AttemptState
from reglo.portal.models import TryCount
from reglo.portal.rate_limits import Limit
from reglo.portal.return_tokens import return_token
from tests.harness.stripe_world import DECLINED, StripeWorld
from tests.portal.conftest import Browser, seen_at, words_of


def test_pay_leads_to_our_page_that_forwards(payable: Invoice, browser: Browser, link: NewLink) -> None:
    answer = browser.pay()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{browser.page}/paiement")
    attempt = PaymentAttempt.objects.get()
    assert (attempt.state, attempt.amount_minor) == (AttemptState.OPEN, 1240_00)
    page = browser.see("/paiement")
    assert "Vous allez vers la page de paiement sécurisée" in page
    assert f'<meta http-equiv="refresh" content="0; url={attempt.redirect_url}">' in page
    assert f'href="{attempt.redirect_url}"' in page
    assert seen_at(link) is not None


def test_a_double_click_makes_one_session(payable: Invoice, browser: Browser) -> None:
    proof = browser.proof()
    answers = [browser.client.post(browser.page + "/payer", {"preuve": proof}) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert PaymentAttempt.objects.count() == 1


@pytest.mark.parametrize(("proof", "origin"), [("", ""), ("00.00", ""), (None, "https://evil.test")])
def test_pay_needs_the_proof_of_this_page(payable: Invoice, browser: Browser, proof: str | None, origin: str) -> None:
    headers = {"Origin": origin} if origin else {}
    fields = {"preuve": browser.proof() if proof is None else proof}
    assert browser.client.post(browser.page + "/payer", fields, headers=headers).status_code == 403
    assert not PaymentAttempt.objects.exists()


def test_pay_is_not_a_link(payable: Invoice, browser: Browser) -> None:
    assert browser.client.get(browser.page + "/payer").status_code == 405
    assert not PaymentAttempt.objects.exists()


def test_what_cannot_be_paid_is_said_on_the_page(invoice: Invoice, browser: Browser) -> None:
    refused = browser.pay()
    assert refused.status_code == 409
    assert "Cette facture ne peut pas être payée par carte maintenant." in words_of(refused)
    assert not PaymentAttempt.objects.exists()


def test_a_silent_provider_is_said_on_the_page(
    payable: Invoice, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*args: object) -> None:
        raise Retryable

    monkeypatch.setattr(StripeProvider, "start", silent)
    refused = browser.pay()
    assert refused.status_code == 503
    assert "Le service de paiement ne répond pas pour le moment." in words_of(refused)
    monkeypatch.undo()
    assert "Payer 1 240,00 € par carte" in words_of(refused)


def test_nobody_is_sent_to_another_host(payable: Invoice, browser: Browser, settings: Any) -> None:
    settings.PAYMENT_PAGE_ORIGINS = frozenset({"https://checkout.stripe.com"})
    browser.pay()
    refused = browser.client.get(browser.page + "/paiement")
    assert refused.status_code == 502
    assert PaymentAttempt.objects.get().redirect_url not in words_of(refused)
    assert "http-equiv" not in words_of(refused)


def test_the_forward_page_without_open_payment_is_the_invoice(payable: Invoice, browser: Browser) -> None:
    answer = browser.client.get(browser.page + "/paiement")
    assert (answer.status_code, answer.headers["Location"]) == (302, browser.page)


def test_a_refused_card_is_explained_and_the_button_stays(
    payable: Invoice, browser: Browser, stripe: StripeWorld
) -> None:
    browser.pay()
    attempt = PaymentAttempt.objects.get()
    stripe.pay(attempt, DECLINED)
    back = browser.client.get(f"/p/retour/{return_token(attempt.id)}/abandon")
    assert (back.status_code, back.headers["Location"]) == (303, browser.page)
    page = browser.see()
    assert "Le paiement n’a pas abouti" in page
    assert "Votre banque a refusé le paiement." in page
    assert "Payer 1 240,00 € par carte" in page
    assert "Payer par virement" in page


def test_starting_again_and_again_is_limited(payable: Invoice, browser: Browser) -> None:
    limit = Limit("pay", most=30, seconds=3600)
    for _start in range(30):
        limit.count(str(payable.id))
    refused = browser.pay()
    assert refused.status_code == 429
    TryCount.objects.all().delete()
    assert browser.pay().status_code == 303
