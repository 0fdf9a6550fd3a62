"""*Avoir*: it lowers the debt, frees what was paid beyond, and moves back what its invoice posted. By hand, to the cent.

Accounts: 411 customers, 4191 *trop-perçus*, 706 and 707 sales, 44571 VAT due, 44574 VAT that waits for the money.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from reglo.companies.models import Company, VatRegimePeriod
from reglo.companies.states import Nature, VatRegime
from reglo.events.models import Event
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.crediting import NothingToCredit
from reglo.invoicing.models import Invoice, NumberSequence
from reglo.invoicing.services import CreditedLine, DraftRefused
from reglo.invoicing.states import InvoiceState
from reglo.ledger.models import Entry, EntryLine
from reglo.payments.models import Allocation, Payment
from reglo.payments.services import NothingToCollect, record_collection, undo_collection
from reglo.payments.states import Method
from reglo.ports import clock as clock_port
<<<<<<< ours
from tests.factories import comment, line, make_credit, make_issued, section, subtotal
||||||| base
from tests.factories import line, make_credit, make_issued
=======
from tests.factories import line, make_credit, make_issued
from tests.harness.frozen_clock import FrozenClock
>>>>>>> theirs

TODAY = date(2026, 11, 22)


def collect(invoice: Invoice, amount_minor: int) -> Payment:
    return record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        amount_minor=amount_minor,
        method=Method.TRANSFER,
        collected_on=TODAY,
        now=clock_port.now(),
    )


def balances(company: Company) -> dict[str, int]:
    """Debits less credits of each account that is not even."""
    sums: dict[str, int] = {}
    for one in EntryLine.objects.filter(company=company):
        account = one.account.rstrip("0")
        sums[account] = sums.get(account, 0) + one.debit_minor - one.credit_minor
    return {account: minor for account, minor in sums.items() if minor}


def stands(invoice: Invoice) -> tuple[str, int, int, int]:
    """State, credited, settled, remaining."""
    invoice = Invoice.objects.select_related("settlement").get(id=invoice.id)
    settlement = invoice.settlement
    return (
        invoice.state_on(TODAY).value,
        settlement.credited_minor,
        settlement.settled_minor,
        settlement.remaining_minor,
    )


def rates(note: Invoice) -> list[tuple[str, int, int]]:
    return [(rate.vat_rate, rate.net_minor, rate.vat_minor) for rate in DocumentContent.from_json(note.frozen).rates]


def test_a_whole_credit_of_two_rates_cancels_the_invoice_and_every_account(company: Company):
    invoice = make_issued(company, lines=[line("84.03", quantity="3"), line("10", vat="5.5", nature=Nature.GOODS)])

    note = make_credit(invoice)

    assert (note.number, note.issue_date, note.due_date) == ("ESSAI-A2026-0001", TODAY, TODAY)
    assert (note.net_minor, note.vat_minor, note.gross_minor) == (262_09, 50_97, 313_06)
    assert rates(note) == [("20", 252_09, 50_42), ("5.5", 10_00, 55)]
    assert stands(invoice) == ("credited", 313_06, 0, 0)
    assert balances(company) == {}
    content = DocumentContent.from_json(note.frozen)
    assert content.correction is not None
    assert (content.correction.number, content.correction.issue_date) == (invoice.number, "2026-11-22")
    assert [one.description for one in content.lines] == ["Pose de luminaires", "Pose de luminaires"]
    kinds = Event.objects.filter(company=company).order_by("-id").values_list("kind", flat=True)[:2]
    assert list(kinds) == ["invoice.credited", "credit_note.issued"]


def test_a_part_by_line_takes_back_a_quantity(company: Company):
    invoice = make_issued(company, lines=[line("84.03", quantity="3"), line("10", vat="5.5", nature=Nature.GOODS)])

    note = make_credit(invoice, lines={1: CreditedLine(quantity=Decimal(1))})

    assert rates(note) == [("20", 84_03, 16_81)]  # a third of 50,42 is 16,8067
    assert stands(invoice) == ("due", 100_84, 0, 212_22)
    assert balances(company) == {"411": 212_22, "706": -168_06, "707": -10_00, "44571": -55, "44574": -33_61}


def test_a_part_by_line_takes_back_an_amount_as_the_line_is_typed(company: Company):
    invoice = make_issued(company, lines=[line("39.99"), line("9.99", vat="10")], prices_include_vat=True)

    note = make_credit(invoice, lines={1: CreditedLine(amount_minor=10_00)})

    assert rates(note) == [("20", 8_33, 1_67)]  # VAT 6,67 × 10,00 / 39,99 = 1,6679
    assert stands(invoice) == ("due", 10_00, 0, 39_98)


def test_a_part_by_amount_over_three_rates(company: Company):
    invoice = make_issued(company, lines=[line("10.01"), line("10.01", vat="10"), line("10.01", vat="5.5")])

    note = make_credit(invoice, amount_minor=10_00)

    # 3,58 + 3,28 + 3,14: tests/invoicing/test_crediting.py works it out.
    assert rates(note) == [("20", 2_98, 60), ("10", 2_98, 30), ("5.5", 2_98, 16)]
    content = DocumentContent.from_json(note.frozen)
    assert content.prices_include_vat
    assert [(one.description, one.amount_minor, one.net_minor) for one in content.lines] == [
        (f"Avoir partiel sur la facture {invoice.number}", gross, 2_98) for gross in (3_58, 3_28, 3_14)
    ]
    assert balances(company) == {"411": 23_58, "706": -21_09, "44574": -2_49}


def test_the_rest_after_a_part_leaves_nothing(company: Company):
    invoice = make_issued(company, lines=[line("10.01"), line("10.01", vat="10"), line("10.01", vat="5.5")])
    make_credit(invoice, amount_minor=10_00)

    note = make_credit(invoice)

    assert (note.number, note.gross_minor) == ("ESSAI-A2026-0002", 23_58)
    assert [one.description for one in DocumentContent.from_json(note.frozen).lines] == [
        f"Solde de la facture {invoice.number}"
    ] * 3
    assert stands(invoice) == ("credited", 33_58, 0, 0)
    assert balances(company) == {}


def test_a_paid_invoice_leaves_what_it_credits_as_surplus(company: Company):
    invoice = make_issued(company)  # 120,00, of which 20,00 of VAT, due since it is paid
    collect(invoice, 120_00)

    note = make_credit(invoice, amount_minor=50_00)

    assert rates(note) == [("20", 41_67, 8_33)]
    assert stands(invoice) == ("paid", 50_00, 70_00, 0)
    assert list(Allocation.objects.order_by("id").values_list("amount_minor", flat=True)) == [120_00, -50_00]
    assert balances(company) == {"512": 120_00, "4191": -50_00, "706": -58_33, "44571": -11_67}
    entry = Entry.objects.get(source=f"credit-surplus:{note.id}")
    assert (entry.piece, entry.entry_date) == (note.number, TODAY)


def test_of_vat_on_receipts_only_what_was_due_is_given_back(company: Company):
    invoice = make_issued(company)
    collect(invoice, 40_00)  # 6,67 of 20,00 fall due

    make_credit(invoice, amount_minor=60_00)

    # 10,00 of VAT left on 60,00 owed, of which 40,00 are settled: 6,67 stay due, 10,00 wait no longer.
    assert stands(invoice) == ("partly_paid", 60_00, 40_00, 20_00)
    assert balances(company) == {"512": 40_00, "411": 20_00, "706": -50_00, "44571": -6_67, "44574": -3_33}

    make_credit(invoice)

    assert stands(invoice) == ("credited", 120_00, 0, 0)
    assert balances(company) == {"512": 40_00, "4191": -40_00}


def test_crediting_the_untaxed_part_makes_more_vat_due(company: Company):
    invoice = make_issued(company, lines=[line("100"), line("120", vat="0")], exemption_reason="Art. 261 du CGI")
    collect(invoice, 120_00)  # half of 240,00: 10,00 of 20,00 of VAT

    make_credit(invoice, lines={2: CreditedLine()})

    assert stands(invoice) == ("paid", 120_00, 120_00, 0)
    assert balances(company) == {"512": 120_00, "706": -100_00, "44571": -20_00}


def test_under_franchise_there_is_no_vat(company: Company):
    company.vat_regime = VatRegime.FRANCHISE
    company.save()
    invoice = make_issued(company, lines=[line("100", vat="0")])

    note = make_credit(invoice, amount_minor=33_33)

    assert (note.net_minor, note.vat_minor, note.gross_minor) == (33_33, 0, 33_33)
    content = DocumentContent.from_json(note.frozen)
    assert not content.charges_vat
    assert content.legal_mentions[0] == "TVA non applicable, art. L. 223-3 du CIBS"
    assert balances(company) == {"411": 66_67, "706": -66_67}


def test_vat_is_charged_back_as_it_was_charged(company: Company, clock: FrozenClock):
    invoice = make_issued(company)
    VatRegimePeriod.objects.create(
        company=company, since=TODAY + timedelta(days=1), regime=VatRegime.FRANCHISE, created_at=clock.now()
    )
    Company.objects.update(vat_number="")
    clock.advance(days=1)

    note = make_credit(invoice)

    assert rates(note) == [("20", 100_00, 20_00)]
    assert DocumentContent.from_json(note.frozen).seller.vat_number == "FR44732829320"
    assert balances(company) == {}


def test_goods_give_their_vat_back_at_once(company: Company):
    invoice = make_issued(company, lines=[line("100", nature=Nature.GOODS)])

    make_credit(invoice, amount_minor=60_00)

    assert balances(company) == {"411": 60_00, "707": -50_00, "44571": -10_00}


def test_the_same_request_twice_is_one_credit_note(company: Company):
    invoice = make_issued(company)

    first = make_credit(invoice, amount_minor=10_00, asked_as="form:1")
    second = make_credit(invoice, amount_minor=10_00, asked_as="form:1")

    assert first == second
    assert stands(invoice) == ("due", 10_00, 0, 110_00)


@pytest.mark.parametrize("amount", [120_01, 0, -1])
def test_never_beyond_the_total_not_by_a_cent(company: Company, amount: int):
    invoice = make_issued(company)

    with pytest.raises(DraftRefused) as refused:
        make_credit(invoice, amount_minor=amount)

    assert [refusal.field for refusal in refused.value.refusals] == ["amount"]
    assert stands(invoice) == ("due", 0, 0, 120_00)
    assert Invoice.objects.filter(kind="credit_note").count() == 0
    assert not NumberSequence.objects.filter(series__startswith="ESSAI-A").exists()


def test_what_is_cancelled_is_not_credited_again_nor_paid(company: Company):
    invoice = make_issued(company)
    make_credit(invoice)

    with pytest.raises(NothingToCredit):
        make_credit(invoice)
    with pytest.raises(NothingToCollect):
        collect(invoice, 1)

    assert stands(invoice) == ("credited", 120_00, 0, 0)


def test_a_credit_note_is_issued_and_nothing_more(company: Company):
    note = make_credit(make_issued(company))

    assert note.state_on(TODAY) == InvoiceState.ISSUED
    assert not note.remaining
    with pytest.raises(NothingToCollect):
        collect(note, 1)
    with pytest.raises(NothingToCredit):
        make_credit(note)


def test_the_latest_payment_is_freed_first(company: Company):
    invoice = make_issued(company)
    first, second = collect(invoice, 80_00), collect(invoice, 40_00)

    make_credit(invoice, amount_minor=60_00)

    freed = Allocation.objects.filter(amount_minor__lt=0).order_by("id").values_list("payment_id", "amount_minor")
    assert list(freed) == [(second.id, -40_00), (first.id, -20_00)]


def test_a_collection_freed_in_part_is_undone_whole(company: Company):
    invoice = make_issued(company)
    payment = collect(invoice, 120_00)
    make_credit(invoice, amount_minor=50_00)

    undo_collection(company_id=company.id, payment_id=payment.id, reason="Sans provision", now=clock_port.now())

    assert stands(invoice) == ("due", 50_00, 0, 70_00)
    assert balances(company) == {"411": 70_00, "706": -58_33, "44574": -11_67}


def test_a_discounted_invoice_wholly_credited_leaves_every_account_even(company: Company):
    lines = [line("33.35"), line("33.35", vat="10", nature=Nature.GOODS), line("33.35", vat="5.5")]
    invoice = make_issued(company, lines=lines, discount_rate=Decimal(10))

    note = make_credit(invoice)

    assert (invoice.net_minor, invoice.vat_minor) == (90_04, 10_65)
    assert (note.net_minor, note.vat_minor, note.gross_minor) == (90_04, 10_65, 100_69)
    assert (note.discount_rate, note.discount_minor) == (Decimal(10), None)
    content = DocumentContent.from_json(note.frozen)
    assert content.discount is not None
    assert (content.discount.rate, content.discount.amount_minor) == ("10", 10_01)
    assert [one.amount_minor for one in content.lines] == [33_35, 33_35, 33_35]
    assert stands(invoice) == ("credited", 100_69, 0, 0)
    assert balances(company) == {}


def test_a_discounted_invoice_credited_by_lines_by_amount_and_for_the_rest(company: Company):
    lines = [line("120", quantity="3"), line("110", vat="10", nature=Nature.GOODS)]
    invoice = make_issued(company, lines=lines, discount_minor=47_00, prices_include_vat=True)  # 423,00 to pay

    by_line = make_credit(invoice, lines={1: CreditedLine(quantity=Decimal(1))})
    by_amount = make_credit(invoice, amount_minor=50_00)
    rest = make_credit(invoice)

    # 47,00 over 360,00 and 110,00: 36,00 and 11,00; a third of the first comes back with its line.
    assert (by_line.gross_minor, by_line.discount_minor) == (108_00, 12_00)
    assert (by_amount.gross_minor, by_amount.discount_minor) == (50_00, None)
    assert rest.gross_minor == 265_00
    assert stands(invoice) == ("credited", 423_00, 0, 0)
    assert balances(company) == {}


def test_an_amount_off_a_line_comes_back_with_its_quantity(company: Company):
    item = line("100", quantity="3", off=30_00)
    invoice = make_issued(company, lines=[item])

    note = make_credit(invoice, lines={1: CreditedLine(quantity=Decimal(1))})

    assert (invoice.net_minor, note.net_minor) == (270_00, 90_00)
    assert note.lines.get().discount_minor == 10_00


def test_titles_and_subtotals_come_back_with_the_whole_and_never_count(company: Company):
    lines = [section("Séjour"), line("60"), line("40"), subtotal(), comment("Garantie deux ans"), line("50")]
    invoice = make_issued(company, lines=lines)

    with pytest.raises(DraftRefused):
        make_credit(invoice, lines={1: CreditedLine(), 4: CreditedLine()})
    part = make_credit(invoice, lines={1: CreditedLine(), 2: CreditedLine()})

    assert [one.description for one in part.lines.all()] == ["Pose de luminaires"]
    assert part.net_minor == 60_00
    other = make_issued(company, lines=lines)
    whole = DocumentContent.from_json(make_credit(other).frozen)
    assert [(one.kind, one.amount_minor, one.net_minor) for one in whole.lines] == [
        ("section", 0, 0),
        ("article", 60_00, 60_00),
        ("article", 40_00, 40_00),
        ("subtotal", 100_00, 0),
        ("comment", 0, 0),
        ("article", 50_00, 50_00),
    ]
