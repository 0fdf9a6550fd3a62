"""Disputes as the provider tells them, in any order: money moves with the funds alone, and the books end the same."""

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest

from reglo.companies.models import Company
from reglo.events.models import Event
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice, Settlement
from reglo.invoicing.states import InvoiceState
from reglo.ledger.models import Entry, EntryLine
from reglo.payments.models import Allocation, Dispute, DisputeMove, PaymentAttempt
from reglo.payments.providers import facts
from reglo.payments.providers.facts import DisputeStanding
from reglo.payments.queries import is_disputed
from reglo.payments.services import NotPayable, record_collection
from reglo.payments.states import AttemptState, DisputeOutcome, DisputeState, Method
from reglo.ports import clock as clock_port
from tests.factories import line, make_issued
from tests.harness.stripe_world import StripeWorld
from tests.payments.disputes import (
    DUE,
    FEE,
    books,
    contested,
    paid,
    refunded,
    reinstated,
    tell,
    withdrawn,
)

Start = Callable[[Invoice], PaymentAttempt]
S = DisputeStanding

# 120,00 € with 20,00 € of VAT on receipts, paid by card with a fee of 2,05 €.
PAID_BOOKS = {"445710": -20_00, "517100": 117_95, "627800": 2_05, "706000": -100_00}
CONTESTED_BOOKS = {
    "445710": -20_00,
    "467100": 120_00,
    "517100": -2_05 - FEE,
    "627800": 2_05 + FEE,
    "706000": -100_00,
}


@pytest.fixture
def attempt(stripe: StripeWorld, invoice: Invoice, start: Start) -> PaymentAttempt:
    return start(invoice)


def seen(invoice: Invoice) -> tuple[InvoiceState, int, int]:
    """The word on screen, what is settled, what is disputed."""
    read = Invoice.objects.select_related("settlement").get(id=invoice.id)
    today = clock_port.now().date()
    return read.state_on(today), read.settlement.settled_minor, read.settlement.disputed_minor


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Dispute, DisputeMove, Allocation, Entry, Event))


def test_an_inquiry_moves_no_money(company: Company, attempt: PaymentAttempt, invoice: Invoice):
    tell(attempt, contested(S.INQUIRY, refundable=True))

    dispute = Dispute.objects.get()
    assert (dispute.state, dispute.evidence_due_at, dispute.withdrawn_minor) == (DisputeState.INQUIRY, DUE, 0)
    assert books(company.id) == PAID_BOOKS
    assert seen(invoice) == (InvoiceState.PAID, 120_00, 0)
    assert not is_disputed(dispute.payment)
    [event] = Event.objects.filter(kind__startswith="dispute.")
    assert event.kind == "dispute.opened"


def test_a_dispute_that_is_told_before_its_funds_moves_no_money(
    company: Company, attempt: PaymentAttempt, invoice: Invoice
):
    tell(attempt, contested(S.OPEN))

    assert books(company.id) == PAID_BOOKS
    assert seen(invoice) == (InvoiceState.PAID, 120_00, 0)
    assert is_disputed(Dispute.objects.get().payment)


def test_funds_withdrawn_are_owed_by_the_provider_with_its_fee(
    company: Company, attempt: PaymentAttempt, invoice: Invoice
):
    tell(attempt, contested(S.OPEN, withdrawn()))

    assert books(company.id) == CONTESTED_BOOKS
    assert seen(invoice) == (InvoiceState.DISPUTED, 120_00, 120_00)
    [entry] = Entry.objects.filter(source__startswith="dispute-move:")
    assert (entry.journal, entry.entry_date.isoformat()) == ("PS", "2026-11-21")
    assert [(row.account, row.debit_minor, row.credit_minor) for row in entry.lines.order_by("rank")] == [
        ("467100", 120_00, 0),
        ("627800", FEE, 0),
        ("517100", 0, 120_00 + FEE),
    ]


def test_the_same_truth_twice_changes_nothing(attempt: PaymentAttempt):
    tell(attempt, contested(S.OPEN, withdrawn()))
    counted = counts()

    tell(attempt, contested(S.OPEN, withdrawn()))

    assert counts() == counted


@pytest.mark.parametrize(
    ("fee_back", "books_after"),
    [
        (0, {**PAID_BOOKS, "517100": 117_95 - FEE, "627800": 2_05 + FEE}),
        (-FEE, PAID_BOOKS),
    ],
    ids=["the fee is kept", "the fee is given back"],
)
def test_a_dispute_that_is_won_pays_the_invoice_again(
    company: Company, attempt: PaymentAttempt, invoice: Invoice, fee_back: int, books_after: dict[str, int]
):
    tell(attempt, contested(S.OPEN, withdrawn()))
    tell(attempt, contested(S.WON, withdrawn()))
    assert seen(invoice) == (InvoiceState.DISPUTED, 120_00, 120_00)

    tell(attempt, contested(S.WON, withdrawn(), reinstated(fee=fee_back)))

    assert books(company.id) == books_after
    assert seen(invoice) == (InvoiceState.PAID, 120_00, 0)
    assert not is_disputed(Dispute.objects.get().payment)


def test_a_loss_waits_for_the_owner(company: Company, attempt: PaymentAttempt, invoice: Invoice):
    tell(attempt, contested(S.LOST, withdrawn()))

    dispute = Dispute.objects.get()
    assert dispute.awaits_choice
    assert is_disputed(dispute.payment)
    assert books(company.id) == CONTESTED_BOOKS
    assert seen(invoice) == (InvoiceState.DISPUTED, 120_00, 120_00)


def test_an_inquiry_that_is_closed_asks_for_nothing(attempt: PaymentAttempt, invoice: Invoice):
    tell(attempt, contested(S.INQUIRY))

    tell(attempt, contested(S.CLOSED))

    dispute = Dispute.objects.get()
    assert (dispute.state, dispute.awaits_choice) == (DisputeState.CLOSED, False)
    assert not is_disputed(dispute.payment)
    assert seen(invoice) == (InvoiceState.PAID, 120_00, 0)


LIFE = {
    "created": contested(S.OPEN),
    "funds_withdrawn": contested(S.OPEN, withdrawn()),
    "updated": contested(S.UNDER_REVIEW, withdrawn()),
    "closed": contested(S.WON, withdrawn()),
    "funds_reinstated": contested(S.WON, withdrawn(), reinstated()),
}


@pytest.mark.parametrize("order", list(permutations(LIFE)), ids="-".join)
def test_the_books_end_the_same_in_whatever_order_the_truths_are_read(
    company: Company, attempt: PaymentAttempt, invoice: Invoice, order: tuple[str, ...]
):
    for name in order:
        tell(attempt, LIFE[name])

    assert Dispute.objects.get().state == DisputeState.WON
    assert books(company.id) == {**PAID_BOOKS, "517100": 117_95 - FEE, "627800": 2_05 + FEE}
    assert seen(invoice) == (InvoiceState.PAID, 120_00, 0)
    assert (DisputeMove.objects.count(), Entry.objects.filter(source__startswith="dispute").count()) == (2, 2)


@pytest.mark.parametrize("order", list(permutations(("inquiry", "withdrawn", "refund", "lost"))), ids="-".join)
def test_a_refund_in_between_ends_the_same_too(
    company: Company, attempt: PaymentAttempt, invoice: Invoice, order: tuple[str, ...]
):
    part = withdrawn(90_00)
    for name in order:
        match name:
            case "inquiry":
                tell(attempt, contested(S.INQUIRY, minor=90_00))
            case "withdrawn":
                tell(attempt, contested(S.OPEN, part, minor=90_00))
            case "refund":
                tell(attempt, refunds=(refunded(30_00),))
            case "lost":
                tell(attempt, contested(S.LOST, part, minor=90_00), refunds=(refunded(30_00),))

    assert Dispute.objects.get().state == DisputeState.LOST
    assert books(company.id) == {
        "411000": 30_00,
        "445710": -15_00,
        "445740": -5_00,
        "467100": 90_00,
        "517100": 117_95 - 90_00 - FEE - 30_00,
        "627800": 2_05 + FEE,
        "706000": -100_00,
    }
    assert seen(invoice) == (InvoiceState.DISPUTED, 90_00, 90_00)


def test_what_settled_no_document_is_contested_first(company: Company, attempt: PaymentAttempt, invoice: Invoice):
    tell(attempt, contested(S.OPEN, withdrawn(150_00), minor=150_00), payments=(paid(150_00),))

    assert seen(invoice) == (InvoiceState.DISPUTED, 120_00, 120_00)
    assert books(company.id)["467100"] == 150_00
    assert books(company.id)["419100"] == -30_00


def test_less_than_the_surplus_contests_no_document(attempt: PaymentAttempt, invoice: Invoice):
    tell(attempt, contested(S.OPEN, withdrawn(20_00), minor=20_00), payments=(paid(150_00),))

    assert seen(invoice) == (InvoiceState.PAID, 120_00, 0)


def test_two_disputes_of_one_payment_add_up(attempt: PaymentAttempt, invoice: Invoice):
    tell(
        attempt,
        contested(S.OPEN, withdrawn(50_00), minor=50_00),
        contested(S.OPEN, withdrawn(30_00, name="txn_9"), minor=30_00, name="dp_2"),
    )

    assert seen(invoice) == (InvoiceState.DISPUTED, 120_00, 80_00)


def test_a_word_that_we_do_not_know_is_kept_apart_and_moves_nothing(
    company: Company, attempt: PaymentAttempt, invoice: Invoice
):
    tell(attempt, contested(S.UNKNOWN, withdrawn()))
    assert Dispute.objects.get().state == DisputeState.UNDER_REVIEW

    tell(attempt, contested(S.LOST, withdrawn()))
    tell(attempt, contested(S.UNKNOWN, withdrawn()))

    assert Dispute.objects.get().state == DisputeState.LOST
    assert books(company.id) == CONTESTED_BOOKS


def test_a_dispute_of_a_sale_made_elsewhere_is_not_ours(attempt: PaymentAttempt):
    tell(attempt, contested(S.OPEN, withdrawn(), payment="ch_other"))

    assert counts()[:2] == (0, 0)


def test_money_in_another_currency_is_booked_for_what_the_account_was_told(
    company: Company, attempt: PaymentAttempt, invoice: Invoice
):
    dollars = paid(130_00, currency="USD")
    tell(attempt, contested(S.OPEN, withdrawn(117_00), minor=130_00, currency="USD"), payments=(dollars,))

    assert books(company.id)["467100"] == 117_00
    assert seen(invoice) == (InvoiceState.DUE, 0, 0)


def test_a_disputed_invoice_is_not_payable_and_its_open_page_is_closed(
    stripe: StripeWorld, company: Company, account: object, start: Start
):
    invoice = make_issued(company, card_allowed=True, lines=[line("100")])
    first = start(invoice)
    tell(first, payments=(paid(50_00),))
    second = start(invoice)
    assert second.amount_minor == 70_00

    tell(first, contested(S.OPEN, withdrawn(50_00), minor=50_00), payments=(paid(50_00),))
    run_until_idle()

    second.refresh_from_db()
    assert second.state == AttemptState.CANCELED
    assert seen(invoice) == (InvoiceState.DISPUTED, 50_00, 50_00)
    with pytest.raises(NotPayable):
        start(invoice)


def test_money_by_hand_beside_a_disputed_payment_is_not_disputed(
    stripe: StripeWorld, company: Company, account: object, start: Start
):
    invoice = make_issued(company, card_allowed=True)
    attempt = start(invoice)
    tell(attempt, payments=(paid(50_00),))
    record_collection(
        company_id=company.id,
        invoice_id=invoice.id,
        amount_minor=70_00,
        method=Method.TRANSFER,
        collected_on=clock_port.now().date(),
        now=clock_port.now(),
    )

    tell(attempt, contested(S.OPEN, withdrawn(50_00), minor=50_00), payments=(paid(50_00),))

    assert seen(invoice) == (InvoiceState.DISPUTED, 120_00, 50_00)
    assert Settlement.objects.get(invoice=invoice).is_settled
    assert EntryLine.objects.filter(account="467100").count() == 1


def test_a_debit_that_is_taken_back_reopens_its_debt_by_itself(
    company: Company, attempt: PaymentAttempt, invoice: Invoice
):
    debit = replace(paid(), method=facts.Method.SEPA_DEBIT)
    tell(attempt, payments=(debit,))

    for _twice in range(2):
        tell(attempt, contested(S.LOST, withdrawn(fee=7_50)), payments=(debit,))

    dispute = Dispute.objects.get()
    assert (dispute.outcome, dispute.outcome_by_id) == (DisputeOutcome.RECLAIMED, None)
    assert seen(invoice) == (InvoiceState.DUE, 0, 0)
    assert books(company.id) == {
        "411000": 120_00,
        "445740": -20_00,
        "517100": -2_05 - 7_50,
        "627800": 2_05 + 7_50,
        "706000": -100_00,
    }


def test_a_debit_that_was_refunded_before_it_is_taken_back_is_for_the_owner_to_decide(
    attempt: PaymentAttempt, invoice: Invoice
):
    debit = replace(paid(), method=facts.Method.SEPA_DEBIT)

    tell(attempt, contested(S.LOST, withdrawn()), payments=(debit,), refunds=(refunded(120_00),))

    assert Dispute.objects.get().awaits_choice
