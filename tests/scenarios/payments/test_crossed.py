"""Where two stories meet: each is right alone, and must be right with the other."""

from collections.abc import Callable

import pytest

from reglo.companies.models import Company
from reglo.events.sealing import seal_events
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice, Settlement
from reglo.ledger.queries import balance_of
from reglo.payments.models import Dispute, Payment, PaymentAttempt, ProviderAccount, UnmatchedPayment
from reglo.payments.services import (
    NoSurplusLeft,
    allocate_surplus,
    attach_payment,
    record_collection,
    undo_collection,
)
from reglo.payments.states import Method
from reglo.ports import clock as clock_port
from sandbox.stripe import seed
from tests.factories import make_credit, make_issued
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import StripeWorld
from tests.verify.test_proofs import address, faults

Start = Callable[[Invoice], PaymentAttempt]


def hear(stripe: StripeWorld) -> None:
    stripe.deliver()
    run_until_idle()


def sell_elsewhere(stripe: StripeWorld, amount: int) -> str:
    """The charge of a sale that no invoice asked for."""
    shop = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    shop.v1.payment_intents.create(
        {"amount": amount, "currency": "eur", "confirm": True, "payment_method": "pm_card_visa"}
    )
    hear(stripe)
    return str(UnmatchedPayment.objects.get().external_id)


def attach(invoice: Invoice) -> Payment:
    return attach_payment(
        company_id=invoice.company_id,
        unmatched_id=UnmatchedPayment.objects.get().id,
        invoice_id=invoice.id,
        now=clock_port.now(),
    )


def by_transfer(invoice: Invoice, minor: int) -> Payment:
    return record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        amount_minor=minor,
        method=Method.TRANSFER,
        collected_on=clock_port.now().date(),
        now=clock_port.now(),
    )


def proved() -> dict[str, tuple[str, ...]]:
    run_until_idle()
    seal_events(now=clock_port.now())
    return faults(address())


@pytest.mark.django_db(transaction=True)
def test_a_sale_that_a_payout_took_along_is_booked_once_when_it_is_attached(
    company: Company, stripe: StripeWorld, account: ProviderAccount, invoice: Invoice, clock: FrozenClock
):
    sell_elsewhere(stripe, 120_00)
    for _day in range(6):
        clock.advance(days=1)
        hear(stripe)
    assert balance_of(company_id=company.id, account="471000") == -120_00

    attach(invoice)

    assert balance_of(company_id=company.id, account="471000") == 0
    assert balance_of(company_id=company.id, account="517100") == 0
    assert Settlement.objects.get(invoice=invoice).settled_minor == 120_00
    assert proved() == {}


@pytest.mark.django_db(transaction=True)
def test_a_sale_that_is_contested_before_it_is_attached_is_contested_after(
    company: Company, stripe: StripeWorld, account: ProviderAccount, invoice: Invoice
):
    charge = sell_elsewhere(stripe, 120_00)
    stripe.command(f"charges/{charge}/dispute", kind="chargeback")
    hear(stripe)

    attach(invoice)

    assert Dispute.objects.get().withdrawn_minor == 120_00
    assert Settlement.objects.get(invoice=invoice).disputed_minor == 120_00
    assert proved() == {}


@pytest.mark.django_db(transaction=True)
def test_a_credit_note_frees_the_money_that_came_and_not_what_was_undone(
    stripe: StripeWorld, invoice: Invoice, start: Start
):
    """The card brought 80, a transfer of 40 was typed and undone: what is credited comes back from the card."""
    first = by_transfer(invoice, 40_00)
    stripe.pay(start(invoice))
    hear(stripe)
    undo_collection(company_id=invoice.company_id, payment_id=first.id, reason="erreur", now=clock_port.now())
    second = by_transfer(invoice, 40_00)
    undo_collection(company_id=invoice.company_id, payment_id=second.id, reason="erreur", now=clock_port.now())

    make_credit(invoice)
    card = Payment.objects.get(account__isnull=False)
    assert card.surplus_minor == 80_00
    shop = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    shop.v1.refunds.create({"charge": str(card.external_id)})
    hear(stripe)

    card.refresh_from_db()
    assert (card.surplus_minor, Settlement.objects.get(invoice=invoice).settled_minor) == (0, 0)
    assert proved() == {}


@pytest.mark.django_db(transaction=True)
def test_what_an_undone_collection_left_over_is_given_to_nobody(company: Company, invoice: Invoice):
    paid = by_transfer(invoice, 120_00)
    make_credit(invoice)
    undo_collection(company_id=company.id, payment_id=paid.id, reason="erreur", now=clock_port.now())
    other = make_issued(company)

    with pytest.raises(NoSurplusLeft):
        allocate_surplus(company_id=company.id, payment_id=paid.id, invoice_id=other.id, now=clock_port.now())

    assert Settlement.objects.get(invoice=other).settled_minor == 0
    assert proved() == {}
