"""The *livre des recettes*: by the day the money moved, by method, by rate, to the cent."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

from reglo.companies.models import Company
from reglo.companies.states import VatRegime
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import CreditedLine
from reglo.money import Money
from reglo.payments.models import Dispute, Payment, PaymentAttempt
from reglo.payments.monthly_collections import MonthlyCollections, monthly_collections
from reglo.payments.providers import facts
from reglo.payments.providers.facts import DisputeStanding
from reglo.payments.services import apply_snapshot, record_collection, settle_lost_dispute, undo_collection
from reglo.payments.states import DisputeOutcome, Method
from reglo.ports import clock as clock_port
from tests.factories import line, make_company, make_credit, make_customer, make_issued, make_opening
from tests.harness.frozen_clock import FrozenClock
from tests.payments.disputes import contested, paid, tell, withdrawn

Start = Callable[[Invoice], PaymentAttempt]
TWO_RATES = [line("100", vat="20"), line("50", vat="5.5")]  # 120,00 + 52,75 = 172,75 €


def collect(
    invoice: Invoice, amount_minor: int, method: Method = Method.TRANSFER, *, day: date = date(2026, 11, 20)
) -> Payment:
    return record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        amount_minor=amount_minor,
        method=method,
        collected_on=day,
        now=clock_port.now(),
    )


def november(company: Company) -> MonthlyCollections:
    return monthly_collections(company=company, year=2026, month=11)


def rows(collections: MonthlyCollections) -> list[tuple[str, str, str, int, int]]:
    return [
        (one.day.isoformat(), one.method, f"{one.vat_rate}", one.gross_minor, one.vat_minor)
        for one in collections.lines
    ]


def paid_by_card(attempt: PaymentAttempt, minor: int, at: datetime, *refunds: facts.RefundFact) -> None:
    fact = facts.PaymentFact("ch_1", Money(minor, "EUR"), at, facts.Method.CARD, "Visa •••• 4242", None, None)
    snapshot = facts.Snapshot(facts.Ref("charge", "ch_1"), False, str(attempt.id), facts.State.PAID, (fact,), refunds)
    apply_snapshot(account=attempt.account, snapshot=snapshot, now=clock_port.now())


def test_a_payment_is_cut_over_the_rates_of_its_invoice(company: Company):
    invoice = make_issued(company, lines=TWO_RATES)
    collect(invoice, 172_75)

    collections = november(company)

    assert rows(collections) == [
        ("2026-11-20", "transfer", "20", 120_00, 20_00),
        ("2026-11-20", "transfer", "5.5", 52_75, 2_75),
    ]
    assert {(one.invoice_number, one.customer_name, one.subject) for one in collections.lines} == {
        (invoice.number, invoice.customer_name, invoice.subject)
    }
    assert collections.by_rate == {Decimal(20): (120_00, 20_00), Decimal("5.5"): (52_75, 2_75)}
    assert collections.total_minor == 172_75
    assert collections.lines[0].net_minor == 100_00


def test_three_parts_add_up_to_exactly_the_invoice(company: Company):
    invoice = make_issued(company, lines=TWO_RATES)
    for part in (33_33, 77_77, 61_65):
        collect(invoice, part)

    assert november(company).by_rate == {Decimal(20): (120_00, 20_00), Decimal("5.5"): (52_75, 2_75)}


def test_the_month_is_that_of_the_money(company: Company, clock: FrozenClock):
    invoice = make_issued(company)
    collect(invoice, 50_00, day=date(2026, 10, 31))
    collect(invoice, 30_00, Method.CHEQUE, day=date(2026, 11, 1))
    clock.advance(days=20)
    collect(invoice, 40_00, Method.CASH, day=date(2026, 12, 1))

    collections = november(company)

    assert rows(collections) == [("2026-11-01", "cheque", "20", 30_00, 5_00)]
    assert collections.by_method == {Method.CHEQUE: 30_00}
    assert monthly_collections(company=company, year=2026, month=12).total_minor == 40_00


def test_an_undone_collection_is_a_negative_line_of_its_own_day(company: Company):
    payment = collect(make_issued(company), 120_00)
    undo_collection(company_id=company.id, payment_id=payment.id, reason="Erreur", now=clock_port.now())

    collections = november(company)

    assert rows(collections) == [
        ("2026-11-20", "transfer", "20", 120_00, 20_00),
        ("2026-11-22", "transfer", "20", -120_00, -20_00),
    ]
    assert collections.total_minor == 0


def test_a_refund_is_a_negative_line_of_the_day_it_left(company: Company, invoice: Invoice, start: Start):
    attempt = start(invoice)
    paid = datetime(2026, 11, 22, 9, tzinfo=UTC)
    gone = facts.RefundFact(
        "re_1",
        "ch_1",
        Money(30_00, "EUR"),
        datetime(2026, 11, 30, 23, 30, tzinfo=UTC),
        facts.RefundStanding.SUCCEEDED,
    )
    paid_by_card(attempt, 120_00, paid, gone)

    assert november(company).total_minor == 120_00
    december = monthly_collections(company=company, year=2026, month=12)
    assert rows(december) == [("2026-12-01", "card", "20", -30_00, -5_00)]


def test_money_credited_in_another_currency_is_not_counted_as_euros(company: Company, invoice: Invoice, start: Start):
    attempt, dollars = start(invoice), Money(130_00, "USD")
    fact = facts.PaymentFact("ch_1", dollars, clock_port.now(), facts.Method.CARD, "", Money(2_00, "USD"), dollars)
    ref = facts.Ref("charge", "ch_1")
    told = facts.Snapshot(ref, False, str(attempt.id), facts.State.PAID, (fact,))

    apply_snapshot(account=attempt.account, snapshot=told, now=clock_port.now())

    assert november(company).lines == ()


def test_a_surplus_is_shown_apart_and_not_declared(company: Company, invoice: Invoice, start: Start):
    paid_by_card(start(invoice), 150_00, datetime(2026, 11, 22, 9, tzinfo=UTC))

    collections = november(company)

    assert rows(collections)[-1] == ("2026-11-22", "card", "None", 30_00, 0)
    assert (collections.total_minor, collections.surplus_minor) == (120_00, 30_00)
    assert collections.by_method == {Method.CARD: 150_00}


def test_under_franchise_there_is_one_amount(db: None):
    company = make_company(vat_regime=VatRegime.FRANCHISE, vat_number="")
    collect(make_issued(company, lines=[line("80")]), 80_00)

    collections = november(company)

    assert (collections.total_minor, [one.vat_minor for one in collections.lines]) == (80_00, [0])


def test_another_companys_money_is_not_there(company: Company):
    other = make_company(name="Ailleurs SARL")
    collect(make_issued(other, customer=make_customer(other)), 120_00)

    assert november(company).lines == ()


def test_a_payment_that_is_claimed_again_leaves_on_the_day_of_the_choice(
    company: Company, invoice: Invoice, start: Start, clock: FrozenClock
):
    tell(start(invoice), contested(DisputeStanding.LOST, withdrawn(150_00), minor=150_00), payments=(paid(150_00),))
    clock.advance(days=1)

    settle_lost_dispute(
        company_id=company.id,
        dispute_id=Dispute.objects.get().id,
        outcome=DisputeOutcome.RECLAIMED,
        now=clock_port.now(),
    )

    assert rows(november(company)) == [
        ("2026-11-20", "card", "20", 120_00, 20_00),
        ("2026-11-20", "card", "None", 30_00, 0),
        ("2026-11-23", "card", "20", -120_00, -20_00),
        ("2026-11-23", "card", "None", -30_00, 0),
    ]


def test_a_payment_that_is_written_off_stays_collected(company: Company, invoice: Invoice, start: Start):
    tell(start(invoice), contested(DisputeStanding.LOST, withdrawn()))

    settle_lost_dispute(
        company_id=company.id,
        dispute_id=Dispute.objects.get().id,
        outcome=DisputeOutcome.WRITTEN_OFF,
        now=clock_port.now(),
    )

    assert november(company).total_minor == 120_00


def test_what_a_credit_note_frees_leaves_its_rates_on_its_own_day(company: Company, clock: FrozenClock):
    invoice = make_issued(company, lines=TWO_RATES)
    collect(invoice, 172_75)
    before = rows(november(company))
    clock.advance(days=11)

    make_credit(invoice, amount_minor=60_00)

    assert rows(november(company)) == before
    december = monthly_collections(company=company, year=2026, month=12)
    assert rows(december) == [
        ("2026-12-03", "transfer", "None", 60_00, 0),
        ("2026-12-03", "transfer", "20", -41_68, -6_95),  # 120,00 and 20,00; then 112,75 × 120,00 / 172,75, and its VAT
        ("2026-12-03", "transfer", "5.5", -18_32, -96),
    ]
    assert (december.total_minor, december.surplus_minor) == (-60_00, 60_00)
    assert december.by_method == {Method.TRANSFER: 0}


def test_after_a_credit_note_a_payment_is_cut_over_what_it_leaves(company: Company, clock: FrozenClock):
    invoice = make_issued(company, lines=TWO_RATES)
    make_credit(invoice, lines={1: CreditedLine()})
    clock.advance(days=1)

    collect(invoice, 52_75)

    assert rows(november(company)) == [("2026-11-20", "transfer", "5.5", 52_75, 2_75)]


def test_undone_after_a_credit_note_nothing_is_left(company: Company, clock: FrozenClock):
    invoice = make_issued(company)
    payment = collect(invoice, 120_00)
    clock.advance(days=1)
    make_credit(invoice, amount_minor=50_00)
    clock.advance(days=1)

    undo_collection(company_id=company.id, payment_id=payment.id, reason="erreur", now=clock_port.now())

    collections = november(company)
    assert (collections.total_minor, collections.surplus_minor) == (0, 0)
    assert collections.by_method == {Method.TRANSFER: 0}


def test_what_a_former_tool_issued_is_collected_here(company: Company):
    opening = make_opening(
        company, remaining_minor=1800_00, total_minor=1800_00, vat_minor=200_00, vat_rate=Decimal(20)
    )
    collect(opening, 1800_00)

    assert rows(november(company)) == [
        ("2026-11-20", "transfer", "20", 1200_00, 200_00),
        ("2026-11-20", "transfer", "0", 600_00, 0),
    ]
