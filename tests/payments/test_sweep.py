"""The third confirmation: no webhook, no return, and the books end right all the same."""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from reglo.companies.models import Company
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice, Settlement
from reglo.payments.models import Payment, PaymentAttempt, ProviderAccount, ProviderEvent
from reglo.payments.services import refresh_attempt, sweep
from reglo.payments.states import AccountState, AttemptState
from reglo.ports import clock as clock_port
from sandbox.stripe import courier
from sandbox.stripe.tries import Receipt
from tests.factories import make_issued
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import RESTRICTED_KEY, StripeWorld

Start = Callable[[Invoice], PaymentAttempt]


def settled(invoice: Invoice) -> int:
    return Settlement.objects.get(invoice=invoice).settled_minor


def test_what_was_never_told_is_asked(stripe: StripeWorld, invoice: Invoice, start: Start):
    stripe.pay(start(invoice))

    sweep(now=clock_port.now())

    assert settled(invoice) == 120_00


def test_a_closed_tab_and_a_dead_endpoint_end_paid_within_one_sweep_of_the_worker(
    stripe: StripeWorld, invoice: Invoice, start: Start, clock: FrozenClock
):
    run_until_idle()
    stripe.pay(start(invoice))
    clock.advance(minutes=10)
    stripe.tell_time()

    run_until_idle()

    assert settled(invoice) == 120_00


def test_missed_events_enter_the_inbox_once_and_bring_the_fee(
    stripe: StripeWorld, invoice: Invoice, start: Start, monkeypatch: pytest.MonkeyPatch
):
    stripe.deliver()
    stripe.pay(start(invoice))
    with monkeypatch.context() as down:
        down.setattr(courier, "post", lambda *request: Receipt(None, "connection refused"))
        stripe.deliver()
    before = ProviderEvent.objects.count()

    sweep(now=clock_port.now())
    sweep(now=clock_port.now())
    run_until_idle()

    missed = ProviderEvent.objects.order_by("received_at")[before:]
    assert sorted(event.kind for event in missed) == [
        "charge.succeeded",
        "charge.updated",
        "checkout.session.completed",
    ]
    assert {event.sealed_request for event in missed} == {""}
    assert Payment.objects.get().fee_minor == 2_05


def test_an_event_delivered_after_the_sweep_found_it_is_known(
    stripe: StripeWorld, invoice: Invoice, start: Start, monkeypatch: pytest.MonkeyPatch
):
    stripe.pay(start(invoice))
    with monkeypatch.context() as down:
        down.setattr(courier, "post", lambda *request: Receipt(None, "connection refused"))
        stripe.deliver()
    sweep(now=clock_port.now())
    counted = ProviderEvent.objects.count()

    assert {receipt.status for _event, receipt in stripe.deliver()} == {200}

    assert ProviderEvent.objects.count() == counted


def test_an_abandoned_page_ends(stripe: StripeWorld, invoice: Invoice, start: Start, clock: FrozenClock):
    attempt = start(invoice)
    clock.advance(hours=12, minutes=1)
    stripe.tell_time()
    stripe.sandbox.courier.work()

    sweep(now=clock_port.now())

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.EXPIRED


def test_a_call_that_was_never_answered_ends_with_its_page(invoice: Invoice, start: Start, clock: FrozenClock):
    attempt = start(invoice)
    PaymentAttempt.objects.update(state=AttemptState.UNKNOWN, external_id=None)

    sweep(now=clock.now() + timedelta(hours=11))
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.UNKNOWN
    sweep(now=clock.now() + timedelta(hours=13))

    attempt.refresh_from_db()
    assert (attempt.state, attempt.lines.get().open) == (AttemptState.CANCELED, False)


def test_a_revoked_key_breaks_its_account_and_loses_nothing(
    stripe: StripeWorld, invoice: Invoice, start: Start, account: ProviderAccount
):
    stripe.pay(start(invoice))
    stripe.revoke(RESTRICTED_KEY)

    sweep(now=clock_port.now())

    account.refresh_from_db()
    assert account.state == AccountState.BROKEN
    assert PaymentAttempt.objects.get().state == AttemptState.OPEN


def test_a_silent_stripe_is_left_for_the_next_sweep(
    stripe: StripeWorld, invoice: Invoice, start: Start, monkeypatch: pytest.MonkeyPatch
):
    stripe.pay(start(invoice))
    with monkeypatch.context() as patch:
        patch.setattr(stripe.wire, "request", lambda *args, **kwargs: (b'{"error": {}}', 503, {}))
        patch.setattr("stripe._http_client.time.sleep", lambda seconds: None)
        sweep(now=clock_port.now())
    assert settled(invoice) == 0

    sweep(now=clock_port.now())

    assert settled(invoice) == 120_00


def test_what_breaks_one_attempt_does_not_keep_the_others_from_being_asked_about(
    company: Company, stripe: StripeWorld, invoice: Invoice, start: Start, monkeypatch: pytest.MonkeyPatch
):
    def stumble(*, attempt_id: UUID, now: datetime) -> PaymentAttempt:
        assert attempt_id != broken.id, "a bug about this one"
        return refresh_attempt(attempt_id=attempt_id, now=now)

    other = make_issued(company, card_allowed=True)
    broken, paid = start(invoice), start(other)
    stripe.pay(paid)
    monkeypatch.setattr(sys.modules[sweep.__module__], "refresh_attempt", stumble)

    with pytest.raises(ExceptionGroup):
        sweep(now=clock_port.now())

    assert settled(other) == 120_00
