"""Stripe is away, or says words that nobody knew: 43, 44."""

import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from reglo.companies.models import User
from reglo.events.models import Reaction
from reglo.events.queue import MAX_ATTEMPTS
from reglo.events.states import ReactionState
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.payments.models import Payment, PaymentAttempt
from reglo.payments.providers.contract import Retryable, Unknown
from reglo.payments.services import (
    apply_event,
    refresh_attempt,
)
from reglo.payments.states import AttemptState
from reglo.ports import clock as clock_port
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import StripeWorld
from tests.scenarios.payments.telling import (
    Start,
    bad_day,
    quick_retries,
    settled,
    shown,
    stripe_itself,
    telling,
    waiting,
)


def silent(**_given: Any) -> bool:
    raise Retryable


class TestOutage:
    """43"""

    @pytest.mark.parametrize("kind", ["rate_limited", "server_error"])
    def test_the_payer_is_asked_to_try_again_and_gets_one_page(
        self, kind: str, stripe: StripeWorld, invoice: Invoice, start: Start
    ):
        sessions = stripe_itself(stripe).v1.checkout.sessions
        before = len(sessions.list().data)
        bad_day(stripe, kind, under="/v1/checkout")
        with quick_retries():
            for _click in range(2):
                with pytest.raises((Retryable, Unknown), match="Réessayez"):
                    start(invoice)
        bad_day(stripe, "none")

        attempt = start(invoice)

        assert PaymentAttempt.objects.get() == attempt
        assert attempt.state == AttemptState.OPEN
        assert len(sessions.list().data) == before + 1

    def test_the_queue_grows_waits_longer_each_time_and_empties_by_itself(
        self, stripe: StripeWorld, invoice: Invoice, start: Start, clock: FrozenClock
    ):
        run_until_idle()
        stripe.pay(start(invoice))
        stripe.deliver()
        bad_day(stripe, "server_error")
        due: dict[int, list[datetime]] = {}
        with quick_retries():
            for _each in range(60):
                run_until_idle()
                for reaction in Reaction.objects.filter(state=ReactionState.WAITING):
                    due.setdefault(reaction.id, []).append(reaction.not_before)
                clock.advance(minutes=10)
                stripe.tell_time()
        assert waiting() == [(ReactionState.WAITING, MAX_ATTEMPTS - 1)] * 3
        waits = [sorted({later - sooner for sooner, later in pairwise(dates)})[1:] for dates in due.values()]
        assert max(wait[0] for wait in waits) < timedelta(minutes=11)
        assert min(wait[-1] for wait in waits) > timedelta(minutes=30)
        assert len({dates[-1] for dates in due.values()}) == 3  # they do not march in step
        bad_day(stripe, "none")

        clock.advance(hours=1)
        stripe.tell_time()
        run_until_idle()

        assert (settled(invoice), Payment.objects.count(), waiting()) == (120_00, 1, [])

    def test_what_stripe_cannot_answer_for_a_day_is_shown_to_a_person(
        self, stripe: StripeWorld, invoice: Invoice, start: Start, clock: FrozenClock, alice: User
    ):
        run_until_idle()
        stripe.pay(start(invoice))
        stripe.deliver()
        with quick_retries(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys.modules[apply_event.__module__], "apply_snapshot", silent)
            for _hour in range(26):
                run_until_idle()
                clock.advance(hours=1)
                stripe.tell_time()
        staff = Client()
        staff.force_login(alice)

        assert {state for state, _attempts in waiting()} == {ReactionState.PARKED}
        assert "Le service de paiement ne répond pas" in shown(staff, "/encaissements/sante/")


class TestUnknownWords:
    """44"""

    @pytest.mark.parametrize(
        ("where", "words"),
        [
            ("checkout.session", {"status": "paused"}),
            ("checkout.session", {"status": "complete", "payment_status": "half_paid"}),
            ("checkout.session", {"status": "complete", "payment_status": "unpaid", "payment_intent": None}),
            ("charge", {"status": "dreaming"}),
        ],
    )
    def test_a_state_that_stripe_invents_is_no_money_and_no_crash(
        self, stripe: StripeWorld, invoice: Invoice, start: Start, where: str, words: Mapping[str, Any]
    ):
        attempt = start(invoice)
        if where != "checkout.session":
            stripe.pay(attempt)
        with telling(stripe, where, words):
            refresh_attempt(attempt_id=attempt.id, now=clock_port.now())
            stripe.deliver()
            run_until_idle()
        attempt.refresh_from_db()
        assert (Payment.objects.count(), settled(invoice)) == (0, 0)
        assert not Reaction.objects.filter(state=ReactionState.PARKED).exists()

    def test_a_means_of_payment_that_stripe_invents_is_another_one(
        self, stripe: StripeWorld, invoice: Invoice, start: Start
    ):
        attempt = start(invoice)
        stripe.pay(attempt)
        details = {"payment_method_details": {"type": "telepathy", "telepathy": {}}}
        with telling(stripe, "charge", details):
            refresh_attempt(attempt_id=attempt.id, now=clock_port.now())

        assert (Payment.objects.get().method, settled(invoice)) == ("other", 120_00)
