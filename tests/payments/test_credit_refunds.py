"""After a refund told by a provider: one credit note for each, of what it reopened, by the company's policy."""

from collections.abc import Callable

import pytest

from reglo.companies.models import Company
from reglo.invoicing.models import Invoice
from reglo.money import Money
from reglo.payments.models import Payment, PaymentAttempt
from reglo.payments.providers import facts
from reglo.payments.services import apply_snapshot, credit_refunds
from reglo.ports import clock as clock_port
from tests.factories import make_company
from tests.harness.stripe_world import StripeWorld

Start = Callable[[Invoice], PaymentAttempt]


@pytest.fixture
def payment(stripe: StripeWorld, invoice: Invoice, start: Start) -> Payment:
    """120,00 paid, of which 50,00 refunded."""
    attempt, at = start(invoice), clock_port.now()
    fact = facts.PaymentFact("ch_1", Money(120_00, "EUR"), at, facts.Method.CARD, "", None, None)
    refund = facts.RefundFact("re_1", "ch_1", Money(50_00, "EUR"), at, facts.RefundStanding.SUCCEEDED)
    snapshot = facts.Snapshot(facts.Ref("charge", "ch_1"), False, str(attempt.id), facts.State.PAID, (fact,), (refund,))
    apply_snapshot(account=attempt.account, snapshot=snapshot, now=at)
    return Payment.objects.get()


def credited(payment: Payment, policy: str = "issue") -> list[Invoice]:
    Company.objects.filter(id=payment.company_id).update(refund_policy=policy)
    return credit_refunds(company_id=payment.company_id, payment_id=payment.id, now=clock_port.now())


def test_twice_is_once(payment: Payment, invoice: Invoice):
    [note] = credited(payment)

    assert credited(payment) == []
    assert (note.number, note.gross_minor, note.reason) == (
        "ESSAI-A2026-0001",
        50_00,
        "Remboursement du 22 novembre 2026",
    )
    invoice.refresh_from_db()
    assert (invoice.settlement.settled_minor, invoice.settlement.remaining_minor) == (70_00, 0)


def test_a_draft_thrown_away_does_not_come_back(payment: Payment):
    [draft] = credited(payment, "draft")
    Invoice.objects.filter(id=draft.id).update(discarded_at=clock_port.now())

    assert credited(payment, "draft") == []
    assert credited(payment, "issue") == []


def test_a_company_that_wants_nothing_gets_nothing(payment: Payment):
    assert credited(payment, "nothing") == []
    assert not Invoice.objects.filter(kind="credit_note").exists()


def test_a_payment_of_another_company_is_not_found(payment: Payment):
    with pytest.raises(Payment.DoesNotExist):
        credit_refunds(company_id=make_company(siren="552100554").id, payment_id=payment.id, now=clock_port.now())

    assert not Invoice.objects.filter(kind="credit_note").exists()
