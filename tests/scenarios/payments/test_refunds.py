"""Money that came twice, too late, or goes back: whole stories, each named by its number in the list of failures.

The payer uses Stripe's page in the sandbox, the seller the verbs behind the screens; the books are proved at the end.
"""

from collections.abc import Callable
from uuid import UUID

import pytest

from reglo.companies.models import Company
from reglo.invoicing.models import Invoice
from reglo.ledger.models import Entry
from reglo.payments.models import Payment, PaymentAttempt, Refund
from reglo.payments.queries import surpluses_of
from reglo.payments.refund_offers import RefundRefusal, refund_offer
from reglo.payments.services import (
    NotRefundable,
    RefundedMeanwhile,
    allocate_surplus,
    start_payment,
)
from reglo.payments.states import AttemptState, RefundState
from reglo.ports import clock as clock_port
from sandbox.stripe import mishaps
from tests.factories import make_credit, make_issued
from tests.harness.rows import nothing_written
from tests.harness.stripe_world import REFUND_FAILS, StripeWorld
from tests.payments.conftest import (  # noqa: F401 (fixtures)
    Give,
    account,
    give_back,
    invoice,
    pay_on_line,
    payment,
    running,
    start,
    stripe,
    urls,
    world,
)
from tests.scenarios.payments.refund_stories import (  # noqa: F401 (a fixture)
    at_stripe,
    balance,
    by_transfer,
    everything_arrives,
    proved,
    refund_at_stripe,
    settled,
    surpluses,
    told_to_the_owner,
)

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[[Invoice], PaymentAttempt]
ONE, TWO = UUID(int=1), UUID(int=2)


def test_8_both_sessions_paid_is_one_debt_paid_and_one_surplus_to_give_back(
    invoice: Invoice,  # noqa: F811 (the fixture)
    company: Company,
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    start: Start,  # noqa: F811 (the fixture)
    give_back: Give,  # noqa: F811 (the fixture)
):
    """8. The first page was thought closed, and both are paid: both are booked, the second is too much."""
    first = start(invoice)
    PaymentAttempt.objects.filter(id=first.id).update(state=AttemptState.EXPIRED, ended_at=clock_port.now())
    first.lines.update(open=False)
    second = start(invoice)
    stripe.pay(first)
    stripe.pay(second)
    everything_arrives(stripe)

    assert Payment.objects.count() == 2
    assert (settled(invoice), surpluses(company)) == (120_00, [120_00])
    assert "1 trop-perçu de 120,00\u00a0€, à rendre ou à affecter." in told_to_the_owner(company)

    refund = give_back(surpluses_of(company).get(), 120_00)

    assert refund.state == RefundState.SUCCEEDED
    assert (settled(invoice), surpluses(company), balance(company, "419100")) == (120_00, [], 0)


def test_10_money_for_a_credited_invoice_waits_and_the_invoice_stays_closed(
    invoice: Invoice,  # noqa: F811 (the fixture)
    company: Company,
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    start: Start,  # noqa: F811 (the fixture)
):
    """10. The page was open while the invoice was credited; its money pays another invoice of the same customer."""
    attempt = start(invoice)
    make_credit(invoice)
    stripe.pay(attempt)
    everything_arrives(stripe)
    late = Payment.objects.get()
    assert (settled(invoice), surpluses(company)) == (0, [120_00])
    other = make_issued(company)

    allocate_surplus(company_id=company.pk, payment_id=late.id, invoice_id=other.pk, now=clock_port.now())

    assert (settled(other), settled(invoice), surpluses(company)) == (120_00, 0, [])
    assert (balance(company, "445710"), balance(company, "419100")) == (-20_00, 0)
    invoice.refresh_from_db()
    assert invoice.status == "credited"


def test_11_what_was_partly_paid_meanwhile_is_paid_as_it_is_and_the_rest_is_surplus(
    invoice: Invoice,  # noqa: F811 (the fixture)
    company: Company,
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    start: Start,  # noqa: F811 (the fixture)
):
    """11. The payer finishes on the old page before it is closed; who comes later gets a page for what is left."""
    old = start(invoice)
    by_transfer(invoice, 20_00)
    stripe.pay(old)
    everything_arrives(stripe)
    assert (settled(invoice), surpluses(company)) == (120_00, [20_00])

    other = make_issued(company, card_allowed=True)
    first = start(other)
    by_transfer(other, 20_00)
    second = start_payment(company_id=company.pk, invoice_id=other.pk, urls=urls, now=clock_port.now())

    first.refresh_from_db()
    assert (first.state, second.amount_minor) == (AttemptState.CANCELED, 100_00)


def test_19_a_part_then_another_part_and_never_beyond(
    payment: Payment,  # noqa: F811 (the fixture)
    invoice: Invoice,  # noqa: F811 (the fixture)
    company: Company,
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    give_back: Give,  # noqa: F811 (the fixture)
):
    """19. Each refund is a row and an entry of its own; we cap before the provider does."""
    give_back(payment, 40_00)
    everything_arrives(stripe)
    give_back(payment, 50_00)
    everything_arrives(stripe)

    assert (settled(invoice), at_stripe(stripe)) == (30_00, [40_00, 50_00])
    assert Entry.objects.filter(source__startswith="refund:").count() == 2
    assert balance(company, "411000") == 90_00
    with pytest.raises(Exception, match="30,00"), nothing_written():
        give_back(payment, 30_01)
    assert at_stripe(stripe) == [40_00, 50_00]


def test_20_a_refund_made_at_stripe_is_in_the_books_and_said_to_be_external(
    payment: Payment,  # noqa: F811 (the fixture)
    invoice: Invoice,  # noqa: F811 (the fixture)
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    give_back: Give,  # noqa: F811 (the fixture)
):
    """20. It counts against what may still be given back here."""
    refund_at_stripe(stripe, payment, 70_00)
    everything_arrives(stripe)
    everything_arrives(stripe)

    [refund] = Refund.objects.all()
    assert (refund.is_external, refund.state, settled(invoice)) == (True, RefundState.SUCCEEDED, 50_00)
    with pytest.raises(RefundedMeanwhile):
        give_back(payment, 120_00, left_minor=120_00)


def test_21_a_refund_that_fails_later_is_owed_again(
    invoice: Invoice,  # noqa: F811 (the fixture)
    company: Company,
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    start: Start,  # noqa: F811 (the fixture)
    give_back: Give,  # noqa: F811 (the fixture)
):
    """21. The bank sends it back: the money is in the balance, the owner is told what remains to be given back."""
    paid = pay_on_line(stripe, start(invoice), REFUND_FAILS)
    by_stripe = balance(company, "517100")
    give_back(paid, 40_00)
    assert balance(company, "517100") == by_stripe - 40_00

    everything_arrives(stripe)

    assert (Refund.objects.get().state, settled(invoice)) == (RefundState.FAILED, 120_00)
    assert balance(company, "517100") == by_stripe
    assert "Un remboursement de 40,00\u00a0€ a échoué\u00a0: il reste à rembourser." in told_to_the_owner(company)
    assert refund_offer(Payment.objects.get()).left.minor == 120_00


def test_21_the_surplus_that_came_back_is_a_surplus_again(
    invoice: Invoice,  # noqa: F811 (the fixture)
    company: Company,
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    start: Start,  # noqa: F811 (the fixture)
    give_back: Give,  # noqa: F811 (the fixture)
):
    """21. Where no document takes the money that came back, it stands on 4191: the liability that is shown."""
    attempt = start(invoice)
    by_transfer(invoice, 50_00)
    paid = pay_on_line(stripe, attempt, REFUND_FAILS)
    give_back(paid, 50_00)
    assert (surpluses(company), balance(company, "419100")) == ([], 0)

    everything_arrives(stripe)

    assert (surpluses(company), balance(company, "419100")) == ([50_00], -50_00)
    assert settled(invoice) == 120_00


def test_22_clicked_twice_is_one_refund(
    payment: Payment,  # noqa: F811 (the fixture)
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    give_back: Give,  # noqa: F811 (the fixture)
):
    """22. The page drew the key: both clicks bring the same one."""
    first, second = (give_back(payment, 40_00, refund_id=ONE) for _ in range(2))

    assert (first.id, second.id, at_stripe(stripe)) == (ONE, ONE, [40_00])


def test_22_two_users_on_two_pages_are_one_refund_and_one_refusal(
    payment: Payment,  # noqa: F811 (the fixture)
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    give_back: Give,  # noqa: F811 (the fixture)
):
    """22. Both opened the page before anybody pressed; whether Stripe answered the first or not, the second waits."""
    mishaps.plan(stripe.sandbox.world, "lost_answer", path="/v1/refunds", times=None)
    give_back(payment, 40_00, refund_id=ONE, left_minor=120_00)
    with pytest.raises(NotRefundable) as refused:
        give_back(payment, 40_00, refund_id=TWO, left_minor=120_00)
    assert refused.value.reason == RefundRefusal.UNDER_WAY
    mishaps.plan(stripe.sandbox.world, None)
    everything_arrives(stripe)

    with pytest.raises(RefundedMeanwhile):
        give_back(payment, 40_00, refund_id=TWO, left_minor=120_00)

    assert at_stripe(stripe) == [40_00]


def test_23_a_disputed_payment_is_not_given_back_too(
    payment: Payment,  # noqa: F811 (the fixture)
    invoice: Invoice,  # noqa: F811 (the fixture)
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    give_back: Give,  # noqa: F811 (the fixture)
):
    """23. The bank may take it: refunded as well, it would be lost twice; the sentence says so."""
    stripe.command(f"charges/{payment.external_id}/dispute", kind="chargeback")
    everything_arrives(stripe)

    with pytest.raises(NotRefundable, match="perdre deux fois"), nothing_written():
        give_back(payment, 40_00)

    assert at_stripe(stripe) == []


def test_many_small_refunds_are_all_known_whoever_makes_them(
    payment: Payment,  # noqa: F811 (the fixture)
    invoice: Invoice,  # noqa: F811 (the fixture)
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    give_back: Give,  # noqa: F811 (the fixture)
):
    """A charge shows its first ten refunds only: the rest is asked for."""
    for _ in range(12):
        refund_at_stripe(stripe, payment, 1_00)
    everything_arrives(stripe, newest_first=True)

    give_back(payment, 8_00)

    assert (Refund.objects.count(), settled(invoice)) == (13, 100_00)
