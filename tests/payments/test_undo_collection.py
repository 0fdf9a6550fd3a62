"""*Annuler l'encaissement*: mirror rows, a reversing entry, the debt back; nothing erased, nothing undone twice."""

from collections.abc import Callable
from datetime import date

import pytest

from reglo.companies.models import Company
from reglo.events.models import Event
from reglo.invoicing.models import Invoice, Settlement
from reglo.ledger.models import Entry, EntryLine
from reglo.payments.models import Allocation, Payment, PaymentAttempt
from reglo.payments.services import (
    CollectionAlreadyUndone,
    CollectionNotUndoable,
    record_collection,
    return_from_provider,
    undo_collection,
)
from reglo.payments.states import Method
from reglo.ports import clock as clock_port
from tests.factories import line, make_issued
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import StripeWorld


def collect(invoice: Invoice, amount_minor: int, method: Method = Method.TRANSFER) -> Payment:
    return record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        amount_minor=amount_minor,
        method=method,
        collected_on=date(2026, 11, 22),
        now=clock_port.now(),
    )


def undo(payment: Payment) -> Payment:
    return undo_collection(
        company_id=payment.company_id, payment_id=payment.id, reason="Chèque sans provision", now=clock_port.now()
    )


def settled(invoice: Invoice) -> int:
    return Settlement.objects.get(invoice=invoice).settled_minor


def test_the_debt_is_back_and_both_rows_stay(company: Company, clock: FrozenClock):
    invoice = make_issued(company)
    payment = collect(invoice, 120_00)
    clock.advance(days=3)

    mirror = undo(payment)

    assert (mirror.amount_minor, mirror.paid_on, mirror.note) == (-120_00, date(2026, 11, 25), "Chèque sans provision")
    assert mirror.reverses == payment
    assert list(Allocation.objects.order_by("id").values_list("amount_minor", flat=True)) == [120_00, -120_00]
    assert settled(invoice) == 0
    original = Entry.objects.get(source=f"payment:{payment.id}")
    reversal = Entry.objects.get(reverses=original)
    assert reversal.entry_date == date(2026, 11, 25)
    assert [(one.debit_minor, one.credit_minor) for one in reversal.lines.order_by("rank")] == [
        (one.credit_minor, one.debit_minor) for one in original.lines.order_by("rank")
    ]
    kinds = Event.objects.filter(kind__in=["payment.reversed", "invoice.reopened"]).values_list("kind", flat=True)
    assert sorted(kinds) == ["invoice.reopened", "payment.reversed"]


def test_twice_is_refused(company: Company):
    payment = collect(make_issued(company), 120_00)
    undo(payment)

    with pytest.raises(CollectionAlreadyUndone):
        undo(payment)

    assert Payment.objects.count() == 2


def test_a_mirror_is_not_undone(company: Company):
    mirror = undo(collect(make_issued(company), 120_00))

    with pytest.raises(CollectionNotUndoable):
        undo(mirror)


def test_money_of_a_provider_is_not_undone_by_hand(
    stripe: StripeWorld, invoice: Invoice, start: Callable[[Invoice], PaymentAttempt]
):
    attempt = start(invoice)
    stripe.pay(attempt)
    return_from_provider(attempt_id=attempt.id, now=clock_port.now())

    with pytest.raises(CollectionNotUndoable):
        undo(Payment.objects.get())

    assert settled(invoice) == 120_00


def test_cash_that_was_undone_no_longer_counts_against_the_limit(company: Company):
    invoice = make_issued(company, lines=[line("1000")])
    undo(collect(invoice, 1_000_00, Method.CASH))

    collect(invoice, 1_000_00, Method.CASH)

    assert settled(invoice) == 1_000_00


def test_undone_in_another_order_not_a_cent_of_vat_is_lost(company: Company):
    invoice = make_issued(company, lines=[line("0.01", quantity="3", vat="20")])  # 0,04 €, of which 0,01 € of VAT
    _first, second, _third = (
        collect(invoice, 1),
        collect(invoice, 1),
        collect(invoice, 2),
    )  # the second releases the cent

    undo(second)
    collect(invoice, 1)

    awaiting = EntryLine.objects.filter(company=company, account="445740")
    assert sum(one.debit_minor - one.credit_minor for one in awaiting) == 0
    assert settled(invoice) == 4
