"""Facts in any order, late, twice, too much, in another currency: the books end the same, and no money is dropped."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from reglo.companies.models import Company
from reglo.events.models import Event
from reglo.invoicing.models import Invoice, Settlement
from reglo.ledger.models import Entry, EntryLine
from reglo.money import Money
from reglo.payments.models import Allocation, Payment, PaymentAttempt, ProviderAccount, Refund
from reglo.payments.providers import facts
from reglo.payments.queries import invoices_for_surplus
from reglo.payments.refund_offers import RefundRefusal, refund_offer
from reglo.payments.services import apply_snapshot, record_collection
from reglo.payments.states import AttemptState, Method
from reglo.ports import clock as clock_port
from tests.factories import make_issued
from tests.harness.stripe_world import StripeWorld

Start = Callable[[Invoice], PaymentAttempt]
AT = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)


def fact(
    minor: int = 120_00, *, name: str = "ch_1", currency: str = "EUR", fee: int | None = None
) -> facts.PaymentFact:
    return facts.PaymentFact(
        id=name,
        money=Money(minor, currency),
        at=AT,
        method=facts.Method.CARD,
        method_detail="Visa •••• 4242",
        fee=None if fee is None else Money(fee, "EUR"),
        settled=None if fee is None else Money(minor, "EUR"),
    )


def refund(
    minor: int, *, name: str = "re_1", state: facts.RefundStanding = facts.RefundStanding.SUCCEEDED
) -> facts.RefundFact:
    return facts.RefundFact(name, "ch_1", Money(minor, "EUR"), AT + timedelta(days=2), state)


def snapshot(
    attempt: PaymentAttempt,
    state: facts.State = facts.State.UNKNOWN,
    *payments: facts.PaymentFact,
    refunds: tuple[facts.RefundFact, ...] = (),
) -> facts.Snapshot:
    return facts.Snapshot(
        ref=facts.Ref("checkout.session", attempt.external_id or ""),
        live=False,
        attempt_key=str(attempt.id),
        state=state,
        payments=payments,
        refunds=refunds,
        redirect_url="https://pay.example/x",
    )


def apply(attempt: PaymentAttempt, taken: facts.Snapshot) -> bool:
    applied = apply_snapshot(account=attempt.account, snapshot=taken, now=clock_port.now())
    attempt.refresh_from_db()
    return applied


def balance(company: Company, account: str) -> int:
    lines = EntryLine.objects.filter(company=company, account=account)
    return sum(line.debit_minor - line.credit_minor for line in lines)


def settled(invoice: Invoice) -> tuple[int, int]:
    settlement = Settlement.objects.get(invoice=invoice)
    return settlement.settled_minor, settlement.pending_minor


@pytest.fixture
def attempt(stripe: StripeWorld, invoice: Invoice, start: Start) -> PaymentAttempt:
    return start(invoice)


PAID = facts.State.PAID


def test_the_same_truth_twice_changes_nothing(attempt: PaymentAttempt):
    apply(attempt, snapshot(attempt, PAID, fact(fee=2_05)))
    counted = (Payment.objects.count(), Allocation.objects.count(), Entry.objects.count(), Event.objects.count())

    apply(attempt, snapshot(attempt, PAID, fact(fee=2_05)))

    assert counted == (
        Payment.objects.count(),
        Allocation.objects.count(),
        Entry.objects.count(),
        Event.objects.count(),
    )


LIFE = {
    "processing": facts.State.PROCESSING,
    "paid": PAID,
    "failed": facts.State.FAILED,
    "expired": facts.State.EXPIRED,
}


@pytest.mark.parametrize("order", list(permutations(LIFE)), ids="-".join)
def test_money_wins_in_whatever_order_the_truths_are_read(
    attempt: PaymentAttempt, invoice: Invoice, order: tuple[str, ...]
):
    for name in order:
        facts = [fact()] if name == "paid" else []
        apply(attempt, snapshot(attempt, LIFE[name], *facts))

    assert attempt.state == AttemptState.PAID
    assert settled(invoice) == (120_00, 0)
    assert Payment.objects.count() == 1


def test_a_late_failure_does_not_unpay(attempt: PaymentAttempt, invoice: Invoice):
    apply(attempt, snapshot(attempt, PAID, fact()))

    apply(attempt, snapshot(attempt, facts.State.FAILED))

    assert attempt.state == AttemptState.PAID
    assert settled(invoice) == (120_00, 0)


def test_a_delayed_payment_waits_then_fails(attempt: PaymentAttempt, invoice: Invoice):
    apply(attempt, snapshot(attempt, facts.State.PROCESSING))
    assert settled(invoice) == (0, 120_00)

    apply(attempt, replace(snapshot(attempt, facts.State.FAILED), failure="insufficient_funds"))

    assert (attempt.state, attempt.failure) == (AttemptState.FAILED, "insufficient_funds")
    assert settled(invoice) == (0, 0)
    assert Event.objects.filter(kind="attempt.failed").count() == 1


def test_the_fee_comes_later_and_is_posted_once(attempt: PaymentAttempt, company: Company):
    apply(attempt, snapshot(attempt, PAID, fact()))
    assert Payment.objects.get().fee_minor is None

    apply(attempt, snapshot(attempt, PAID, fact(fee=2_05)))
    apply(attempt, snapshot(attempt, PAID, fact(fee=2_05)))

    assert Payment.objects.get().fee == Money(2_05, "EUR")
    assert (balance(company, "627800"), balance(company, "517100")) == (2_05, 117_95)


def test_money_for_an_invoice_that_was_paid_meanwhile_is_a_surplus(
    attempt: PaymentAttempt, invoice: Invoice, company: Company
):
    record_collection(
        company_id=company.id,
        invoice_id=invoice.id,
        amount_minor=100_00,
        method=Method.TRANSFER,
        collected_on=AT.date(),
        now=clock_port.now(),
    )

    apply(attempt, snapshot(attempt, PAID, fact()))

    late = Payment.objects.get(external_id="ch_1")
    assert [one.amount_minor for one in late.allocations.all()] == [20_00]
    assert settled(invoice) == (120_00, 0)
    assert (balance(company, "411000"), balance(company, "419100")) == (0, -100_00)


def test_both_pages_paid_is_one_payment_and_one_surplus(
    attempt: PaymentAttempt, invoice: Invoice, company: Company, start: Start
):
    apply(attempt, snapshot(attempt, facts.State.EXPIRED))
    second = start(invoice)

    apply(second, snapshot(second, PAID, fact(name="ch_2")))
    apply(attempt, snapshot(attempt, PAID, fact(name="ch_1")))

    assert attempt.state == second.state == AttemptState.PAID
    assert sorted(Payment.objects.values_list("external_id", "amount_minor")) == [("ch_1", 120_00), ("ch_2", 120_00)]
    assert [one.payment.external_id for one in Allocation.objects.all()] == ["ch_2"]
    assert (balance(company, "411000"), balance(company, "419100")) == (0, -120_00)


def test_less_than_asked_is_booked_as_it_is(attempt: PaymentAttempt, invoice: Invoice):
    apply(attempt, snapshot(attempt, PAID, fact(70_00)))

    assert settled(invoice) == (70_00, 0)


def test_another_currency_settles_nothing_until_a_person_decides(
    attempt: PaymentAttempt, invoice: Invoice, company: Company
):
    dollars = fact(130_00, currency="USD")
    apply(attempt, snapshot(attempt, PAID, dollars))
    assert (settled(invoice), balance(company, "517100")) == ((0, 0), 0)

    apply(attempt, snapshot(attempt, PAID, replace(dollars, fee=Money(2_10, "EUR"), settled=Money(118_00, "EUR"))))

    payment = Payment.objects.get()
    assert (payment.amount, payment.settled_minor, payment.settled_currency) == (Money(130_00, "USD"), 118_00, "EUR")
    offer = refund_offer(payment)
    assert (offer.left, offer.surplus) == (Money(130_00, "USD"), Money(118_00, "EUR"))
    assert (offer.refusal, list(invoices_for_surplus(payment))) == (RefundRefusal.OTHER_CURRENCY, [])
    assert settled(invoice) == (0, 0)
    assert (balance(company, "517100"), balance(company, "419100")) == (115_90, -118_00)


def test_an_attempt_of_nobody_here_is_not_ours(attempt: PaymentAttempt):
    stranger = replace(snapshot(attempt, PAID, fact()), attempt_key="4dd6f2f4-9d8a-4f4e-9a3c-0c8b1a3b7a11")

    assert not apply(attempt, stranger)
    assert not apply(attempt, replace(stranger, attempt_key=""))
    assert not apply(attempt, replace(stranger, attempt_key="facture 12"))

    assert Payment.objects.count() == 0


def test_live_money_is_not_booked_on_a_test_account(attempt: PaymentAttempt):
    assert not apply(attempt, replace(snapshot(attempt, PAID, fact()), live=True))

    assert Payment.objects.count() == 0


def test_another_account_cannot_pay_this_attempt(attempt: PaymentAttempt, company: Company):
    other = ProviderAccount.objects.create(
        id=attempt.id, company=company, provider="stripe", mode="simulated", external_id="acct_other",
        state="disconnected", created_at=AT,
    )  # fmt: skip

    assert not apply_snapshot(account=other, snapshot=snapshot(attempt, PAID, fact()), now=AT)

    assert Payment.objects.count() == 0


def test_the_day_is_the_companys_own(attempt: PaymentAttempt, company: Company):
    Company.objects.filter(id=company.id).update(time_zone="Indian/Reunion")
    late_evening = replace(fact(), at=datetime(2026, 11, 30, 21, 30, tzinfo=UTC))

    apply(attempt, snapshot(attempt, PAID, late_evening))

    payment = Payment.objects.get()
    assert payment.paid_on.isoformat() == "2026-12-01"
    assert Entry.objects.get(source=f"payment:{payment.id}").entry_date.isoformat() == "2026-12-01"


def test_a_refund_reopens_the_debt_and_gives_its_vat_back(attempt: PaymentAttempt, invoice: Invoice, company: Company):
    apply(attempt, snapshot(attempt, PAID, fact(), refunds=(refund(30_00),)))
    apply(attempt, snapshot(attempt, PAID, fact(), refunds=(refund(30_00), refund(12_00, name="re_2"))))

    assert sorted(Refund.objects.values_list("external_id", "amount_minor")) == [("re_1", 30_00), ("re_2", 12_00)]
    assert settled(invoice) == (78_00, 0)
    assert (balance(company, "517100"), balance(company, "411000")) == (78_00, 42_00)
    assert (balance(company, "445740"), balance(company, "445710")) == (-7_00, -13_00)


def test_a_refund_takes_the_surplus_first(attempt: PaymentAttempt, invoice: Invoice, company: Company):
    apply(attempt, snapshot(attempt, PAID, fact(150_00)))
    assert balance(company, "419100") == -30_00

    apply(attempt, snapshot(attempt, PAID, fact(150_00), refunds=(refund(40_00),)))

    assert settled(invoice) == (110_00, 0)
    assert (balance(company, "419100"), balance(company, "411000")) == (0, 10_00)


def test_a_refund_that_fails_brings_the_money_back(attempt: PaymentAttempt, invoice: Invoice, company: Company):
    apply(attempt, snapshot(attempt, PAID, fact(), refunds=(refund(30_00),)))

    failed = refund(30_00, state=facts.RefundStanding.FAILED)
    apply(attempt, snapshot(attempt, PAID, fact(), refunds=(failed,)))

    assert settled(invoice) == (120_00, 0)
    assert (balance(company, "517100"), balance(company, "411000")) == (120_00, 0)
    assert Refund.objects.get().state == "failed"


def test_what_came_back_is_there_to_be_given_back_again(attempt: PaymentAttempt, invoice: Invoice, company: Company):
    """Stripe lists the newest first: the second refund gives back what the failure of the first brings."""
    apply(attempt, snapshot(attempt, PAID, fact(), refunds=(refund(120_00),)))

    failed = refund(120_00, state=facts.RefundStanding.FAILED)
    apply(attempt, snapshot(attempt, PAID, fact(), refunds=(refund(120_00, name="re_2"), failed)))

    assert settled(invoice) == (0, 0)
    assert (balance(company, "517100"), balance(company, "411000"), balance(company, "419100")) == (0, 120_00, 0)


STANDINGS = facts.RefundStanding


@pytest.mark.parametrize(
    ("now", "older"),
    [
        (STANDINGS.SUCCEEDED, STANDINGS.PENDING),
        (STANDINGS.FAILED, STANDINGS.PENDING),
        (STANDINGS.FAILED, STANDINGS.SUCCEEDED),
        (STANDINGS.CANCELED, STANDINGS.PENDING),
    ],
)
def test_an_older_answer_about_a_refund_changes_nothing(
    attempt: PaymentAttempt, invoice: Invoice, now: facts.RefundStanding, older: facts.RefundStanding
):
    apply(attempt, snapshot(attempt, PAID, fact(), refunds=(refund(30_00, state=STANDINGS.PENDING),)))
    if now == STANDINGS.FAILED:
        apply(attempt, snapshot(attempt, PAID, fact(), refunds=(refund(30_00),)))
    apply(attempt, snapshot(attempt, PAID, fact(), refunds=(refund(30_00, state=now),)))
    before = (settled(invoice), Entry.objects.count(), Allocation.objects.count())

    apply(attempt, snapshot(attempt, PAID, fact(), refunds=(refund(30_00, state=older),)))

    assert (settled(invoice), Entry.objects.count(), Allocation.objects.count()) == before
    assert Refund.objects.get().state == now


def test_when_the_commit_fails_nothing_is_kept_and_the_next_try_books(
    attempt: PaymentAttempt, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
):
    def crash(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the power went")

    counted = (Entry.objects.count(), Event.objects.count())
    with monkeypatch.context() as patch:
        patch.setattr(Settlement, "save", crash)
        with pytest.raises(RuntimeError):
            apply(attempt, snapshot(attempt, PAID, fact()))
    assert (Payment.objects.count(), Allocation.objects.count()) == (0, 0)
    assert counted == (Entry.objects.count(), Event.objects.count())

    apply(attempt, snapshot(attempt, PAID, fact()))

    assert settled(invoice) == (120_00, 0)


def test_a_second_invoice_is_not_touched(attempt: PaymentAttempt, company: Company):
    other = make_issued(company, card_allowed=True)

    apply(attempt, snapshot(attempt, PAID, fact(500_00)))

    assert settled(other) == (0, 0)
    assert balance(company, "419100") == -380_00
