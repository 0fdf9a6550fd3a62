"""On the payment page: two tabs, cards that are refused, pages left behind, money of another size than asked."""

from dataclasses import replace

import pytest
from django.test import Client

from reglo.companies.models import Company, User
from reglo.customers.models import Customer
from reglo.events.models import Event
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.invoicing.states import InvoiceState
from reglo.ledger.models import EntryLine
from reglo.money import Money, UnknownCurrency
from reglo.payments.models import Payment, PaymentAttempt
from reglo.payments.providers import facts
from reglo.payments.providers.stripe.amounts import from_stripe, to_stripe
from reglo.payments.services import apply_snapshot, record_collection, sweep
from reglo.payments.states import AttemptState, Method
from reglo.ports import clock as clock_port
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import CHALLENGED, DECLINED, GOOD, StripeWorld
from tests.payments.test_apply_snapshot import fact, snapshot
from tests.portal.conftest import Browser


@pytest.fixture
def attempt(payable: Invoice, browser: Browser) -> PaymentAttempt:
    assert browser.pay().status_code == 303
    return PaymentAttempt.objects.get()


def state_of(invoice: Invoice) -> InvoiceState:
    return Invoice.objects.select_related("settlement").get(id=invoice.id).state_on(clock_port.now().date())


def told(stripe: StripeWorld) -> None:
    assert {receipt.status for _event, receipt in stripe.deliver()} <= {200}
    run_until_idle()


def story(alice: User, invoice: Invoice) -> str:
    """The page of the invoice, as its seller reads it."""
    client = Client()
    client.force_login(alice)
    text = client.get(f"/factures/{invoice.pk}/").content.decode()
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())


def test_two_tabs_share_one_page(payable: Invoice, attempt: PaymentAttempt, browser: Browser):
    """Scenario 7: the open page of the same amount is given again."""
    assert browser.pay().status_code == 303

    assert PaymentAttempt.objects.count() == 1
    assert attempt.redirect_url in browser.see("/paiement")


def test_a_tab_after_the_amount_changed_gets_a_new_page(
    stripe: StripeWorld, payable: Invoice, attempt: PaymentAttempt, browser: Browser
):
    """Scenario 7: a part was paid by hand meanwhile; the old page is closed at Stripe before the new one opens."""
    record_collection(
        company_id=payable.company_id,
        invoice_id=payable.id,
        amount_minor=240_00,
        method=Method.TRANSFER,
        collected_on=clock_port.now().date(),
        now=clock_port.now(),
    )

    assert browser.pay().status_code == 303

    client = stripe.provider().clients.of(attempt.account.open_secrets())
    assert client.v1.checkout.sessions.retrieve(attempt.external_id or "").status == "expired"
    assert PaymentAttempt.objects.get(state=AttemptState.OPEN).amount_minor == 1000_00


def test_money_of_another_size_than_asked_is_booked_as_it_is_and_told(
    payable: Invoice, attempt: PaymentAttempt, alice: User
):
    """Scenario 12: Stripe says less than was asked: the invoice is paid in part, and the seller reads of the difference."""
    apply_snapshot(
        account=attempt.account,
        snapshot=snapshot(attempt, facts.State.PAID, fact(1000_00)),
        now=clock_port.now(),
    )

    assert state_of(payable) == InvoiceState.PARTLY_PAID
    told_of = story(alice, payable)
    assert "Payée en partie par carte, 1 000,00 €" in told_of
    assert "alors que 1 240,00 € étaient demandés" in told_of


def test_more_than_asked_is_a_surplus_and_told(payable: Invoice, attempt: PaymentAttempt, alice: User):
    """Scenario 12: what nobody owes is *trop-perçu*, never dropped."""
    apply_snapshot(
        account=attempt.account,
        snapshot=snapshot(attempt, facts.State.PAID, fact(1300_00)),
        now=clock_port.now(),
    )

    assert state_of(payable) == InvoiceState.PAID
    told_of = story(alice, payable)
    assert "alors que 1 240,00 € étaient demandés, dont 60,00 € de trop-perçu" in told_of


def test_money_of_another_currency_settles_nothing_by_itself(
    payable: Invoice, attempt: PaymentAttempt, company: Company
):
    """Scenario 13: dollars for an invoice in euros: kept as paid and as credited, and the invoice waits for a person."""
    dollars = replace(fact(1350_00, currency="USD"), fee=Money(20_00, "EUR"), settled=Money(1238_00, "EUR"))

    apply_snapshot(
        account=attempt.account,
        snapshot=snapshot(attempt, facts.State.PAID, dollars),
        now=clock_port.now(),
    )

    payment = Payment.objects.get()
    assert (payment.amount, payment.settled_minor, payment.settled_currency) == (Money(1350_00, "USD"), 1238_00, "EUR")
    assert payment.allocations.count() == 0
    assert state_of(payable) == InvoiceState.DUE
    surplus = EntryLine.objects.filter(company=company, account__startswith="4191")
    assert [line.credit_minor for line in surplus] == [1238_00]


def test_adaptive_pricing_is_refused_in_every_page(stripe: StripeWorld, attempt: PaymentAttempt):
    """Scenario 13: the payer is charged in the invoice's currency, whatever the account's habits."""
    client = stripe.provider().clients.of(attempt.account.open_secrets())
    session = client.v1.checkout.sessions.retrieve(attempt.external_id or "")

    assert session.adaptive_pricing is not None
    assert (session.adaptive_pricing.enabled, session.currency, session.amount_total) == (False, "eur", 1240_00)


@pytest.mark.parametrize(("money", "whole"), [(Money(5000, "JPY"), 5000), (Money(5125, "KWD"), 5125)])
def test_currencies_without_cents_and_with_a_thousandth(money: Money, whole: int):
    """Scenario 14: the exponent comes from ISO 4217, not from a habit of a hundred."""
    assert to_stripe(money) == whole
    assert from_stripe(whole, money.currency.lower()) == money


def test_a_payment_in_yen_is_booked_in_yen(payable: Invoice, attempt: PaymentAttempt):
    """Scenario 14: 5 000 yen are five thousand, not fifty."""
    yen = replace(fact(5000, currency="JPY"), fee=None, settled=None)

    apply_snapshot(account=attempt.account, snapshot=snapshot(attempt, facts.State.PAID, yen), now=clock_port.now())

    assert Payment.objects.get().amount == Money(5000, "JPY")


def test_an_unknown_currency_is_refused():
    """Scenario 14: no guess about where its comma stands."""
    with pytest.raises(UnknownCurrency):
        from_stripe(100, "xxq")


def test_a_declined_card_changes_nothing_and_can_be_tried_again(
    stripe: StripeWorld, payable: Invoice, attempt: PaymentAttempt, browser: Browser
):
    """Scenario 15: the payer reads why, the page stays open for another card, and the seller's story has no noise."""
    for _ in range(3):
        assert stripe.pay(attempt, DECLINED).status_code == 402
    told(stripe)

    assert state_of(payable) == InvoiceState.DUE
    assert "Votre banque a refusé le paiement." in browser.see()
    assert not Event.objects.filter(kind="attempt.failed").exists()
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.OPEN

    assert stripe.pay(attempt, GOOD).status_code == 303
    told(stripe)
    assert state_of(payable) == InvoiceState.PAID


def test_the_bank_is_never_answered_and_the_page_expires(
    stripe: StripeWorld, payable: Invoice, attempt: PaymentAttempt, browser: Browser, clock: FrozenClock
):
    """Scenario 16: 3-D Secure abandoned; the page closes by itself, and the link of the mail makes a new one."""
    assert "/3ds/" in stripe.pay(attempt, CHALLENGED).headers["Location"]

    clock.advance(hours=13)
    told(stripe)

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.EXPIRED
    assert state_of(payable) == InvoiceState.DUE
    assert browser.pay().status_code == 303
    again = PaymentAttempt.objects.get(state=AttemptState.OPEN)
    stripe.pay(again)
    told(stripe)
    assert state_of(payable) == InvoiceState.PAID


def test_a_page_that_expired_untold_is_found_by_the_sweep(
    stripe: StripeWorld, payable: Invoice, attempt: PaymentAttempt, clock: FrozenClock
):
    """Scenario 16: the notification of the end is lost too."""
    clock.advance(hours=13)
    stripe.lose_everything()

    sweep(now=clock_port.now())

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.EXPIRED


def test_a_customer_of_several_invoices_pays_each_by_itself(
    stripe: StripeWorld, payable: Invoice, attempt: PaymentAttempt, company: Company, chloe: Customer
):
    """Scenario 7: one open page per document, not per customer: the other invoice is not touched."""
    stripe.pay(attempt)
    told(stripe)

    assert [payment.attempt_id for payment in Payment.objects.all()] == [attempt.id]
    assert state_of(payable) == InvoiceState.PAID
