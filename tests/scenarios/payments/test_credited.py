"""Scenarios 10, 11, 19, 20 and 21: money and credit notes that cross one another; the books are proved at the end of each."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from reglo.companies.models import Company
from reglo.events.sealing import seal_events
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.money import Money
from reglo.payments.models import Allocation, Payment, PaymentAttempt
from reglo.payments.providers import facts
from reglo.payments.services import NotPayable, apply_snapshot, record_collection, return_from_provider
from reglo.payments.states import AttemptState, Method
from reglo.ports import clock as clock_port
from tests.factories import make_credit, make_issued
from tests.harness.stripe_world import StripeWorld
from tests.verify.test_proofs import address, faults

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[[Invoice], PaymentAttempt]


def stands(invoice: Invoice) -> tuple[str, int, int, int]:
    """State, credited, settled, remaining."""
    now = clock_port.now()
    invoice = Invoice.objects.select_related("settlement").get(id=invoice.id)
    one = invoice.settlement
    return invoice.state_on(now.date()).value, one.credited_minor, one.settled_minor, one.remaining_minor


def surplus() -> int:
    paid = sum(Payment.objects.values_list("amount_minor", flat=True))
    refunded = sum(refund.amount_minor for payment in Payment.objects.all() for refund in payment.refunds.all())
    return paid - refunded - sum(Allocation.objects.values_list("amount_minor", flat=True))


def proved() -> dict[str, tuple[str, ...]]:
    seal_events(now=clock_port.now())
    return faults(address())


def tell(
    attempt: PaymentAttempt,
    *,
    refunds: dict[str, int] | None = None,
    standing: facts.RefundStanding = facts.RefundStanding.SUCCEEDED,
) -> None:
    """The provider says: paid, and refunded so much by each of these."""
    at = clock_port.now()
    fact = facts.PaymentFact("ch_1", attempt.amount, at, facts.Method.CARD, "", None, None)
    told = tuple(
        facts.RefundFact(name, "ch_1", Money(minor, "EUR"), at, standing) for name, minor in (refunds or {}).items()
    )
    snapshot = facts.Snapshot(
        facts.Ref("checkout.session", attempt.external_id or ""),
        False,
        str(attempt.id),
        facts.State.PAID,
        (fact,),
    )
    apply_snapshot(account=attempt.account, snapshot=replace(snapshot, refunds=told), now=at)


def test_10_paid_after_it_was_credited(stripe: StripeWorld, invoice: Invoice, start: Start):
    attempt = start(invoice)
    stripe.pay(attempt)  # at Stripe; we do not know yet
    make_credit(invoice)

    run_until_idle()  # would close the page, and learns that it was paid
    return_from_provider(attempt_id=attempt.id, now=clock_port.now())

    assert stands(invoice) == ("credited", 120_00, 0, 0)
    assert Payment.objects.get().amount_minor == 120_00
    assert not Allocation.objects.exists()
    assert surplus() == 120_00
    assert proved() == {}


def test_10_a_credited_invoice_closes_its_page_and_opens_no_other(stripe: StripeWorld, invoice: Invoice, start: Start):
    attempt = start(invoice)

    make_credit(invoice)
    run_until_idle()

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.CANCELED
    with pytest.raises(NotPayable):
        start(invoice)
    assert proved() == {}


def test_11_the_amount_changed_while_a_page_was_open(stripe: StripeWorld, invoice: Invoice, start: Start):
    first = start(invoice)

    make_credit(invoice, amount_minor=20_00)
    run_until_idle()
    second = start(invoice)
    stripe.pay(second)
    return_from_provider(attempt_id=second.id, now=clock_port.now())

    first.refresh_from_db()
    assert first.state == AttemptState.CANCELED
    assert second.amount_minor == 100_00
    assert stands(invoice) == ("paid", 20_00, 100_00, 0)
    assert proved() == {}


def test_11_paid_in_full_before_the_page_could_be_closed(stripe: StripeWorld, invoice: Invoice, start: Start):
    attempt = start(invoice)
    stripe.pay(attempt)

    make_credit(invoice, amount_minor=20_00)
    run_until_idle()

    assert stands(invoice) == ("paid", 20_00, 100_00, 0)
    assert surplus() == 20_00
    assert proved() == {}


def refunded_in_two(invoice: Invoice, start: Start, policy: str) -> None:
    """Paid 120,00 on line; then 30,00 and 50,00 given back at Stripe, each told twice."""
    Company.objects.filter(id=invoice.company_id).update(refund_policy=policy)
    attempt = start(invoice)
    tell(attempt)
    for told in ({"re_1": 30_00}, {"re_1": 30_00, "re_2": 50_00}):
        for _ in range(2):
            tell(attempt, refunds=told)
            run_until_idle()


def test_19_20_each_refund_has_its_credit_note(stripe: StripeWorld, invoice: Invoice, start: Start):
    refunded_in_two(invoice, start, "issue")

    notes = Invoice.objects.filter(kind="credit_note").order_by("id")
    assert [(note.status, note.gross_minor, note.reason) for note in notes] == [
        ("issued", 30_00, "Remboursement du 22 novembre 2026"),
        ("issued", 50_00, "Remboursement du 22 novembre 2026"),
    ]
    assert stands(invoice) == ("paid", 80_00, 40_00, 0)
    assert proved() == {}


def test_20_or_its_draft(stripe: StripeWorld, invoice: Invoice, start: Start):
    refunded_in_two(invoice, start, "draft")

    notes = Invoice.objects.filter(kind="credit_note").order_by("id").values_list("status", "gross_minor")
    assert list(notes) == [("draft", 30_00), ("draft", 50_00)]
    assert stands(invoice) == ("partly_paid", 0, 40_00, 80_00)
    assert proved() == {}


def test_20_or_nothing(stripe: StripeWorld, invoice: Invoice, start: Start):
    refunded_in_two(invoice, start, "nothing")

    assert not Invoice.objects.filter(kind="credit_note").exists()
    assert stands(invoice) == ("partly_paid", 0, 40_00, 80_00)


def test_21_a_refund_that_fails_later_leaves_its_credit_note_and_the_money_to_give_back(
    stripe: StripeWorld, invoice: Invoice, start: Start
):
    Company.objects.filter(id=invoice.company_id).update(refund_policy="issue")
    attempt = start(invoice)
    tell(attempt, refunds={"re_1": 50_00})
    run_until_idle()

    tell(attempt, refunds={"re_1": 50_00}, standing=facts.RefundStanding.FAILED)
    run_until_idle()

    assert [note.gross_minor for note in Invoice.objects.filter(kind="credit_note")] == [50_00]
    assert stands(invoice) == ("paid", 50_00, 70_00, 0)
    assert 120_00 - sum(Allocation.objects.values_list("amount_minor", flat=True)) == 50_00  # trop-perçu
    assert proved() == {}


def test_a_refund_of_what_a_credit_note_freed_makes_no_second_one(stripe: StripeWorld, invoice: Invoice, start: Start):
    Company.objects.filter(id=invoice.company_id).update(refund_policy="issue")
    attempt = start(invoice)
    tell(attempt)
    make_credit(invoice, amount_minor=50_00)

    tell(attempt, refunds={"re_1": 50_00})
    run_until_idle()

    assert Invoice.objects.filter(kind="credit_note").count() == 1
    assert stands(invoice) == ("paid", 50_00, 70_00, 0)
    assert surplus() == 0
    assert proved() == {}


def test_a_credit_note_made_by_hand_before_the_reaction_is_enough(stripe: StripeWorld, invoice: Invoice, start: Start):
    Company.objects.filter(id=invoice.company_id).update(refund_policy="issue")
    attempt = start(invoice)
    tell(attempt)
    tell(attempt, refunds={"re_1": 50_00})
    make_credit(invoice, amount_minor=50_00)

    run_until_idle()

    assert Invoice.objects.filter(kind="credit_note").count() == 1
    assert stands(invoice) == ("paid", 50_00, 70_00, 0)
    assert proved() == {}


def test_a_month_of_credits_leaves_provable_books(company: Company):
    for part, paid in ((33_33, 0), (None, 120_00), (1, 119_99), (60_00, 40_00)):
        invoice = make_issued(company)
        if paid:
            record_collection(
                company_id=company.id,
                invoice_id=invoice.id,
                amount_minor=paid,
                method=Method.TRANSFER,
                collected_on=clock_port.now().date(),
                now=clock_port.now(),
            )
        make_credit(invoice, amount_minor=part)
    run_until_idle()

    assert proved() == {}
