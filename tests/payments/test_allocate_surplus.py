"""*Affecter à une autre facture*: the surplus leaves 4191 for 411, and the VAT on receipts falls due."""

from collections.abc import Callable
from datetime import date
from importlib import import_module

import pytest
from django.db import connection
from django.http import Http404

from reglo.companies.models import Company
from reglo.events.models import Event
from reglo.events.queries import content_of
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice, Settlement
from reglo.ledger.models import Entry, EntryLine
from reglo.money import Money
from reglo.payments.models import Payment, PaymentAttempt, ProviderAccount
from reglo.payments.monthly_collections import monthly_collections
from reglo.payments.providers import facts
from reglo.payments.queries import invoices_for_surplus, surpluses_of
from reglo.payments.refund_offers import refund_offer
from reglo.payments.services import (
    NoSurplusLeft,
    SurplusNotForThisInvoice,
    allocate_surplus,
    apply_snapshot,
    record_collection,
)
from reglo.payments.states import AttemptState, Method
from reglo.ports import clock as clock_port
from tests.factories import line, make_company, make_customer, make_draft, make_issued, make_user
from tests.harness.frozen_clock import FrozenClock
from tests.harness.rows import nothing_written
from tests.harness.stripe_world import REFUNDED_LATER, StripeWorld
from tests.payments.conftest import Give, pay_on_line

Start = Callable[[Invoice], PaymentAttempt]


@pytest.fixture
def payment(invoice: Invoice, stripe: StripeWorld, start: Start) -> Payment:
    """120,00 € paid by card for an invoice of which 50,00 € had come by transfer meanwhile."""
    attempt = start(invoice)
    collect(invoice, 50_00)
    return pay_on_line(stripe, attempt)


def collect(invoice: Invoice, amount_minor: int) -> None:
    record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        amount_minor=amount_minor,
        method=Method.TRANSFER,
        collected_on=clock_port.now().date(),
        now=clock_port.now(),
    )


def give(payment: Payment, invoice: Invoice) -> int:
    return allocate_surplus(
        company_id=invoice.company_id, payment_id=payment.id, invoice_id=invoice.id, now=clock_port.now()
    )


def settled(invoice: Invoice) -> int:
    return Settlement.objects.get(invoice=invoice).settled_minor


def balances(company: Company, *accounts: str) -> list[int]:
    lines = EntryLine.objects.filter(company=company)
    return [sum(line.debit_minor - line.credit_minor for line in lines.filter(account=account)) for account in accounts]


def surplus_of(payment: Payment) -> Money:
    return refund_offer(Payment.objects.get(id=payment.id)).surplus


def test_what_is_beyond_the_debt_is_surplus(payment: Payment, company: Company):
    assert surplus_of(payment) == Money(50_00, "EUR")
    assert list(surpluses_of(company)) == [payment]
    assert balances(company, "419100") == [-50_00]


def test_all_of_it_settles_a_part_of_another_invoice(payment: Payment, company: Company):
    other = make_issued(company)

    taken = give(payment, other)

    assert (taken, settled(other), surplus_of(payment).minor) == (50_00, 50_00, 0)
    assert not surpluses_of(company).exists()
    entry = Entry.objects.get(source=f"allocation:{payment.allocations.get(from_surplus=True).pk}")
    lines = EntryLine.objects.filter(entry_id=entry.pk).order_by("rank")
    assert [(one.account, one.debit_minor, one.credit_minor) for one in lines] == [
        ("411000", 0, 50_00),
        ("419100", 50_00, 0),
        ("445740", 8_33, 0),
        ("445710", 0, 8_33),
    ]
    assert (entry.journal, entry.piece, entry.entry_date) == ("OD", other.number, date(2026, 11, 22))


def test_no_more_than_is_owed_and_the_rest_stays(payment: Payment, company: Company):
    small = make_issued(company, lines=[line("10")])

    assert give(payment, small) == 12_00

    assert (settled(small), surplus_of(payment).minor) == (12_00, 38_00)


def test_a_double_click_takes_nothing_more(payment: Payment, company: Company):
    other = make_issued(company)
    give(payment, other)

    with nothing_written():
        assert give(payment, other) == 0


def test_what_has_no_surplus_left_gives_nothing(payment: Payment, company: Company):
    give(payment, make_issued(company))

    with pytest.raises(NoSurplusLeft), nothing_written():
        give(payment, make_issued(company))


def test_the_story_is_told_and_an_open_page_for_the_old_amount_is_closed(
    payment: Payment, company: Company, start: Start
):
    other = make_issued(company, card_allowed=True)
    attempt = start(other)

    give(payment, other)
    run_until_idle()

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.CANCELED
    told = Event.objects.get(kind="payment.allocated")
    assert content_of(told) == {"number": other.number, "amount_minor": 50_00, "currency": "EUR"}


def another_customers(company: Company) -> Invoice:
    return make_issued(company, customer=make_customer(company, name="Chloé Bernard"))


def a_paid_one(company: Company) -> Invoice:
    invoice = make_issued(company)
    collect(invoice, 120_00)
    return invoice


def on_its_way(company: Company) -> Invoice:
    invoice = make_issued(company)
    Settlement.objects.filter(invoice=invoice).update(pending_minor=120_00)
    return invoice


def credited(company: Company) -> Invoice:
    invoice = make_issued(company)
    Invoice.objects.filter(id=invoice.id).update(status="credited")
    return invoice


@pytest.mark.parametrize("unfit", [another_customers, a_paid_one, on_its_way, credited, make_draft])
def test_only_what_the_same_customer_owes_is_settled(
    payment: Payment, company: Company, unfit: Callable[[Company], Invoice]
):
    invoice = unfit(company)

    assert invoice not in invoices_for_surplus(payment)
    with pytest.raises(SurplusNotForThisInvoice), nothing_written():
        give(payment, invoice)


def test_invoices_to_choose_from_begin_with_the_oldest(payment: Payment, company: Company):
    late, early = make_issued(company, due_days=30), make_issued(company, due_days=10)

    assert list(invoices_for_surplus(payment)) == [early, late]


def test_a_stranger_allocates_nothing(payment: Payment, company: Company):
    stranger = make_company(owner=make_user("mallory@ailleurs.test"), name="Ailleurs SARL")
    theirs, ours = make_issued(stranger), make_issued(company)

    for company_id, invoice in ((stranger.pk, theirs), (company.pk, theirs), (stranger.pk, ours)):
        with pytest.raises(Http404), nothing_written():
            allocate_surplus(company_id=company_id, payment_id=payment.id, invoice_id=invoice.id, now=clock_port.now())


def test_what_is_being_refunded_is_not_allocated(
    invoice: Invoice, company: Company, stripe: StripeWorld, start: Start, give_back: Give
):
    attempt = start(invoice)
    collect(invoice, 50_00)
    payment = pay_on_line(stripe, attempt, REFUNDED_LATER)
    give_back(payment, 30_00)

    assert surplus_of(payment).minor == 20_00
    assert give(payment, make_issued(company)) == 20_00
    stripe.deliver()
    run_until_idle()

    assert surplus_of(payment).minor == 0
    assert settled(invoice) == 120_00
    assert balances(company, "419100") == [0]


def test_a_refund_beyond_the_surplus_reopens_the_invoice_that_took_it_first(
    payment: Payment, invoice: Invoice, company: Company, give_back: Give
):
    """It was settled last, and by what should never have come."""
    other = make_issued(company)
    give(payment, other)

    give_back(payment, 60_00)

    assert (settled(other), settled(invoice)) == (0, 110_00)
    assert balances(company, "411000", "419100") == [120_00 + 10_00, 0]


def test_facts_that_come_after_know_the_other_invoice(payment: Payment, invoice: Invoice, company: Company):
    """A refund told by Stripe, then failed: both invoices end as they were."""
    other = make_issued(company)
    give(payment, other)
    assert payment.account is not None

    for standing, expected in (
        (facts.RefundStanding.SUCCEEDED, (0, 90_00)),
        (facts.RefundStanding.FAILED, (50_00, 120_00)),
    ):
        charge = str(payment.external_id)
        refund = facts.RefundFact("re_1", charge, Money(80_00, "EUR"), clock_port.now(), standing)
        paid = facts.PaymentFact(charge, payment.amount, payment.paid_at, facts.Method.CARD, "", None, None)
        snapshot = facts.Snapshot(
            facts.Ref("charge", charge), False, str(payment.attempt_id), facts.State.PAID, (paid,), (refund,)
        )
        apply_snapshot(account=payment.account, snapshot=snapshot, now=clock_port.now())
        assert (settled(other), settled(invoice)) == expected


def test_it_is_collected_on_the_day_a_person_says_what_it_pays(payment: Payment, company: Company, clock: FrozenClock):
    """A month that was declared does not change afterwards."""
    november = monthly_collections(company=company, year=2026, month=11)
    clock.advance(days=20)
    other = make_issued(company)

    give(payment, other)

    assert monthly_collections(company=company, year=2026, month=11) == november
    december = monthly_collections(company=company, year=2026, month=12)
    assert (december.total_minor, december.surplus_minor) == (50_00, -50_00)
    assert (november.total_minor, november.surplus_minor) == (120_00, 50_00)


def test_books_from_before_are_filled_in(payment: Payment, invoice: Invoice, company: Company, give_back: Give):
    """By the migration, as they would have been kept."""
    give(payment, make_issued(company, lines=[line("10")]))
    give_back(payment, 30_00)
    collect(make_issued(company), 20_00)
    kept = sorted(Payment.objects.values_list("id", "surplus_minor"))
    assert [minor for _id, minor in kept if minor] == [8_00]

    Payment.objects.update(surplus_minor=0)
    with connection.cursor() as cursor:
        cursor.execute(import_module("reglo.payments.migrations.0004_refund_orders").SURPLUSES)

    assert sorted(Payment.objects.values_list("id", "surplus_minor")) == kept


def test_an_account_that_is_no_longer_connected_does_not_matter(
    payment: Payment, account: ProviderAccount, company: Company
):
    ProviderAccount.objects.filter(id=account.id).update(state="disconnected")

    assert give(payment, make_issued(company)) == 50_00
