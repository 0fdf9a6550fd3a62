"""Where a contested payment meets credit notes, a given *trop-perçu* and several invoices: who has lost what."""

from collections.abc import Callable

import pytest

from reglo.companies.models import Company
from reglo.invoicing.models import Invoice, Settlement
from reglo.payments.models import Allocation, Dispute, Payment, PaymentAttempt, ProviderAccount
from reglo.payments.monthly_collections import monthly_collections
from reglo.payments.providers.facts import DisputeStanding
from reglo.payments.services import NoSurplusLeft, allocate_surplus, credit_refunds, settle_lost_dispute
from reglo.payments.states import DisputeOutcome
from reglo.ports import clock as clock_port
from tests.factories import make_credit, make_issued
from tests.harness.frozen_clock import FrozenClock
from tests.payments.disputes import FEE, books, contested, paid, refunded, reinstated, tell, withdrawn
from tests.scenarios.payments.test_crossed import proved

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[[Invoice], PaymentAttempt]
RECLAIMED, WRITTEN_OFF = DisputeOutcome.RECLAIMED, DisputeOutcome.WRITTEN_OFF
LOST = DisputeStanding.LOST
FEES_ALONE = {"517100": -2_05 - FEE, "627800": 2_05 + FEE}


@pytest.fixture
def older(company: Company, account: ProviderAccount) -> Invoice:
    """120,00 €, issued before `invoice`."""
    return make_issued(company, card_allowed=True)


def choose(outcome: DisputeOutcome, *, name: str = "dp_1") -> None:
    dispute = Dispute.objects.get(external_id=name)
    settle_lost_dispute(company_id=dispute.company_id, dispute_id=dispute.id, outcome=outcome, now=clock_port.now())


def give(invoice: Invoice) -> int:
    payment = Payment.objects.get()
    return allocate_surplus(
        company_id=invoice.company_id, payment_id=payment.id, invoice_id=invoice.id, now=clock_port.now()
    )


def disputed(*invoices: Invoice) -> list[int]:
    return [Settlement.objects.get(invoice=invoice).disputed_minor for invoice in invoices]


def settled(*invoices: Invoice) -> list[int]:
    return [Settlement.objects.get(invoice=invoice).settled_minor for invoice in invoices]


def paid_twice_over(attempt: PaymentAttempt, older: Invoice) -> None:
    """200,00 € came for 120,00: the 80,00 beyond are given to the older invoice."""
    tell(attempt, payments=(paid(200_00),))
    assert give(older) == 80_00


def test_a_sale_cancelled_after_its_loss_was_written_off_owes_nobody_anything(
    company: Company, account: ProviderAccount, invoice: Invoice, start: Start
):
    tell(start(invoice), contested(LOST, withdrawn()))
    choose(WRITTEN_OFF)

    make_credit(invoice)

    assert Payment.objects.get().surplus_minor == 0
    assert Dispute.objects.get().lost_minor == 0
    assert books(company.id) == FEES_ALONE
    assert proved() == {}


def test_what_a_credit_note_takes_is_the_loss_first_and_then_the_customers(
    company: Company, account: ProviderAccount, invoice: Invoice, start: Start
):
    """Paid 120, of which a bank took 40 back for good: a credit note of 60 leaves the customer 20 of his own money."""
    tell(start(invoice), contested(LOST, withdrawn(40_00), minor=40_00))
    choose(WRITTEN_OFF)

    make_credit(invoice, amount_minor=60_00)

    assert Payment.objects.get().surplus_minor == 20_00
    assert Dispute.objects.get().lost_minor == 0
    assert books(company.id)["419100"] == -20_00
    assert "654000" not in books(company.id)
    assert proved() == {}


def test_won_after_all_the_money_of_a_cancelled_sale_is_the_customers(
    company: Company, account: ProviderAccount, invoice: Invoice, start: Start
):
    attempt = start(invoice)
    tell(attempt, contested(LOST, withdrawn()))
    choose(WRITTEN_OFF)
    make_credit(invoice)

    tell(attempt, contested(DisputeStanding.WON, withdrawn(), reinstated()))

    assert Payment.objects.get().surplus_minor == 120_00
    assert books(company.id)["419100"] == -120_00
    assert proved() == {}


def test_the_month_of_the_loss_is_not_rewritten_by_a_later_credit_note(
    company: Company, account: ProviderAccount, invoice: Invoice, start: Start, clock: FrozenClock
):
    tell(start(invoice), contested(LOST, withdrawn()))
    choose(WRITTEN_OFF)
    november = monthly_collections(company=company, year=2026, month=11)
    clock.advance(days=20)

    make_credit(invoice)

    assert monthly_collections(company=company, year=2026, month=11) == november
    december = monthly_collections(company=company, year=2026, month=12)
    assert [(row.gross_minor, row.vat_minor) for row in december.lines] == [(-120_00, -20_00)]


def test_once_its_loss_is_decided_what_is_left_of_a_payment_can_be_given(
    account: ProviderAccount, older: Invoice, invoice: Invoice, start: Start
):
    tell(start(invoice), contested(LOST, withdrawn(40_00), minor=40_00), payments=(paid(200_00),))
    with pytest.raises(NoSurplusLeft):
        give(older)

    choose(RECLAIMED)

    assert give(older) == 40_00
    assert settled(older, invoice) == [40_00, 120_00]
    assert proved() == {}


def test_what_was_settled_last_is_contested_first_and_reopens_first(
    account: ProviderAccount, older: Invoice, invoice: Invoice, start: Start
):
    assert older.id < invoice.id
    attempt = start(invoice)
    paid_twice_over(attempt, older)

    tell(attempt, contested(LOST, withdrawn(80_00), minor=80_00), payments=(paid(200_00),))
    assert disputed(older, invoice) == [80_00, 0]
    assert proved() == {}
    choose(RECLAIMED)

    assert settled(older, invoice) == [0, 120_00]
    assert disputed(older, invoice) == [0, 0]
    assert proved() == {}


def test_a_credit_note_makes_the_other_invoices_of_a_contested_payment_less_contested(
    account: ProviderAccount, older: Invoice, invoice: Invoice, start: Start
):
    attempt = start(invoice)
    paid_twice_over(attempt, older)
    tell(attempt, contested(DisputeStanding.OPEN, withdrawn(100_00), minor=100_00), payments=(paid(200_00),))
    assert disputed(older, invoice) == [80_00, 20_00]

    make_credit(invoice)

    assert disputed(older, invoice) == [0, 0]
    assert proved() == {}


def test_a_refund_credits_at_once_only_what_it_was_paid_for(
    company: Company, account: ProviderAccount, older: Invoice, invoice: Invoice, start: Start
):
    Company.objects.filter(id=company.id).update(refund_policy="issue")
    attempt = start(invoice)
    paid_twice_over(attempt, older)

    tell(attempt, payments=(paid(200_00),), refunds=(refunded(200_00),))
    made = credit_refunds(company_id=company.id, payment_id=Payment.objects.get().id, now=clock_port.now())

    assert {note.corrects_id: note.status for note in made} == {older.id: "draft", invoice.id: "issued"}
    assert not Allocation.objects.filter(payment__surplus_minor__lt=0).exists()
    assert proved() == {}
