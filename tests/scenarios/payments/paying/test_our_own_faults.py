"""What we could do wrong ourselves: a key used for other words, a commit that fails half-way."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError
from django.test import Client

from reglo.companies.models import User
from reglo.events.models import Reaction
from reglo.events.states import ReactionState
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice, Settlement
from reglo.ledger.models import Entry
from reglo.payments.models import Allocation, Payment, PaymentAttempt, ProviderEvent
from reglo.payments.providers.contract import KeyReused, Urls
from reglo.payments.providers.stripe.provider import StripeProvider
from reglo.payments.services import start_payment
from reglo.payments.states import AttemptState, NoticeState
from reglo.ports import clock as clock_port
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import StripeWorld
from tests.payments.conftest import start, urls  # noqa: F401 (fixture)

Start = Callable[[Invoice], PaymentAttempt]


def test_a_key_used_again_with_other_words_is_a_bug_and_says_so(
    payable: Invoice, stripe: StripeWorld, monkeypatch: pytest.MonkeyPatch
):
    """Scenario 38: Stripe refuses; it is raised as a bug, never cured by another key, and no second page opens."""
    opened: list[str] = []
    start_at_stripe = StripeProvider.start

    def lose_the_answer(self: StripeProvider, attempt: object, urls: object) -> object:
        opened.append(start_at_stripe(self, attempt, urls).ref.id)
        raise TimeoutError

    with monkeypatch.context() as patch:
        patch.setattr(StripeProvider, "start", lose_the_answer)
        with pytest.raises(TimeoutError):
            start_payment(company_id=payable.company_id, invoice_id=payable.id, urls=urls, now=clock_port.now())

    with pytest.raises(KeyReused):
        start_payment(
            company_id=payable.company_id,
            invoice_id=payable.id,
            urls=lambda attempt: Urls("http://localhost:8000/elsewhere", "http://localhost:8000/elsewhere"),
            now=clock_port.now(),
        )

    attempt = PaymentAttempt.objects.get()
    assert attempt.state == AttemptState.UNKNOWN
    client = stripe.provider().clients.of(attempt.account.open_secrets())
    ours = [one for one in client.v1.checkout.sessions.list({"limit": 100}).data if one.client_reference_id]
    assert [one.id for one in ours] == opened


def test_a_commit_that_fails_leaves_nothing_and_is_tried_again(
    payable: Invoice,
    stripe: StripeWorld,
    start: Start,  # noqa: F811 (the fixture)
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
):
    """Scenario 41: the disk is full at the last statement: no half of a payment stays, and the next try books it whole."""
    stripe.pay(start(payable))
    stripe.deliver()
    entries = Entry.objects.count()

    with monkeypatch.context() as patch:
        patch.setattr("reglo.payments.services.booking.apply_settlement", _full_disk)
        run_until_idle()

    assert (Payment.objects.count(), Allocation.objects.count(), Entry.objects.count()) == (0, 0, entries)
    assert Settlement.objects.get(invoice=payable).settled_minor == 0
    assert set(ProviderEvent.objects.values_list("state", flat=True)) == {NoticeState.RECEIVED}

    clock.advance(hours=1)
    run_until_idle()

    assert (Payment.objects.count(), Allocation.objects.count()) == (1, 1)
    assert Settlement.objects.get(invoice=payable).settled_minor == 1240_00


def test_what_keeps_failing_is_shown_to_a_person(
    payable: Invoice,
    stripe: StripeWorld,
    start: Start,  # noqa: F811 (the fixture)
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
    alice: User,
):
    """Scenario 41: after so many tries it is parked, on the home page, with *Réessayer*; which then books it."""
    stripe.pay(start(payable))
    stripe.deliver()
    with monkeypatch.context() as patch:
        patch.setattr("reglo.payments.services.booking.apply_settlement", _full_disk)
        for _ in range(40):
            run_until_idle()
            clock.advance(hours=12)
    parked = Reaction.objects.filter(state=ReactionState.PARKED)
    assert parked.exists()

    seller = Client()
    seller.force_login(alice)
    assert "À débloquer." in seller.get("/").content.decode()
    for reaction in parked:
        seller.post(f"/reessayer/{reaction.pk}/")
    run_until_idle()

    assert Payment.objects.count() == 1
    assert Settlement.objects.get(invoice=payable).settled_minor == 1240_00


def _full_disk(*_arguments: object, **_named: object) -> None:
    raise DatabaseError("database or disk is full")
