"""*Ajouter un encaissement*: whole or partial, posted where the money is; refused with the reason, nothing changed."""

from datetime import date, datetime
from uuid import UUID

import pytest
from django.http import Http404

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.events.models import Event
from reglo.invoicing.models import Invoice, Settlement
from reglo.ledger.models import Entry, EntryLine
from reglo.ledger.queries import DateBeforeBooks
from reglo.payments.models import Payment
from reglo.payments.services import (
    CashAboveLimit,
    CollectionInFuture,
    CollectionOutOfBounds,
    NothingToCollect,
    record_collection,
)
from reglo.payments.states import Method
from reglo.ports import clock as clock_port
from tests.factories import line, make_company, make_customer, make_draft, make_issued

TODAY = date(2026, 11, 22)


def collect(
    invoice: Invoice,
    amount_minor: int,
    method: Method = Method.TRANSFER,
    *,
    day: date = TODAY,
    payment_id: UUID | None = None,
) -> Payment:
    return record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        amount_minor=amount_minor,
        method=method,
        collected_on=day,
        note="VIR 4471",
        now=clock_port.now(),
        payment_id=payment_id,
    )


def settled(invoice: Invoice) -> int:
    return Settlement.objects.get(invoice=invoice).settled_minor


def lines_of(payment: Payment) -> list[tuple[str, int, int]]:
    lines = EntryLine.objects.filter(entry__source=f"payment:{payment.id}").order_by("rank")
    return [(one.account, one.debit_minor, one.credit_minor) for one in lines]


def test_the_whole_amount_pays_the_invoice(company: Company):
    invoice = make_issued(company)

    payment = collect(invoice, 120_00)

    assert (payment.amount_minor, payment.method, payment.paid_on, payment.note) == (
        120_00,
        "transfer",
        TODAY,
        "VIR 4471",
    )
    assert (payment.account_id, payment.is_by_hand) == (None, True)
    assert settled(invoice) == 120_00
    assert lines_of(payment) == [
        ("512000", 120_00, 0),
        ("411000", 0, 120_00),
        ("445740", 20_00, 0),
        ("445710", 0, 20_00),
    ]
    kinds = Event.objects.filter(kind__in=["payment.recorded", "invoice.settled"]).values_list("kind", flat=True)
    assert sorted(kinds) == ["invoice.settled", "payment.recorded"]


@pytest.mark.parametrize(
    ("method", "account", "journal"),
    [
        (Method.TRANSFER, "512000", "BQ"),
        (Method.CHEQUE, "511200", "BQ"),
        (Method.CASH, "530000", "CA"),
        (Method.CARD_TERMINAL, "511500", "BQ"),
        (Method.OTHER, "512000", "BQ"),
    ],
)
def test_the_money_is_posted_where_it_is(company: Company, method: Method, account: str, journal: str):
    payment = collect(make_issued(company), 120_00, method)

    assert lines_of(payment)[0] == (account, 120_00, 0)
    assert Entry.objects.get(source=f"payment:{payment.id}").journal == journal


def test_parts_add_up_and_release_exactly_the_vat(company: Company):
    invoice = make_issued(company)  # 20,00 € of VAT in three parts

    for part in (40_01, 40_01, 39_98):
        collect(invoice, part)

    awaiting = EntryLine.objects.filter(company=company, account="445740")
    assert settled(invoice) == 120_00
    assert sum(one.debit_minor - one.credit_minor for one in awaiting) == 0


def test_goods_owe_their_vat_at_issue(company: Company):
    payment = collect(make_issued(company, lines=[line(nature="goods")]), 120_00)

    assert lines_of(payment) == [("512000", 120_00, 0), ("411000", 0, 120_00)]


@pytest.mark.parametrize("amount", [0, -1, 120_01])
def test_an_amount_that_is_not_owed_is_refused(company: Company, amount: int):
    invoice = make_issued(company)

    with pytest.raises(CollectionOutOfBounds) as refused:
        collect(invoice, amount)

    assert "120,00\xa0€" in str(refused.value)
    assert (Payment.objects.count(), settled(invoice)) == (0, 0)


def test_tomorrow_is_refused_by_the_companys_date(company: Company):
    invoice = make_issued(company)

    with pytest.raises(CollectionInFuture):
        collect(invoice, 120_00, day=date(2026, 11, 23))

    assert Payment.objects.count() == 0


def test_a_draft_and_a_paid_invoice_wait_for_nothing(company: Company):
    paid = make_issued(company)
    collect(paid, 120_00)

    for invoice in (paid, make_draft(company)):
        with pytest.raises(NothingToCollect):
            collect(invoice, 1)

    assert Payment.objects.count() == 1


def test_a_double_click_is_one_payment(company: Company):
    invoice = make_issued(company)
    drawn = UUID("4dd6f2f4-9d8a-4f4e-9a3c-0c8b1a3b7a11")

    first, second = (collect(invoice, 50_00, payment_id=drawn) for _ in range(2))

    assert first.id == second.id == drawn
    assert settled(invoice) == 50_00


def test_another_companys_invoice_does_not_exist(company: Company):
    invoice = make_issued(company)
    stranger = make_company(name="Ailleurs SARL")

    with pytest.raises(Http404):
        record_collection(
            company_id=stranger.id,
            invoice_id=invoice.id,
            amount_minor=1,
            method=Method.TRANSFER,
            collected_on=TODAY,
            now=clock_port.now(),
        )


def test_cash_stops_at_the_legal_limit_however_it_is_cut(company: Company):
    invoice = make_issued(company, lines=[line("1000")])  # 1 200,00 €
    collect(invoice, 600_00, Method.CASH)

    with pytest.raises(CashAboveLimit) as refused:
        collect(invoice, 400_01, Method.CASH)

    sentence = str(refused.value)
    assert "1\u202f000,00\xa0€" in sentence
    assert "600,00\xa0€" in sentence
    assert "L. 112-6" in sentence
    assert settled(invoice) == 600_00
    collect(invoice, 400_00, Method.CASH)
    collect(invoice, 200_00, Method.CHEQUE)
    assert settled(invoice) == 1_200_00


def test_a_visiting_consumer_has_the_wider_limit(company: Company):
    visitor: Customer = make_customer(company, kind="consumer", siren="", country="BE", name="Luc Peeters")
    invoice = make_issued(company, customer=visitor, lines=[line("2000")])

    collect(invoice, 2_400_00, Method.CASH)

    assert settled(invoice) == 2_400_00


def test_the_money_moved_at_noon_of_its_day(company: Company):
    payment = collect(make_issued(company), 120_00, day=date(2026, 11, 20))

    assert payment.paid_at == datetime(2026, 11, 20, 12, tzinfo=company.zone)


def test_a_year_typed_on_two_digits_is_refused_and_nothing_is_written(invoice: Invoice):
    with pytest.raises(DateBeforeBooks):
        collect(invoice, 20_00, day=date(26, 11, 22))

    assert (Payment.objects.count(), Settlement.objects.get(invoice=invoice).settled_minor) == (0, 0)
