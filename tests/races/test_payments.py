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
from reglo.payments.models import Allocation, AttemptLine, Payment, PaymentAttempt, ProviderAccount, ProviderEvent
from reglo.payments.providers import contract
from reglo.payments.queries import endpoint_of
from reglo.payments.services import (
    NothingToCollect,
    NotPayable,
    apply_snapshot,
    propose_account,
    record_collection,
    start_payment,
)
from reglo.payments.services.receive_event import store_nudge
from reglo.payments.states import Method
from reglo.ports import clock as clock_port
from tests.harness.racing import in_threads
from tests.harness.stripe_world import RESTRICTED_KEY, StripeWorld
from tests.payments.conftest import account, invoice, running, start, stripe, urls, world  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db(transaction=True)

AT = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
Start = Callable[[Invoice], PaymentAttempt]


def told(attempt: PaymentAttempt, name: str = "ch_1") -> Callable[[], None]:
    """Somebody who applies the truth about this attempt."""
    fact = contract.PaymentFact(name, Money(120_00, "EUR"), AT, contract.Method.CARD, "", None, None)
    snapshot = contract.Snapshot(
        contract.Ref("charge", name), False, str(attempt.id), contract.State.PAID, payments=(fact,)
    )

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


def test_a_key_pasted_twice_at_once_is_one_account(company: Company, stripe: StripeWorld):  # noqa: F811 (the fixture)
    def paste() -> None:
        propose_account(company=company, provider="stripe", secrets={"api_key": RESTRICTED_KEY}, now=AT)

    assert in_threads(*[paste] * 4) == []
    assert ProviderAccount.objects.count() == 1


def test_one_event_delivered_to_four_processes_is_one_row(account):  # noqa: F811 (the fixture)
    endpoint = endpoint_of(account)
    assert endpoint is not None
    nudge = contract.Nudge("evt_1", "charge.succeeded", contract.Ref("charge", "ch_1"), AT, "")

    raised = in_threads(*[lambda: store_nudge(endpoint=endpoint, account=account, nudge=nudge, now=AT) and None] * 4)

    assert raised == []
    assert ProviderEvent.objects.filter(event_id="evt_1").count() == 1
