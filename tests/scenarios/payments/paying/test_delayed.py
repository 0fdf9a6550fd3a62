"""Payments that take days: on their way, arrived, refused in the end, taken back."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from reglo.companies.models import Company, User
from reglo.dashboard.outlook import outlook
from reglo.delivery.models import MailSettings, Message
from reglo.delivery.services import NewLink
from reglo.delivery.states import MessageKind
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.invoicing.queries import Filter, invoice_list
from reglo.invoicing.states import InvoiceState
from reglo.payments.models import Payment, PaymentAttempt, ProviderAccount
from reglo.payments.services import choose_methods, record_collection, sweep
from reglo.payments.states import AttemptState, Method, OfferedMethods
from reglo.portal.return_tokens import return_token
from reglo.ports import clock as clock_port
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import EMPTY_IBAN, IBAN, TAKEN_BACK_IBAN, StripeWorld
from tests.portal.conftest import Browser, words_of

WAITING = "Votre paiement est en cours de traitement. Inutile de payer à nouveau."


@pytest.fixture(autouse=True)
def _both_offered(account: ProviderAccount) -> None:
    choose_methods(
        company_id=account.company_id,
        account_id=account.id,
        offers=OfferedMethods.CARD_AND_DEBIT,
        now=clock_port.now(),
    )


def told(stripe: StripeWorld) -> None:
    assert {receipt.status for _event, receipt in stripe.deliver()} <= {200}
    run_until_idle()


def debited(stripe: StripeWorld, browser: Browser, iban: str = IBAN) -> PaymentAttempt:
    """*Payer*, the IBAN typed on Stripe's page, Stripe's notifications received."""
    stripe.tell_time()
    assert browser.pay().status_code == 303
    attempt = PaymentAttempt.objects.get()
    assert stripe.debit(attempt, iban).status_code == 303
    told(stripe)
    attempt.refresh_from_db()
    return attempt


def state_of(invoice: Invoice) -> InvoiceState:
    return Invoice.objects.select_related("settlement").get(id=invoice.id).state_on(clock_port.now().date())


def test_a_debit_on_its_way_hides_the_button_and_says_what_happens(
    stripe: StripeWorld, payable: Invoice, browser: Browser, stranger: Browser
):
    """Scenario 9: while a debit is on its way nobody is asked to pay again, on the page or behind it."""
    assert "par carte ou prélèvement" in browser.see()
    proof = browser.proof()
    attempt = debited(stripe, browser)

    page = browser.see()
    again = browser.client.post(browser.page + "/payer", {"preuve": proof})

    assert state_of(payable) == InvoiceState.PENDING
    assert WAITING in page
    assert "Votre banque répond en général sous cinq jours ouvrés." in page
    assert "Payer 1" not in page
    assert again.status_code == 409
    assert PaymentAttempt.objects.count() == 1
    back = words_of(stranger.client.get(f"/p/retour/{return_token(attempt.id)}"))
    assert "Votre prélèvement est demandé" in back
    assert "hx-get" not in back  # nothing changes for days: the page does not ask again and again


def test_a_debit_that_arrives_pays_the_invoice(
    stripe: StripeWorld,
    payable: Invoice,
    browser: Browser,
    link: NewLink,
    clock: FrozenClock,
    mail_settings: MailSettings,
):
    """Scenario 9: five days later the money is there, dated of its arrival, and the receipt leaves."""
    debited(stripe, browser)

    clock.advance(days=5, minutes=1)
    told(stripe)

    payment = Payment.objects.get()
    assert state_of(payable) == InvoiceState.PAID
    assert (payment.method, payment.method_detail, payment.fee_minor) == (Method.SEPA_DEBIT, "•••• 2606", 35)
    assert payment.paid_on.isoformat() == "2026-11-27"
    browser.open(link.token)
    assert "Payée le 27 novembre 2026 par prélèvement" in browser.see().replace("\xa0", " ")
    assert [left.subject.split(" – ")[0] for left in mail.outbox] == ["Reçu"]


def test_nobody_is_chased_while_a_debit_is_on_its_way(
    stripe: StripeWorld, payable: Invoice, browser: Browser, link: NewLink, clock: FrozenClock, company: Company
):
    """Scenario 9: the due date passes meanwhile, and the invoice is not counted late."""
    clock.advance(days=29)  # the day before it is due
    browser.open(link.token)
    debited(stripe, browser)
    clock.advance(days=2)
    today = clock_port.now().date()

    late = invoice_list(company, shown=Filter.OVERDUE, search="", today=today, limit=10)
    ahead = outlook(company, today=today)

    assert late == []
    assert (ahead.late.minor, ahead.expected.minor) == (0, 1240_00)


def test_money_by_hand_meanwhile_makes_the_debit_a_surplus(
    stripe: StripeWorld, payable: Invoice, browser: Browser, clock: FrozenClock, alice: User
):
    """Scenario 9: the customer pays at the till too; both are booked, what comes second is *trop-perçu*."""
    debited(stripe, browser)
    record_collection(
        company_id=payable.company_id,
        invoice_id=payable.id,
        amount_minor=1240_00,
        method=Method.CARD_TERMINAL,
        collected_on=clock_port.now().date(),
        now=clock_port.now(),
        actor_id=alice.pk,
    )

    clock.advance(days=5, minutes=1)
    told(stripe)

    debit = Payment.objects.get(method=Method.SEPA_DEBIT)
    assert (debit.amount_minor, debit.allocations.count()) == (1240_00, 0)
    assert state_of(payable) == InvoiceState.PAID


@pytest.mark.parametrize("how", ["notified", "swept"])
def test_a_debit_that_fails_reopens_the_invoice_and_says_why_to_both(
    stripe: StripeWorld,
    payable: Invoice,
    browser: Browser,
    link: NewLink,
    clock: FrozenClock,
    mail_settings: MailSettings,
    alice: User,
    how: str,
):
    """Scenario 17: PROCESSING, then FAILED after days: the button is back, the payer and the seller know why."""
    debited(stripe, browser, EMPTY_IBAN)
    clock.advance(days=5, minutes=1)
    if how == "swept":
        assert stripe.lose_everything() > 0
        sweep(now=clock_port.now())
        run_until_idle()
    told(stripe)

    attempt = PaymentAttempt.objects.get()
    assert (attempt.state, attempt.failure) == (AttemptState.FAILED, "insufficient_funds")
    assert state_of(payable) == InvoiceState.DUE
    browser.open(link.token)
    page = browser.see()
    assert "La provision du compte bancaire ne suffisait pas." in page
    assert "par carte ou prélèvement" in page
    assert [(one.kind, one.to) for one in Message.objects.all()] == [(MessageKind.REFUSAL, "chloe@example.test")]
    (left,) = mail.outbox
    assert left.subject.startswith(f"Votre paiement n’a pas abouti – Facture {payable.number}")
    assert "La provision du compte bancaire ne suffisait pas." in left.body
    assert left.attachments == []
    seller = Client()
    seller.force_login(alice)
    story = " ".join(seller.get(f"/factures/{payable.pk}/").content.decode().split())
    assert "Le prélèvement n’a pas abouti. La provision du compte bancaire ne suffisait pas." in story


def test_after_a_failed_debit_another_way_pays(
    stripe: StripeWorld, payable: Invoice, browser: Browser, link: NewLink, clock: FrozenClock
):
    """Scenario 17: the invoice is open again, and a card settles it."""
    debited(stripe, browser, EMPTY_IBAN)
    clock.advance(days=5, minutes=1)
    told(stripe)

    browser.open(link.token)
    assert browser.pay().status_code == 303
    stripe.pay(PaymentAttempt.objects.get(state=AttemptState.OPEN))
    told(stripe)

    assert state_of(payable) == InvoiceState.PAID
    assert [payment.method for payment in Payment.objects.all()] == [Method.CARD]


def test_a_failed_debit_of_what_was_paid_otherwise_asks_for_nothing(
    stripe: StripeWorld,
    payable: Invoice,
    browser: Browser,
    clock: FrozenClock,
    mail_settings: MailSettings,
    alice: User,
):
    """Scenario 17: where nothing is owed any more, no mail asks for it."""
    debited(stripe, browser, EMPTY_IBAN)
    record_collection(
        company_id=payable.company_id,
        invoice_id=payable.id,
        amount_minor=1240_00,
        method=Method.CHEQUE,
        collected_on=clock_port.now().date(),
        now=clock_port.now(),
        actor_id=alice.pk,
    )

    clock.advance(days=5, minutes=1)
    told(stripe)

    assert PaymentAttempt.objects.get().state == AttemptState.FAILED
    assert state_of(payable) == InvoiceState.PAID
    assert mail.outbox == []


def test_a_debit_taken_back_is_told_as_a_dispute(
    stripe: StripeWorld, payable: Invoice, browser: Browser, clock: FrozenClock, account: Any
):
    """Scenario 18: Stripe tells of it by the three events of a dispute that is lost at once, and each is received."""
    debited(stripe, browser, TAKEN_BACK_IBAN)
    clock.advance(days=5, minutes=1)
    told(stripe)
    assert state_of(payable) == InvoiceState.PAID

    clock.advance(days=30, minutes=2)
    told(stripe)

    kinds = list(account.events.order_by("received_at", "kind").values_list("kind", flat=True))
    assert [kind for kind in kinds if kind.startswith("charge.dispute.")] == [
        "charge.dispute.closed",
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
    ]
    assert Payment.objects.count() == 1
