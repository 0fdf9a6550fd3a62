"""After a loss the owner chooses: the debt reopens with its VAT given back, or the money is a loss, its VAT untouched."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.http import Http404

from reglo.companies.models import Company, User
from reglo.events.models import Event
from reglo.invoicing.models import Invoice
from reglo.invoicing.states import InvoiceState
from reglo.ledger.models import Entry
from reglo.payments.models import Allocation, Dispute, PaymentAttempt
from reglo.payments.providers.facts import DisputeMove, DisputeStanding
from reglo.payments.queries import is_disputed
from reglo.payments.services import DisputeAwaitsNoChoice, NothingToReclaim, settle_lost_dispute
from reglo.payments.states import DisputeOutcome, DisputeState
from reglo.ports import clock as clock_port
from tests.factories import make_company, make_issued
from tests.harness.stripe_world import StripeWorld
from tests.payments.disputes import FEE, books, contested, paid, refunded, reinstated, tell, withdrawn
from tests.payments.test_record_dispute import counts, seen

Start = Callable[[Invoice], PaymentAttempt]
S = DisputeStanding
CLEARING, FEES = -2_05 - FEE, 2_05 + FEE  # the payment came and went; its fee and the dispute's stay
RECLAIMED_BOOKS = {
    "411000": 120_00,
    "445740": -20_00,
    "517100": CLEARING,
    "627800": FEES,
    "706000": -100_00,
}
WRITTEN_OFF_BOOKS = {
    "445710": -20_00,
    "517100": CLEARING,
    "627800": FEES,
    "654000": 120_00,
    "706000": -100_00,
}


@pytest.fixture
def attempt(stripe: StripeWorld, invoice: Invoice, start: Start) -> PaymentAttempt:
    return start(invoice)


@pytest.fixture
def lost(attempt: PaymentAttempt) -> Dispute:
    """120,00 € paid by card, contested, and lost."""
    tell(attempt, contested(S.LOST, withdrawn()))
    return Dispute.objects.get()


def choose(dispute: Dispute, outcome: DisputeOutcome, actor_id: int | None = None) -> Dispute:
    return settle_lost_dispute(
        company_id=dispute.company_id,
        dispute_id=dispute.id,
        outcome=outcome,
        now=clock_port.now(),
        actor_id=actor_id,
    )


RECLAIMED, WRITTEN_OFF = DisputeOutcome.RECLAIMED, DisputeOutcome.WRITTEN_OFF


def test_claimed_again_the_debt_reopens_and_its_vat_is_given_back(
    company: Company, invoice: Invoice, lost: Dispute, alice: User
):
    settled = choose(lost, RECLAIMED, alice.pk)

    assert (settled.outcome, settled.outcome_at, settled.outcome_by_id) == (
        RECLAIMED,
        clock_port.now(),
        alice.pk,
    )
    assert books(company.id) == RECLAIMED_BOOKS
    assert seen(invoice) == (InvoiceState.DUE, 0, 0)
    [row] = Allocation.objects.filter(dispute=lost)
    assert (row.amount_minor, row.invoice_id) == (-120_00, invoice.id)
    [entry] = Entry.objects.filter(source=f"dispute:{lost.id}")
    assert (entry.journal, entry.entry_date) == ("OD", clock_port.now().date())
    assert [event.kind for event in Event.objects.order_by("-id")[:2]] == ["invoice.reopened", "dispute.settled"]


def test_written_off_the_invoice_stays_settled_and_its_vat_stays_due(company: Company, invoice: Invoice, lost: Dispute):
    settled = choose(lost, WRITTEN_OFF)

    assert (settled.outcome, settled.lost_minor) == (WRITTEN_OFF, 120_00)
    assert books(company.id) == WRITTEN_OFF_BOOKS
    assert seen(invoice) == (InvoiceState.PAID, 120_00, 0)
    assert not Allocation.objects.filter(dispute=lost).exists()


@pytest.mark.parametrize("outcome", list(DisputeOutcome))
def test_a_double_click_is_once(lost: Dispute, outcome: DisputeOutcome):
    choose(lost, outcome)
    counted = counts()

    choose(lost, outcome)

    assert counts() == counted


def test_the_choice_is_made_once(lost: Dispute):
    choose(lost, WRITTEN_OFF)
    counted = counts()

    with pytest.raises(DisputeAwaitsNoChoice):
        choose(lost, RECLAIMED)

    assert counts() == counted
    lost.refresh_from_db()
    assert lost.outcome == WRITTEN_OFF


@pytest.mark.parametrize(
    ("standing", "moves"),
    [
        (S.INQUIRY, ()),
        (S.OPEN, (withdrawn(),)),
        (S.UNDER_REVIEW, (withdrawn(),)),
        (S.WON, (withdrawn(), reinstated())),
        (S.LOST, ()),
        (S.CLOSED, ()),
    ],
)
def test_what_is_not_lost_or_took_nothing_awaits_no_choice(
    attempt: PaymentAttempt, standing: DisputeStanding, moves: tuple[DisputeMove, ...]
):
    tell(attempt, contested(standing, *moves))
    counted = counts()

    with pytest.raises(DisputeAwaitsNoChoice):
        choose(Dispute.objects.get(), WRITTEN_OFF)

    assert counts() == counted


def test_money_that_was_prevented_and_not_given_back_awaits_one(attempt: PaymentAttempt, invoice: Invoice):
    tell(attempt, contested(S.CLOSED, withdrawn()))

    choose(Dispute.objects.get(), RECLAIMED)

    assert seen(invoice) == (InvoiceState.DUE, 0, 0)


def test_the_dispute_of_another_company_is_not_found(lost: Dispute):
    other = make_company(name="Boulangerie Martin")

    with pytest.raises(Http404):
        settle_lost_dispute(company_id=other.id, dispute_id=lost.id, outcome=RECLAIMED, now=clock_port.now())
    with pytest.raises(Http404):
        settle_lost_dispute(company_id=lost.company_id, dispute_id=uuid4(), outcome=RECLAIMED, now=clock_port.now())

    lost.refresh_from_db()
    assert lost.outcome == ""


def test_money_that_a_refund_gave_back_already_cannot_be_claimed_again(
    company: Company, attempt: PaymentAttempt, invoice: Invoice
):
    """The customer was paid twice: no invoice carries the second time, so that it is a loss."""
    tell(attempt, contested(S.LOST, withdrawn()), refunds=(refunded(120_00),))
    dispute = Dispute.objects.get()
    assert seen(invoice) == (InvoiceState.DUE, 0, 0)
    with pytest.raises(NothingToReclaim):
        choose(dispute, RECLAIMED)

    choose(dispute, WRITTEN_OFF)

    assert books(company.id) == {
        "411000": 120_00,
        "445740": -20_00,
        "517100": CLEARING - 120_00,
        "627800": FEES,
        "654000": 120_00,
        "706000": -100_00,
    }


def test_a_part_that_a_refund_gave_back_is_a_loss_and_the_rest_is_claimed_again(
    company: Company, attempt: PaymentAttempt, invoice: Invoice
):
    tell(attempt, contested(S.LOST, withdrawn()), refunds=(refunded(30_00),))

    settled = choose(Dispute.objects.get(), RECLAIMED)

    assert settled.lost_minor == 30_00
    assert seen(invoice) == (InvoiceState.DUE, 0, 0)
    assert books(company.id) == {
        "411000": 120_00,
        "445740": -20_00,
        "517100": CLEARING - 30_00,
        "627800": FEES,
        "654000": 30_00,
        "706000": -100_00,
    }


@pytest.mark.parametrize(
    ("outcome", "expected", "shown"),
    [
        (RECLAIMED, {"411000": 120_00, "445740": -20_00}, (InvoiceState.DUE, 0, 0)),
        (WRITTEN_OFF, {"445710": -20_00, "654000": 120_00}, (InvoiceState.PAID, 120_00, 0)),
    ],
)
def test_what_was_surplus_is_owed_to_nobody_any_more(
    company: Company,
    attempt: PaymentAttempt,
    invoice: Invoice,
    outcome: DisputeOutcome,
    expected: dict[str, int],
    shown: tuple[InvoiceState, int, int],
):
    tell(attempt, contested(S.LOST, withdrawn(150_00), minor=150_00), payments=(paid(150_00),))

    choose(Dispute.objects.get(), outcome)

    assert books(company.id) == {"517100": CLEARING, "627800": FEES, "706000": -100_00, **expected}
    assert seen(invoice) == shown


@pytest.mark.parametrize("outcome", list(DisputeOutcome))
def test_an_appeal_that_is_won_undoes_the_choice(
    company: Company, attempt: PaymentAttempt, invoice: Invoice, lost: Dispute, outcome: DisputeOutcome
):
    choose(lost, outcome)

    tell(attempt, contested(S.WON, withdrawn(), reinstated()))

    lost.refresh_from_db()
    assert (lost.state, lost.withdrawn_minor, lost.lost_minor) == (DisputeState.WON, 0, 0)
    assert books(company.id) == {
        "445710": -20_00,
        "517100": 117_95 - FEE,
        "627800": FEES,
        "706000": -100_00,
    }
    assert seen(invoice) == (InvoiceState.PAID, 120_00, 0)


def test_an_appeal_that_is_won_after_the_customer_paid_again_is_a_surplus(
    company: Company, attempt: PaymentAttempt, invoice: Invoice, lost: Dispute, start: Start
):
    choose(lost, RECLAIMED)
    again = start(invoice)
    tell(again, payments=(paid(name="ch_2"),))

    tell(attempt, contested(S.WON, withdrawn(), reinstated()))

    assert seen(invoice) == (InvoiceState.PAID, 120_00, 0)
    assert books(company.id)["419100"] == -120_00


@pytest.mark.parametrize("outcome", list(DisputeOutcome))
def test_funds_taken_after_the_choice_follow_it(
    company: Company, attempt: PaymentAttempt, invoice: Invoice, outcome: DisputeOutcome
):
    tell(attempt, contested(S.LOST, withdrawn(100_00)))
    choose(Dispute.objects.get(), outcome)

    tell(attempt, contested(S.LOST, withdrawn(100_00), withdrawn(20_00, fee=0, name="txn_3")))

    assert books(company.id) == (RECLAIMED_BOOKS if outcome == RECLAIMED else WRITTEN_OFF_BOOKS)


def test_the_money_is_not_refundable_after_a_loss_whatever_was_chosen(lost: Dispute):
    choose(lost, RECLAIMED)

    assert is_disputed(lost.payment)


def test_a_reclaimed_invoice_can_be_paid_again(company: Company, invoice: Invoice, lost: Dispute, start: Start):
    choose(lost, RECLAIMED)

    tell(start(invoice), payments=(paid(name="ch_2"),))

    assert seen(invoice) == (InvoiceState.PAID, 120_00, 0)
    assert books(company.id) == {
        "445710": -20_00,
        "517100": CLEARING + 117_95,
        "627800": FEES + 2_05,
        "706000": -100_00,
    }


def test_money_in_another_currency_is_given_up_from_the_surplus(company: Company, account: object, start: Start):
    """It settled nothing: it was *trop-perçu* at the value that the account was told, and the rest is a loss."""
    attempt = start(make_issued(company, card_allowed=True))
    dollars = (paid(130_00, currency="USD"),)
    fact = contested(S.LOST, withdrawn(119_00), minor=130_00, currency="USD")
    tell(attempt, fact, payments=dollars)
    with pytest.raises(NothingToReclaim):
        choose(Dispute.objects.get(), RECLAIMED)

    choose(Dispute.objects.get(), WRITTEN_OFF)

    assert books(company.id)["654000"] == 2_00
    assert "467100" not in books(company.id)
    assert "419100" not in books(company.id)
