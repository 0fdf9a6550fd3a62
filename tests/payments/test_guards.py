"""What the database itself refuses, whoever writes."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model

from reglo.companies.models import Company
from reglo.invoicing.models import Invoice
from reglo.payments.models import (
    Allocation,
    AttemptLine,
    Dispute,
    DisputeMove,
    Payment,
    PaymentAttempt,
    ProviderAccount,
)
from reglo.payments.providers.facts import DisputeStanding
from reglo.payments.services import record_collection
from reglo.payments.states import DisputeOutcome, Method
from reglo.ports import clock as clock_port
from reglo.ports import ids
from tests.factories import make_company, make_issued
from tests.payments.disputes import PAID_AT, contested, tell, withdrawn


@pytest.fixture
def payment(company: Company) -> Payment:
    invoice = make_issued(company)
    return record_collection(
        company_id=company.id,
        invoice_id=invoice.id,
        amount_minor=50_00,
        method=Method.CHEQUE,
        collected_on=date(2026, 11, 22),
        now=clock_port.now(),
    )


def refused(write: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize("column", ["amount_minor", "paid_on", "method", "note", "external_id"])
def test_a_payment_does_not_change(payment: Payment, column: str):
    other = {"amount_minor": 1, "paid_on": date(2026, 1, 1), "method": "cash", "note": "x", "external_id": "ch_1"}

    assert refused(lambda: Payment.objects.filter(id=payment.id).update(**{column: other[column]}))


def test_payments_and_allocations_stay(payment: Payment):
    assert refused(lambda: Allocation.objects.all().delete())
    assert refused(lambda: Allocation.objects.update(amount_minor=1))
    assert refused(lambda: Payment.objects.all()._raw_delete(using="default"))


def test_a_fee_is_told_once(payment: Payment):
    assert not refused(lambda: Payment.objects.update(fee_minor=100))
    assert refused(lambda: Payment.objects.update(fee_minor=200))


@pytest.mark.parametrize("amount", [1, 70_00, -50_01])
def test_nothing_is_allocated_beyond_the_payment(payment: Payment, amount: int):
    allocation = payment.allocations.get()

    def write() -> Model:
        return Allocation.objects.create(
            payment=payment,
            company_id=payment.company_id,
            invoice=allocation.invoice,
            amount_minor=amount,
            allocated_at=clock_port.now(),
        )

    assert refused(write)


@pytest.mark.parametrize(("practice", "mode", "accepted"), [
    (True, "live", False), (True, "test", True), (True, "simulated", True),
    (False, "live", True), (False, "test", False), (False, "simulated", False),
])  # fmt: skip
def test_practice_and_real_accounts_do_not_mix(db: None, practice: bool, mode: str, accepted: bool):
    company = make_company(practice=practice)

    def write() -> Model:
        return ProviderAccount.objects.create(
            id=ids.new_uuid(),
            company=company,
            provider="stripe",
            mode=mode,
            external_id="acct_1",
            created_at=clock_port.now(),
        )

    assert refused(write) != accepted


def test_a_document_has_one_open_attempt(invoice: Invoice, start: Callable[[Invoice], PaymentAttempt]):
    attempt = start(invoice)

    def write() -> Model:
        second = PaymentAttempt.objects.create(
            id=ids.new_uuid(), company_id=invoice.company_id, account=attempt.account, amount_minor=1, currency="EUR",
            created_at=clock_port.now(), expires_at=clock_port.now(),
        )  # fmt: skip
        return AttemptLine.objects.create(
            attempt=second, company_id=invoice.company_id, invoice=invoice, amount_minor=1
        )

    assert refused(write)
    assert refused(lambda: PaymentAttempt.objects.update(amount_minor=1))


@pytest.fixture
def disputed(invoice: Invoice, start: Callable[[Invoice], PaymentAttempt]) -> Dispute:
    tell(start(invoice), contested(DisputeStanding.LOST, withdrawn()))
    return Dispute.objects.get()


@pytest.mark.parametrize(
    ("column", "value"), [("amount_minor", 1), ("external_id", "dp_2"), ("opened_at", PAID_AT), ("currency", "USD")]
)
def test_what_is_contested_does_not_change(disputed: Dispute, column: str, value: object):
    assert refused(lambda: Dispute.objects.update(**{column: value}))


def test_disputes_and_their_funds_stay(disputed: Dispute):
    assert refused(lambda: DisputeMove.objects.update(amount_minor=1))
    assert refused(lambda: DisputeMove.objects.all()._raw_delete(using="default"))
    assert refused(lambda: Dispute.objects.all()._raw_delete(using="default"))


def test_the_choice_after_a_loss_is_made_once(disputed: Dispute):
    def choose(outcome: str) -> int:
        return Dispute.objects.update(outcome=outcome, outcome_at=clock_port.now())

    assert not refused(lambda: choose(DisputeOutcome.WRITTEN_OFF))
    assert refused(lambda: choose(DisputeOutcome.RECLAIMED))


def test_funds_move_once(disputed: Dispute):
    [move] = DisputeMove.objects.all()
    move.pk = None

    assert refused(move.save)


def test_a_choice_has_its_date_and_a_loss_its_choice(disputed: Dispute):
    assert refused(lambda: Dispute.objects.update(outcome=DisputeOutcome.WRITTEN_OFF))
    assert refused(lambda: Dispute.objects.update(lost_minor=1))
