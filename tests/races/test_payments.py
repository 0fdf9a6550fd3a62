"""The same money told by several at once: one payment, one allocation, one entry; two tabs: one page."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event
from time import sleep

import pytest
from django.db import transaction

from reglo.companies.models import Company
from reglo.invoicing.locks import lock_invoice
from reglo.invoicing.models import Invoice, Settlement
from reglo.ledger.models import Entry
from reglo.money import Money
from reglo.payments.models import (
    Allocation,
    AttemptLine,
    Payment,
    PaymentAttempt,
    ProviderAccount,
    ProviderEvent,
    Refund,
)
from reglo.payments.providers import contract, facts
from reglo.payments.queries import endpoint_of
from reglo.payments.services import (
    NoSurplusLeft,
    NothingToCollect,
    NotPayable,
    NotRefundable,
    RefundedMeanwhile,
    SurplusGone,
    allocate_surplus,
    apply_snapshot,
    propose_account,
    pursue_refund,
    record_collection,
    refund_payment,
    start_payment,
)
from reglo.payments.services.receive_event import store_nudge
from reglo.payments.states import Method, RefundReason, RefundState
from reglo.ports import clock as clock_port
from reglo.ports import ids
from tests.factories import make_issued
from tests.harness.racing import in_threads
from tests.harness.stripe_world import RESTRICTED_KEY, StripeWorld
from tests.payments.conftest import account, invoice, pay_on_line, payment, running, start, stripe, urls, world  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db(transaction=True)

AT = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
Start = Callable[[Invoice], PaymentAttempt]


def told(attempt: PaymentAttempt, name: str = "ch_1") -> Callable[[], None]:
    """Somebody who applies the truth about this attempt."""
    fact = facts.PaymentFact(name, Money(120_00, "EUR"), AT, facts.Method.CARD, "", None, None)
    snapshot = facts.Snapshot(facts.Ref("charge", name), False, str(attempt.id), facts.State.PAID, payments=(fact,))

    def apply() -> None:
        apply_snapshot(account=attempt.account, snapshot=snapshot, now=AT)

    return apply


def test_four_confirmations_at_once_book_once(invoice: Invoice, start: Start):  # noqa: F811 (the fixture)
    attempt = start(invoice)

    raised = in_threads(*[told(attempt)] * 4)

    assert raised == []
    assert (Payment.objects.count(), Allocation.objects.count()) == (1, 1)
    assert Entry.objects.filter(source__startswith="payment:").count() == 1
    assert Settlement.objects.get().settled_minor == 120_00


def test_a_card_and_a_hand_pay_at_once_and_the_rest_is_surplus(invoice: Invoice, start: Start):  # noqa: F811 (the fixture)
    attempt = start(invoice)

    def by_hand() -> None:
        record_collection(
            company_id=invoice.company_id,
            invoice_id=invoice.id,
            amount_minor=20_00,
            method=Method.TRANSFER,
            collected_on=AT.date(),
            now=AT,
        )

    in_threads(by_hand, told(attempt))

    assert Settlement.objects.get().settled_minor == 120_00
    assert sum(one.amount_minor for one in Allocation.objects.all()) == 120_00
    assert Payment.objects.filter(external_id="ch_1", amount_minor=120_00).count() == 1


def test_a_cheque_noted_by_four_people_at_once_is_collected_once(invoice: Invoice):  # noqa: F811 (the fixture)
    def note() -> None:
        record_collection(
            company_id=invoice.company_id,
            invoice_id=invoice.id,
            amount_minor=120_00,
            method=Method.CHEQUE,
            collected_on=AT.date(),
            now=AT,
        )

    raised = in_threads(*[note] * 4)

    assert [type(error) for error in raised] == [NothingToCollect] * 3
    assert (Payment.objects.count(), Allocation.objects.count()) == (1, 1)


def test_no_page_opens_for_what_is_being_collected(invoice: Invoice):  # noqa: F811 (the fixture)
    def press() -> None:
        start_payment(company_id=invoice.company_id, invoice_id=invoice.id, urls=urls, now=clock_port.now())

    collecting = Event()

    def collect() -> None:
        with transaction.atomic():
            lock_invoice(company_id=invoice.company_id, invoice_id=invoice.id)
            collecting.set()
            sleep(0.3)  # the other one waits for our lock meanwhile
            record_collection(
                company_id=invoice.company_id,
                invoice_id=invoice.id,
                amount_minor=120_00,
                method=Method.CHEQUE,
                collected_on=AT.date(),
                now=AT,
            )

    raised = in_threads(collect, lambda: collecting.wait(5) and press())

    assert [type(error) for error in raised] == [NotPayable]
    assert PaymentAttempt.objects.count() == 0


def test_two_tabs_at_once_are_one_page(invoice: Invoice):  # noqa: F811 (the fixture)
    pages: list[str] = []

    def press() -> None:
        attempt = start_payment(company_id=invoice.company_id, invoice_id=invoice.id, urls=urls, now=clock_port.now())
        pages.append(attempt.redirect_url)

    raised = in_threads(press, press)

    assert raised == []
    assert len(set(pages)) == 1
    assert (PaymentAttempt.objects.count(), AttemptLine.objects.count()) == (1, 1)


def test_two_users_refund_at_once_and_one_of_them_is_told(payment: Payment, stripe: StripeWorld):  # noqa: F811 (the fixture)
    """Both saw that all of it is left; whoever is second sees the other's order, under way or made."""

    def press() -> None:
        refund_payment(
            company_id=payment.company_id,
            payment_id=payment.id,
            refund_id=ids.new_uuid(),
            amount_minor=70_00,
            left_minor=120_00,
            reason=RefundReason.CUSTOMER,
            now=clock_port.now(),
        )

    raised = in_threads(*[press] * 3)

    assert len(raised) == 2
    assert {type(error) for error in raised} <= {NotRefundable, RefundedMeanwhile}
    assert [(refund.state, refund.amount_minor) for refund in Refund.objects.all()] == [("succeeded", 70_00)]
    assert Settlement.objects.get().settled_minor == 50_00


def test_a_double_click_at_once_is_one_refund(payment: Payment, stripe: StripeWorld):  # noqa: F811 (the fixture)
    key = ids.new_uuid()

    def press() -> None:
        refund_payment(
            company_id=payment.company_id,
            payment_id=payment.id,
            refund_id=key,
            amount_minor=70_00,
            left_minor=120_00,
            reason=RefundReason.CUSTOMER,
            now=clock_port.now(),
        )

    assert in_threads(*[press] * 3) == []

    assert [refund.id for refund in Refund.objects.all()] == [key]
    assert Settlement.objects.get().settled_minor == 50_00


def test_the_sweep_and_the_person_pursue_one_refund(payment: Payment, stripe: StripeWorld):  # noqa: F811 (the fixture)
    refund = Refund.objects.create(
        id=ids.new_uuid(),
        company_id=payment.company_id,
        account_id=payment.account_id,
        payment=payment,
        state=RefundState.REQUESTED,
        amount_minor=70_00,
        currency="EUR",
        reason=RefundReason.CUSTOMER,
        requested_at=clock_port.now(),
        refunded_at=clock_port.now(),
        refunded_on=AT.date(),
        recorded_at=clock_port.now(),
    )

    raised = in_threads(*[lambda: pursue_refund(refund_id=refund.id, now=clock_port.now()) and None] * 3)

    assert raised == []
    refund.refresh_from_db()
    assert (refund.state, Settlement.objects.get().settled_minor) == ("succeeded", 50_00)
    assert Entry.objects.filter(source__startswith="refund:").count() == 1


def test_a_surplus_is_given_to_another_invoice_while_it_is_refunded(
    invoice: Invoice,  # noqa: F811 (the fixture)
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    start: Start,  # noqa: F811 (the fixture)
):
    attempt = start(invoice)
    record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        amount_minor=50_00,
        method=Method.TRANSFER,
        collected_on=AT.date(),
        now=AT,
    )
    overpaid = pay_on_line(stripe, attempt)
    other = make_issued(invoice.company)

    def refund() -> None:
        refund_payment(
            company_id=invoice.company_id,
            payment_id=overpaid.id,
            refund_id=ids.new_uuid(),
            amount_minor=50_00,
            left_minor=120_00,
            surplus_minor=50_00,
            reason=RefundReason.TWICE,
            now=clock_port.now(),
        )

    def give() -> None:
        allocate_surplus(
            company_id=invoice.company_id, payment_id=overpaid.id, invoice_id=other.id, now=clock_port.now()
        )

    raised = in_threads(refund, give)

    [refused] = raised
    assert type(refused) in {NoSurplusLeft, SurplusGone}
    overpaid.refresh_from_db()
    settled = {one.invoice_id: one.settled_minor for one in Settlement.objects.all()}
    given_back = sum(one.amount_minor for one in Refund.objects.all())
    assert (overpaid.surplus_minor, given_back + settled[other.id]) == (0, 50_00)
    assert settled[invoice.id] == 120_00


def test_a_key_pasted_twice_at_once_is_one_account(company: Company, stripe: StripeWorld):  # noqa: F811 (the fixture)
    def paste() -> None:
        propose_account(company=company, provider="stripe", secrets={"api_key": RESTRICTED_KEY}, now=AT)

    assert in_threads(*[paste] * 4) == []
    assert ProviderAccount.objects.count() == 1


def test_one_event_delivered_to_four_processes_is_one_row(account):  # noqa: F811 (the fixture)
    endpoint = endpoint_of(account)
    assert endpoint is not None
    nudge = contract.Nudge("evt_1", "charge.succeeded", facts.Ref("charge", "ch_1"), AT, "")

    raised = in_threads(*[lambda: store_nudge(endpoint=endpoint, account=account, nudge=nudge, now=AT) and None] * 4)

    assert raised == []
    assert ProviderEvent.objects.filter(event_id="evt_1").count() == 1
