"""Scenarios 23 to 26 and 44: a payment contested at Stripe, told by its notifications, from the bank to the books."""

import random
from collections.abc import Callable
from typing import Any

import pytest
import requests

from reglo.companies.models import Company
from reglo.events.models import Event
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice, Settlement
from reglo.invoicing.states import InvoiceState
from reglo.payments.models import Dispute, DisputeMove, Payment, PaymentAttempt, ProviderAccount
from reglo.payments.queries import is_disputed
from reglo.payments.services import NotPayable, settle_lost_dispute, sweep
from reglo.payments.states import AccountState, DisputeOutcome, DisputeState
from reglo.ports import clock as clock_port
from sandbox.stripe import disputes as at_stripe
from tests.contracts.stripe import wire
from tests.harness.stripe_world import RESTRICTED_KEY, StripeWorld
from tests.payments.disputes import books

Start = Callable[[Invoice], PaymentAttempt]
FEES = 2_05 + 20_00
PAID_BOOKS = {"445710": -20_00, "517100": 117_95, "627800": 2_05, "706000": -100_00}
CONTESTED_BOOKS = {"445710": -20_00, "467100": 120_00, "517100": -FEES, "627800": FEES, "706000": -100_00}
WON_BOOKS = {"445710": -20_00, "517100": 120_00 - FEES, "627800": FEES, "706000": -100_00}
FRAUDULENT, INQUIRY = "4000 0000 0000 0259", "4000 0000 0000 1976"


@pytest.fixture
def paid(stripe: StripeWorld, invoice: Invoice, start: Start) -> Payment:
    """120,00 € by a card that nobody contests yet."""
    stripe.pay(start(invoice))
    hear(stripe)
    return Payment.objects.get()


def hear(stripe: StripeWorld, *, newest_first: bool = False) -> None:
    """Stripe calls, and the worker does what follows."""
    stripe.deliver(newest_first=newest_first)
    run_until_idle()


def open_at_bank(stripe: StripeWorld, payment: Payment, kind: str, **values: object) -> str:
    return str(stripe.command(f"charges/{payment.external_id}/dispute", kind=kind, **values)["dispute"])


def events_of(stripe: StripeWorld) -> list[dict[str, Any]]:
    """All that happened at Stripe, newest first."""
    return list(requests.get(f"{stripe.sandbox.url}/_control/events", timeout=10).json())


def state_of(invoice: Invoice) -> InvoiceState:
    read = Invoice.objects.select_related("settlement").get(id=invoice.id)
    return read.state_on(clock_port.now().date())


def test_24_an_inquiry_is_a_notice_and_a_deadline(
    company: Company, stripe: StripeWorld, invoice: Invoice, start: Start
):
    stripe.pay(start(invoice), INQUIRY)

    hear(stripe)

    dispute = Dispute.objects.get()
    assert (dispute.state, dispute.amount_minor, dispute.withdrawn_minor) == (DisputeState.INQUIRY, 120_00, 0)
    assert dispute.evidence_due_at is not None
    assert books(company.id) == PAID_BOOKS
    assert state_of(invoice) == InvoiceState.PAID


def test_25_a_dispute_takes_the_money_with_its_funds_and_a_loss_is_the_owners_to_settle(
    company: Company, stripe: StripeWorld, invoice: Invoice, start: Start
):
    stripe.pay(start(invoice), FRAUDULENT)
    hear(stripe)
    assert books(company.id) == CONTESTED_BOOKS
    assert state_of(invoice) == InvoiceState.DISPUTED
    dispute = Dispute.objects.get()
    with pytest.raises(NotPayable):
        start(invoice)

    stripe.command(f"disputes/{dispute.external_id}/end", won=False)
    hear(stripe)

    dispute.refresh_from_db()
    assert dispute.awaits_choice
    assert books(company.id) == CONTESTED_BOOKS
    settle_lost_dispute(
        company_id=company.id, dispute_id=dispute.id, outcome=DisputeOutcome.RECLAIMED, now=clock_port.now()
    )
    assert state_of(invoice) == InvoiceState.DUE
    assert start(invoice).amount_minor == 120_00


def test_26_a_dispute_that_is_won_pays_the_invoice_again(
    company: Company, stripe: StripeWorld, invoice: Invoice, paid: Payment
):
    name = open_at_bank(stripe, paid, "inquiry")
    stripe.command(f"disputes/{name}/escalate")
    hear(stripe)
    assert books(company.id) == CONTESTED_BOOKS

    stripe.command(f"disputes/{name}/end", won=True)
    hear(stripe)

    assert Dispute.objects.get().state == DisputeState.WON
    assert books(company.id) == WON_BOOKS
    assert state_of(invoice) == InvoiceState.PAID


@pytest.mark.parametrize("seed", range(6))
def test_every_order_of_the_notifications_ends_in_the_same_books(
    company: Company, stripe: StripeWorld, invoice: Invoice, paid: Payment, seed: int
):
    """Whole lives of two disputes; each notification when chance says, some twice."""
    chance = random.Random(seed)
    first = open_at_bank(stripe, paid, "inquiry", amount=50_00)
    steps = [
        (f"disputes/{first}/escalate", {}),
        (f"disputes/{first}/end", {"won": True}),
    ]
    for path, values in steps:
        if chance.random() < 0.5:
            hear(stripe, newest_first=chance.random() < 0.5)
        stripe.command(path, **values)
    events = [one for one in events_of(stripe) if one["type"].startswith("charge.dispute")]
    for told in chance.choices(events, k=8):
        stripe.command(f"events/{told['id']}/deliver", how=chance.choice(["once", "twice"]))
        if chance.random() < 0.5:
            run_until_idle()
    hear(stripe, newest_first=True)

    assert books(company.id) == WON_BOOKS
    assert DisputeMove.objects.count() == 2
    assert Settlement.objects.get(invoice=invoice).disputed_minor == 0
    assert state_of(invoice) == InvoiceState.PAID


def test_a_dispute_that_nobody_told_of_is_found_by_the_sweep(
    company: Company, stripe: StripeWorld, invoice: Invoice, paid: Payment
):
    open_at_bank(stripe, paid, "chargeback")
    for told in events_of(stripe):
        stripe.command(f"events/{told['id']}/drop")

    sweep(now=clock_port.now())
    run_until_idle()

    assert books(company.id) == CONTESTED_BOOKS


def test_23_a_refund_is_blocked_unless_stripe_says_that_it_would_still_count(
    stripe: StripeWorld, invoice: Invoice, paid: Payment
):
    name = open_at_bank(stripe, paid, "inquiry")
    hear(stripe)
    assert not is_disputed(paid)

    stripe.command(f"disputes/{name}/escalate")
    hear(stripe)
    assert is_disputed(paid)

    stripe.command(f"disputes/{name}/end", won=True)
    hear(stripe)
    assert not is_disputed(paid)


@pytest.mark.parametrize("status", ["a_status_of_tomorrow", "appeal_needs_response"])
def test_44_a_status_of_tomorrow_moves_the_money_it_moved_and_breaks_nothing(
    company: Company, stripe: StripeWorld, invoice: Invoice, paid: Payment, status: str, monkeypatch: pytest.MonkeyPatch
):
    # The wire's own check knows the words of today alone.
    monkeypatch.setattr(wire, "check_answer", lambda content, code: None)
    shown = at_stripe.shown
    monkeypatch.setattr(at_stripe, "shown", lambda call, one: {**shown(call, one), "status": status})
    open_at_bank(stripe, paid, "chargeback")

    hear(stripe)

    assert Dispute.objects.get().state == DisputeState.UNDER_REVIEW
    assert books(company.id) == CONTESTED_BOOKS
    assert not Event.objects.filter(reactions__state="parked").exists()


def test_a_key_that_may_not_read_disputes_keeps_its_payments_and_waits_for_the_right(
    company: Company, account: ProviderAccount, stripe: StripeWorld, invoice: Invoice, paid: Payment
):
    stripe.command(f"keys/{RESTRICTED_KEY}/permissions", remove="rak_dispute_write")
    open_at_bank(stripe, paid, "chargeback")

    hear(stripe)

    account.refresh_from_db()
    assert account.state == AccountState.ACTIVE
    assert not Dispute.objects.exists()
    waiting = Event.objects.filter(reactions__state="waiting", kind="provider.event_received")
    assert waiting.exists()

    stripe.command(f"keys/{RESTRICTED_KEY}/permissions", add="rak_dispute_read")
    stripe.clock.advance(hours=1)
    run_until_idle()

    assert books(company.id) == CONTESTED_BOOKS
