"""*Rembourser*: the order is committed before the call, capped, sent once, and pursued until its end is known."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.http import Http404

from reglo.companies.models import Company, User
from reglo.events.models import Event
from reglo.events.queries import content_of
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice, Settlement
from reglo.ledger.models import Entry, EntryLine
from reglo.payments.models import Payment, PaymentAttempt, ProviderAccount, Refund
from reglo.payments.providers import contract, facts
from reglo.payments.providers.stripe.provider import StripeProvider
from reglo.payments.refund_offers import RefundRefusal
from reglo.payments.services import (
    NotRefundable,
    PaymentsUnderWay,
    RefundedMeanwhile,
    RefundOutOfBounds,
    disconnect_account,
    record_collection,
    sweep,
)
from reglo.payments.states import AccountState, Method, RefundState
from reglo.ports import clock as clock_port
from sandbox.stripe import mishaps, seed
from tests.factories import make_company, make_issued, make_user
from tests.harness.rows import nothing_written
from tests.harness.stripe_world import REFUND_FAILS, REFUNDED_LATER, RESTRICTED_KEY, StripeWorld
from tests.payments.conftest import Give, made_at_stripe, pay_on_line

Start = Callable[[Invoice], PaymentAttempt]
ONE = UUID(int=1)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the SDK's own tries."""
    monkeypatch.setattr("stripe._http_client.time.sleep", lambda seconds: None)


def settled(invoice: Invoice) -> int:
    return Settlement.objects.get(invoice=invoice).settled_minor


def balance(company: Company, account: str) -> int:
    lines = EntryLine.objects.filter(company=company, account=account)
    return sum(line.debit_minor - line.credit_minor for line in lines)


def test_a_part_is_given_back_at_once(
    payment: Payment, invoice: Invoice, company: Company, stripe: StripeWorld, alice: User, give_back: Give
):
    refund = give_back(payment, 40_00, refund_id=ONE, actor_id=alice.pk)

    assert (refund.state, refund.amount_minor, refund.requested_by) == (RefundState.SUCCEEDED, 40_00, alice)
    assert made_at_stripe(stripe) == [(40_00, str(ONE))]
    assert settled(invoice) == 80_00
    assert (balance(company, "411000"), balance(company, "517100")) == (40_00, 120_00 - 2_05 - 40_00)
    asked = Event.objects.get(kind="refund.requested")
    assert (asked.subject_id, asked.actor) == (str(payment.id), alice)
    assert content_of(asked) == {"amount_minor": 40_00, "currency": "EUR", "reason": "customer"}


def test_what_stripe_tells_meets_the_order_and_makes_no_second_refund(
    payment: Payment, stripe: StripeWorld, give_back: Give
):
    refund = give_back(payment, 40_00)
    counted = (Entry.objects.count(), Refund.objects.count())

    stripe.deliver()
    run_until_idle()

    assert counted == (Entry.objects.count(), 1)
    refund.refresh_from_db()
    assert refund.external_id is not None
    assert not refund.is_external


def test_the_notification_may_be_faster_than_the_answer(
    payment: Payment, stripe: StripeWorld, give_back: Give, monkeypatch: pytest.MonkeyPatch
):
    honest = StripeProvider.refund

    def told_first(self: StripeProvider, order: contract.RefundOrder) -> facts.Ref:
        ref = honest(self, order)
        stripe.deliver()
        run_until_idle()
        return ref

    monkeypatch.setattr(StripeProvider, "refund", told_first)

    assert give_back(payment, 40_00).state == RefundState.SUCCEEDED
    assert Refund.objects.count() == 1
    assert Entry.objects.filter(source__startswith="refund:").count() == 1


def test_all_of_it_and_nothing_is_left(payment: Payment, invoice: Invoice, give_back: Give):
    give_back(payment, 120_00)

    assert settled(invoice) == 0
    with pytest.raises(NotRefundable) as refused, nothing_written():
        give_back(payment, 1, left_minor=0)
    assert refused.value.reason == RefundRefusal.NOTHING_LEFT


@pytest.mark.parametrize("amount", [0, -1, 120_01])
def test_no_more_than_is_left_and_no_less_than_a_cent(payment: Payment, give_back: Give, amount: int):
    with pytest.raises(RefundOutOfBounds, match="120,00"), nothing_written():
        give_back(payment, amount)


def test_refunds_under_way_count_against_what_is_left(
    invoice: Invoice, stripe: StripeWorld, start: Start, give_back: Give
):
    payment = pay_on_line(stripe, start(invoice), REFUNDED_LATER)

    assert give_back(payment, 100_00).state == RefundState.PENDING

    with pytest.raises(RefundOutOfBounds, match="20,00"):
        give_back(payment, 20_01)
    assert settled(invoice) == 120_00


def test_a_double_click_is_one_refund(payment: Payment, stripe: StripeWorld, give_back: Give):
    first, second = (give_back(payment, 40_00, refund_id=ONE) for _ in range(2))

    assert first == second
    assert made_at_stripe(stripe) == [(40_00, str(ONE))]


def test_a_page_that_was_opened_before_somebody_elses_refund_is_not_believed(
    payment: Payment, stripe: StripeWorld, give_back: Give
):
    give_back(payment, 40_00)

    with pytest.raises(RefundedMeanwhile, match="80,00"), nothing_written():
        give_back(payment, 40_00, left_minor=120_00)

    assert len(made_at_stripe(stripe)) == 1


def test_while_one_is_unanswered_no_other_is_ordered(payment: Payment, stripe: StripeWorld, give_back: Give):
    mishaps.plan(stripe.sandbox.world, "server_error", path="/v1/refunds", times=None)
    assert give_back(payment, 40_00).state == RefundState.REQUESTED

    with pytest.raises(NotRefundable) as refused, nothing_written():
        give_back(payment, 20_00)
    assert refused.value.reason == RefundRefusal.UNDER_WAY


def test_what_stripe_refuses_is_failed_with_its_reason(payment: Payment, stripe: StripeWorld, give_back: Give):
    client = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    client.v1.refunds.create({"charge": str(payment.external_id)})  # and we were not told

    refund = give_back(payment, 40_00)

    assert (refund.state, refund.failure) == (RefundState.FAILED, "charge_already_refunded")
    assert content_of(Event.objects.get(kind="refund.failed"))["failure"] == "charge_already_refunded"


def test_a_key_that_may_not_refund_breaks_nothing_else(
    payment: Payment, account: ProviderAccount, stripe: StripeWorld, give_back: Give
):
    stripe.command(f"keys/{RESTRICTED_KEY}/permissions", add="rak_charge_read")
    stripe.command(f"keys/{RESTRICTED_KEY}/permissions", remove="rak_charge_write")

    refund = give_back(payment, 40_00)

    account.refresh_from_db()
    assert (refund.state, refund.failure) == (RefundState.FAILED, "no_right")
    assert account.state == AccountState.ACTIVE


def test_a_revoked_key_fails_the_refund_and_breaks_the_account(
    payment: Payment, account: ProviderAccount, stripe: StripeWorld, give_back: Give
):
    stripe.revoke(RESTRICTED_KEY)

    refund = give_back(payment, 40_00)

    account.refresh_from_db()
    assert (refund.state, refund.failure) == (RefundState.FAILED, "account_broken")
    assert account.state == AccountState.BROKEN
    with pytest.raises(NotRefundable) as refused:
        give_back(payment, 40_00)
    assert refused.value.reason == RefundRefusal.ACCOUNT_BROKEN


def test_in_a_hurry_stripe_did_nothing_and_the_sweep_asks_again(payment: Payment, stripe: StripeWorld, give_back: Give):
    """It cannot be called failed: the SDK tried more than once, and the first try may have arrived."""
    mishaps.plan(stripe.sandbox.world, "rate_limited", path="/v1/refunds", times=None)
    assert give_back(payment, 40_00, refund_id=ONE).state == RefundState.REQUESTED
    mishaps.plan(stripe.sandbox.world, None)

    sweep(now=clock_port.now())

    assert Refund.objects.get().state == RefundState.SUCCEEDED
    assert made_at_stripe(stripe) == [(40_00, str(ONE))]


def test_a_refund_that_the_bank_sends_back(
    invoice: Invoice, company: Company, stripe: StripeWorld, start: Start, give_back: Give
):
    payment = pay_on_line(stripe, start(invoice), REFUND_FAILS)
    give_back(payment, 40_00)
    assert settled(invoice) == 80_00

    stripe.deliver()
    run_until_idle()

    refund = Refund.objects.get()
    assert (refund.state, refund.failure) == (RefundState.FAILED, "expired_or_canceled_card")
    assert settled(invoice) == 120_00
    assert balance(company, "411000") == 0


def test_a_key_in_foreign_metadata_is_no_second_meeting(payment: Payment, stripe: StripeWorld, give_back: Give):
    """Somebody copies our metadata onto a refund made by hand: it is another refund all the same."""
    refund = give_back(payment, 40_00)
    client = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    client.v1.refunds.create(
        {"charge": str(payment.external_id), "amount": 40_00, "metadata": {"refund": str(refund.id)}}
    )

    stripe.deliver()
    run_until_idle()

    assert sorted((one.is_external, one.state) for one in Refund.objects.all()) == [
        (False, RefundState.SUCCEEDED),
        (True, RefundState.SUCCEEDED),
    ]


def test_while_it_is_disputed_nothing_is_given_back(payment: Payment, stripe: StripeWorld, give_back: Give):
    stripe.command(f"charges/{payment.external_id}/dispute", kind="chargeback")
    stripe.deliver()
    run_until_idle()

    with pytest.raises(NotRefundable, match="perdre deux fois"), nothing_written():
        give_back(payment, 40_00)


def test_money_that_came_by_hand_goes_back_as_it_came(company: Company, give_back: Give):
    by_hand = record_collection(
        company_id=company.pk,
        invoice_id=make_issued(company).pk,
        amount_minor=120_00,
        method=Method.CHEQUE,
        collected_on=clock_port.now().date(),
        now=clock_port.now(),
    )

    with pytest.raises(NotRefundable) as refused, nothing_written():
        give_back(by_hand, 40_00)
    assert refused.value.reason == RefundRefusal.BY_HAND


def test_a_stranger_refunds_nothing(payment: Payment, give_back: Give):
    stranger = make_company(owner=make_user("mallory@ailleurs.test"), name="Ailleurs SARL")

    with pytest.raises(Http404), nothing_written():
        give_back(payment, 40_00, company_id=stranger.pk)


def test_the_order_of_another_payment_is_not_met(
    payment: Payment, company: Company, stripe: StripeWorld, start: Start, give_back: Give
):
    other = pay_on_line(stripe, start(make_issued(company, card_allowed=True)))
    give_back(payment, 40_00, refund_id=ONE)

    with pytest.raises(Http404), nothing_written():
        give_back(other, 40_00, refund_id=ONE)


def test_an_account_with_a_refund_under_way_stays_connected(
    invoice: Invoice, account: ProviderAccount, stripe: StripeWorld, start: Start, give_back: Give
):
    payment = pay_on_line(stripe, start(invoice), REFUNDED_LATER)
    give_back(payment, 40_00)

    with pytest.raises(PaymentsUnderWay):
        disconnect_account(company_id=account.company_id, account_id=account.id, now=clock_port.now())

    account.refresh_from_db()
    assert account.state == AccountState.ACTIVE
