"""What follows events: the outgrown page is closed, the notification applied; twice is once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reglo.events.models import Event, Reaction
from reglo.events.states import ReactionState
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.payments import tasks
from reglo.payments.models import PaymentAttempt, ProviderAccount
from reglo.payments.providers import facts
from reglo.payments.providers.contract import Redirect, Retryable
from reglo.payments.providers.facts import PaymentFact, Ref, RefundFact, RefundStanding, Snapshot, State
from reglo.payments.providers.stripe import checkout
from reglo.payments.services import apply_snapshot, disconnect_account, record_collection, recreate_endpoint
from reglo.payments.states import AccountState, AttemptState, Method
from reglo.ports import clock as clock_port
from tests.factories import make_issued
from tests.harness.stripe_world import RESTRICTED_KEY, StripeWorld

Start = Callable[[Invoice], PaymentAttempt]


def collect(invoice: Invoice, amount_minor: int) -> None:
    record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        amount_minor=amount_minor,
        method=Method.TRANSFER,
        collected_on=date(2026, 11, 22),
        now=clock_port.now(),
    )


def tell(attempt: PaymentAttempt, standing: RefundStanding) -> None:
    """The provider says: paid, and wholly refunded with this outcome."""
    at = clock_port.now()
    charge = PaymentFact("ch_1", attempt.amount, at, facts.Method.CARD, "", None, None)
    refund = RefundFact("re_1", "ch_1", attempt.amount, at, standing)
    ref = Ref("checkout.session", attempt.external_id or "")
    snapshot = Snapshot(ref, live=False, attempt_key=str(attempt.id), state=State.PAID, payments=(charge,))
    apply_snapshot(account=attempt.account, snapshot=replace(snapshot, refunds=(refund,)), now=at)


def test_a_page_open_for_too_much_is_closed_at_stripe(stripe: StripeWorld, invoice: Invoice, start: Start):
    attempt = start(invoice)
    collect(invoice, 50_00)
    told = Event.objects.get(kind="payment.recorded")

    run_until_idle()
    tasks.close_outgrown_attempts(event=told, now=clock_port.now())

    attempt.refresh_from_db()
    client = stripe.provider().clients.of({"api_key": RESTRICTED_KEY})
    assert attempt.state == AttemptState.CANCELED
    assert client.v1.checkout.sessions.retrieve(attempt.external_id or "").status == "expired"


def test_a_page_about_to_open_for_too_much_is_given_to_nobody(
    stripe: StripeWorld, invoice: Invoice, start: Start, monkeypatch: pytest.MonkeyPatch
):
    opened = checkout.start

    def open_slowly(*arguments: Any) -> Redirect:
        collect(invoice, 50_00)
        run_until_idle()
        return opened(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(checkout, "start", open_slowly)
        with pytest.raises(Retryable):
            start(invoice)

    assert PaymentAttempt.objects.get().state == AttemptState.CANCELED
    assert start(invoice).amount_minor == 70_00


def test_the_page_of_another_invoice_stays_open(stripe: StripeWorld, invoice: Invoice, start: Start):
    other = make_issued(invoice.company, card_allowed=True)
    attempt = start(other)
    collect(invoice, 50_00)

    run_until_idle()

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.OPEN


def test_a_page_opened_after_a_refund_is_closed_when_the_refund_fails(
    stripe: StripeWorld, invoice: Invoice, start: Start
):
    paid = start(invoice)
    tell(paid, RefundStanding.SUCCEEDED)
    run_until_idle()
    again = start(invoice)

    tell(paid, RefundStanding.FAILED)
    run_until_idle()

    again.refresh_from_db()
    invoice.settlement.refresh_from_db()
    assert invoice.settlement.remaining_minor == 0
    assert again.state == AttemptState.CANCELED


def test_a_notification_is_applied_by_the_worker(stripe: StripeWorld, invoice: Invoice, start: Start):
    stripe.pay(start(invoice))
    stripe.deliver()
    told = Event.objects.filter(kind="provider.event_received").latest("id")

    run_until_idle()
    assert tasks.apply_received(events=[told], now=clock_port.now()) == {}

    invoice.settlement.refresh_from_db()
    assert invoice.settlement.settled_minor == 120_00


def test_an_account_let_go_meanwhile_is_asked_nothing(stripe: StripeWorld, account: ProviderAccount):
    recreate_endpoint(company_id=account.company_id, account_id=account.id, now=clock_port.now())
    disconnect_account(company_id=account.company_id, account_id=account.id, now=clock_port.now())
    asked = len(stripe.wire.passed)

    tasks.fetch_missed(event=Event.objects.get(kind="endpoint.recreated"), now=clock_port.now())

    assert len(stripe.wire.passed) == asked


def test_a_refused_key_breaks_the_account_of_a_page_to_close_and_waits(
    stripe: StripeWorld, invoice: Invoice, start: Start
):
    attempt = start(invoice)
    collect(invoice, 50_00)
    stripe.revoke(RESTRICTED_KEY)

    run_until_idle()

    reaction = Reaction.objects.get(name="reglo.payments.tasks.close_outgrown_attempts")
    attempt.refresh_from_db()
    assert (reaction.state, reaction.attempts) == (ReactionState.WAITING, 0)
    assert (attempt.state, ProviderAccount.objects.get().state) == (AttemptState.OPEN, AccountState.BROKEN)
