"""From the inbox to the books: fetched, applied, marked; and what to do when Stripe does not answer."""

from collections.abc import Callable
from itertools import permutations
from typing import Any
from urllib.parse import urljoin

import pytest
import requests
from stripe import APIConnectionError

from reglo.events.models import Reaction
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice, Settlement
from reglo.payments.models import Payment, PaymentAttempt, ProviderAccount, ProviderEvent, UnmatchedPayment
from reglo.payments.providers.contract import AccountBroken, Retryable
from reglo.payments.services import apply_event, apply_events
from reglo.payments.services.refresh_attempt import refresh_attempt
from reglo.payments.states import AccountState, AttemptState, NoticeState, UnmatchedState
from reglo.ports import clock as clock_port
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import CHALLENGED, DECLINED, RESTRICTED_KEY, StripeWorld

Start = Callable[[Invoice], PaymentAttempt]


def settled(invoice: Invoice) -> int:
    return Settlement.objects.get(invoice=invoice).settled_minor


@pytest.fixture
def received(stripe: StripeWorld, invoice: Invoice, start: Start) -> list[ProviderEvent]:
    """All the notifications of a payment, stored and not yet applied, oldest first."""
    stripe.deliver()
    ProviderEvent.objects.update(state=NoticeState.APPLIED)
    stripe.pay(start(invoice))
    stripe.deliver()
    return list(
        ProviderEvent.objects.filter(state=NoticeState.RECEIVED).order_by("received_at", "happened_at", "event_id")
    )


def test_each_notification_alone_is_enough(received: list[ProviderEvent], invoice: Invoice):
    assert {event.kind for event in received} == {"charge.succeeded", "charge.updated", "checkout.session.completed"}

    for event in received:
        assert apply_event(provider_event_id=event.id, now=clock_port.now()) == NoticeState.APPLIED
        assert settled(invoice) == 120_00

    assert Payment.objects.count() == 1


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_every_order_the_end_is_the_same(received: list[ProviderEvent], invoice: Invoice, order: tuple[int, ...]):
    for place in order:
        apply_event(provider_event_id=received[place].id, now=clock_port.now())

    payment = Payment.objects.get()
    assert (settled(invoice), payment.fee_minor) == (120_00, 2_05)
    assert PaymentAttempt.objects.get().state == AttemptState.PAID


def test_applied_once_it_asks_nothing_more(received: list[ProviderEvent], stripe: StripeWorld):
    apply_event(provider_event_id=received[0].id, now=clock_port.now())
    asked = len(stripe.wire.passed)

    apply_event(provider_event_id=received[0].id, now=clock_port.now())

    assert len(stripe.wire.passed) == asked


def asked(stripe: StripeWorld, since: int) -> list[str]:
    """The paths asked for, without their parameters."""
    return [path.partition("?")[0] for _method, path, _status in stripe.wire.passed[since:]]


def test_one_answer_is_enough_for_all_that_it_tells_of(received: list[ProviderEvent], stripe: StripeWorld):
    since = len(stripe.wire.passed)

    assert apply_events(provider_event_ids=[event.id for event in received], now=clock_port.now()) == {}

    assert len(asked(stripe, since)) == 1
    assert set(ProviderEvent.objects.values_list("state", flat=True)) == {NoticeState.APPLIED}
    assert Payment.objects.get().fee_minor == 2_05


def test_an_answer_says_nothing_of_an_earlier_charge(stripe: StripeWorld, invoice: Invoice, start: Start):
    attempt = start(invoice)
    stripe.pay(attempt, DECLINED)
    stripe.pay(attempt)
    stripe.deliver()
    waiting = ProviderEvent.objects.filter(state=NoticeState.RECEIVED)
    refused = waiting.get(kind="charge.failed").object_id
    since = len(stripe.wire.passed)

    assert apply_events(provider_event_ids=list(waiting.values_list("id", flat=True)), now=clock_port.now()) == {}

    assert [path for path in asked(stripe, since) if refused in path] == [f"v1/charges/{refused}"]
    assert settled(invoice) == 120_00


def test_a_silent_provider_is_asked_once_and_every_notice_waits(
    received: list[ProviderEvent], stripe: StripeWorld, monkeypatch: pytest.MonkeyPatch
):
    calls: list[str] = []

    def be_silent(_method: str, url: str, *_others: Any, **_named: Any) -> Any:
        calls.append(url)
        raise APIConnectionError("the provider does not answer")

    monkeypatch.setattr(stripe.wire, "request", be_silent)

    failures = apply_events(provider_event_ids=[event.id for event in received], now=clock_port.now())

    assert {type(error) for error in failures.values()} == {Retryable}
    assert failures.keys() == {event.id for event in received}
    assert len(set(calls)) == 1, "the SDK's own tries apart"
    assert set(ProviderEvent.objects.filter(id__in=failures).values_list("state", flat=True)) == {NoticeState.RECEIVED}


def test_a_declined_card_changes_nothing(stripe: StripeWorld, invoice: Invoice, start: Start):
    attempt = start(invoice)
    stripe.pay(attempt, DECLINED)
    stripe.deliver()
    run_until_idle()

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.OPEN
    assert (Payment.objects.count(), settled(invoice)) == (0, 0)


def test_a_bank_that_was_not_convinced_is_named_and_the_page_stays_open(
    stripe: StripeWorld, invoice: Invoice, start: Start
):
    attempt = start(invoice)
    asked = stripe.pay(attempt, CHALLENGED)
    requests.post(urljoin(attempt.redirect_url, asked.headers["Location"]), data={"answer": "refuse"}, timeout=10)

    refresh_attempt(attempt_id=attempt.id, now=clock_port.now())

    attempt.refresh_from_db()
    assert (attempt.state, attempt.failure) == (AttemptState.OPEN, "payment_intent_authentication_failure")


def test_a_refusal_told_late_does_not_hide_the_last_one(stripe: StripeWorld, invoice: Invoice, start: Start):
    attempt = start(invoice)
    stripe.pay(attempt, DECLINED)
    asked = stripe.pay(attempt, CHALLENGED)
    requests.post(urljoin(attempt.redirect_url, asked.headers["Location"]), data={"answer": "refuse"}, timeout=10)
    stripe.deliver()
    run_until_idle()
    late = ProviderEvent.objects.get(kind="charge.failed")
    ProviderEvent.objects.filter(id=late.id).update(state=NoticeState.RECEIVED)

    apply_event(provider_event_id=late.id, now=clock_port.now())

    attempt.refresh_from_db()
    assert attempt.failure == "payment_intent_authentication_failure"


def test_declined_then_paid_on_the_same_page_is_one_payment(stripe: StripeWorld, invoice: Invoice, start: Start):
    attempt = start(invoice)
    stripe.pay(attempt, DECLINED)
    stripe.pay(attempt)
    stripe.deliver(newest_first=True)
    run_until_idle()

    assert Payment.objects.get().amount_minor == 120_00
    assert settled(invoice) == 120_00


def test_an_abandoned_page_expires_and_frees_the_invoice(
    stripe: StripeWorld, invoice: Invoice, start: Start, clock: FrozenClock
):
    attempt = start(invoice)
    clock.advance(hours=12, minutes=1)
    stripe.deliver()
    run_until_idle()

    attempt.refresh_from_db()
    assert (attempt.state, attempt.redirect_url) == (AttemptState.EXPIRED, "")
    assert not attempt.lines.get().open


def test_a_sale_made_elsewhere_is_kept_as_a_payment_without_invoice(stripe: StripeWorld, account: ProviderAccount):
    client = stripe.provider().clients.of({"api_key": "sk_test_sandbox_lumen_51AtelierLumenNotARealKey"})
    client.v1.payment_intents.create(
        {
            "amount": 4_200,
            "currency": "eur",
            "confirm": True,
            "payment_method": "pm_card_visa",
            "metadata": {"attempt": "42"},
        }
    )
    stripe.deliver()
    run_until_idle()

    kept = UnmatchedPayment.objects.get()
    assert Payment.objects.count() == 0
    assert (kept.amount_minor, kept.currency, kept.state) == (42_00, "EUR", UnmatchedState.OPEN)
    assert ProviderEvent.objects.get(kind="charge.succeeded").state == NoticeState.APPLIED


def test_a_revoked_key_pauses_the_queue_and_a_new_key_loses_nothing(
    received: list[ProviderEvent], stripe: StripeWorld, account: ProviderAccount, invoice: Invoice, clock: FrozenClock
):
    stripe.revoke(RESTRICTED_KEY)
    with pytest.raises(AccountBroken):
        apply_event(provider_event_id=received[0].id, now=clock_port.now())
    account.refresh_from_db()
    assert account.state == AccountState.BROKEN
    assert ProviderEvent.objects.filter(state=NoticeState.RECEIVED).count() == 3

    account.seal_secrets({"api_key": "sk_test_sandbox_lumen_51AtelierLumenNotARealKey"})
    account.state = AccountState.ACTIVE
    account.save()
    clock.advance(minutes=10)
    run_until_idle()

    assert settled(invoice) == 120_00
    assert not Reaction.objects.exclude(state="done").filter(name__contains="payments").exists()
