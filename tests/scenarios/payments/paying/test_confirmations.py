"""Three ways to learn that money came, each enough alone: the notification, the return, the sweep."""

import pytest

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.delivery.services import create_link
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.invoicing.states import InvoiceState
from reglo.payments.models import Payment, PaymentAttempt, ProviderEvent
from reglo.payments.services import sweep
from reglo.payments.states import AttemptState
from reglo.portal.return_tokens import return_token
from reglo.ports import clock as clock_port
from tests.factories import make_issued
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import StripeWorld
from tests.portal.conftest import Browser, words_of


@pytest.fixture
def attempt(payable: Invoice, browser: Browser) -> PaymentAttempt:
    assert browser.pay().status_code == 303
    return PaymentAttempt.objects.get()


def state_of(invoice: Invoice) -> InvoiceState:
    return Invoice.objects.select_related("settlement").get(id=invoice.id).state_on(clock_port.now().date())


def come_back(browser: Browser, attempt: PaymentAttempt) -> str:
    """Where the return address leads."""
    answer = browser.client.get(f"/p/retour/{return_token(attempt.id)}", follow=True)
    return words_of(answer)


def told(stripe: StripeWorld) -> None:
    assert {receipt.status for _event, receipt in stripe.deliver()} <= {200}
    run_until_idle()


def test_told_before_the_browser_is_back(
    stripe: StripeWorld, payable: Invoice, attempt: PaymentAttempt, browser: Browser
):
    """Scenario 3: the invoice is paid already when the payer comes back, and the return page says so."""
    stripe.pay(attempt)
    told(stripe)
    assert state_of(payable) == InvoiceState.PAID

    page = come_back(browser, attempt)

    assert "Payée le 22 novembre 2026 par carte" in page
    assert Payment.objects.count() == 1


def test_back_without_any_notification(
    stripe: StripeWorld, payable: Invoice, attempt: PaymentAttempt, browser: Browser
):
    """Scenario 4: our address cannot be reached; the return asks Stripe and applies the answer itself."""
    stripe.pay(attempt)
    stripe.lose_everything()

    page = come_back(browser, attempt)

    assert "Payée le 22 novembre 2026 par carte" in page
    assert state_of(payable) == InvoiceState.PAID
    assert not ProviderEvent.objects.filter(kind="checkout.session.completed").exists()


def test_the_tab_is_closed_after_paying_and_the_notification_comes(
    stripe: StripeWorld, payable: Invoice, attempt: PaymentAttempt
):
    """Scenario 6: nobody comes back; the notification books it."""
    stripe.pay(attempt)

    told(stripe)

    assert state_of(payable) == InvoiceState.PAID


def test_the_tab_is_closed_and_every_notification_is_lost(
    stripe: StripeWorld, payable: Invoice, attempt: PaymentAttempt, clock: FrozenClock
):
    """Scenario 6: nobody comes back and nobody tells; the sweep asks, within ten minutes."""
    stripe.pay(attempt)
    stripe.lose_everything()
    clock.advance(minutes=10)
    stripe.tell_time()

    sweep(now=clock_port.now())
    run_until_idle()

    attempt.refresh_from_db()
    assert (attempt.state, state_of(payable)) == (AttemptState.PAID, InvoiceState.PAID)
    assert Payment.objects.count() == 1


def test_a_stranger_at_the_return_address_reads_the_state_alone(
    stripe: StripeWorld, payable: Invoice, attempt: PaymentAttempt, stranger: Browser
):
    """Scenario 5: the address shows this payment's state and nothing of the document."""
    stripe.pay(attempt)

    page = come_back(stranger, attempt)

    assert "Merci, votre paiement est arrivé" in page
    for secret in (payable.number or "", "Chloé", "chloe@", "Pose de luminaires"):
        assert secret not in page


@pytest.mark.parametrize("swapped", ["cs_test_of_somebody_else", "../../etc/passwd", "", "{CHECKOUT_SESSION_ID}"])
def test_a_session_swapped_into_the_return_address_is_not_read(
    stripe: StripeWorld, payable: Invoice, attempt: PaymentAttempt, browser: Browser, swapped: str
):
    """Scenario 5: the address names one attempt of ours; an id of a session added to it decides nothing."""
    token = return_token(attempt.id)

    answer = browser.client.get(f"/p/retour/{token}?session_id={swapped}")

    assert answer.status_code == 200
    assert state_of(payable) == InvoiceState.DUE
    assert not Payment.objects.exists()


def test_a_token_that_was_never_given_is_a_neutral_page(payable: Invoice, attempt: PaymentAttempt, stranger: Browser):
    """Scenario 5: the same page for every invented token, and nothing is asked of Stripe."""
    token = return_token(attempt.id)
    forged = token[:-1] + ("A" if token[-1] != "A" else "B")

    answer = stranger.client.get(f"/p/retour/{forged}")

    assert answer.status_code == 404
    assert payable.number not in words_of(answer)


def test_the_return_of_one_payment_does_not_open_another(
    stripe: StripeWorld,
    payable: Invoice,
    attempt: PaymentAttempt,
    company: Company,
    chloe: Customer,
    stranger: Browser,
):
    """Scenario 5: who holds another document of the same seller learns nothing more from this address."""
    other = make_issued(company, customer=chloe, card_allowed=True)
    stranger.open(create_link(company_id=company.id, invoice_id=other.id, now=clock_port.now()).token)
    stripe.pay(attempt)

    page = come_back(stranger, attempt)

    assert "Merci, votre paiement est arrivé" in page
    assert payable.number not in page
    assert state_of(other) == InvoiceState.DUE
