"""Deposits, and the invoices that deduct them: the quote is invoiced once, its VAT declared once, to the cent."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from reglo.companies.models import Company
from reglo.companies.states import Nature
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.crediting import CreditBeyondBalance, DepositDeducted
from reglo.invoicing.models import Deduction, Invoice, Quote
from reglo.invoicing.services import (
    DepositBeyondQuote,
    DepositInput,
    DepositNotDeductible,
    FreeDeposit,
    InvoiceIncomplete,
    choose_deductions,
    draft_deposit,
    draft_quote_deposit,
    invoice_quote,
    issue_invoice,
)
from reglo.invoicing.states import InvoiceState
from reglo.payments.models import Payment
from reglo.payments.monthly_collections import monthly_collections
from reglo.payments.services import record_collection, undo_collection
from reglo.payments.states import Method
from reglo.ports import clock
from tests.factories import accept, line, make_company, make_credit, make_customer, make_draft, make_quote
from tests.payments.disputes import books


def accepted(company: Company, *lines: Any, **fields: Any) -> Quote:
    quote = make_quote(company, lines=lines or [line("1000")], **fields)
    accept(quote)
    return quote


def issued(draft: Invoice) -> Invoice:
    return issue_invoice(company_id=draft.company_id, invoice_id=draft.pk, now=clock.now())


def deposit_of(quote: Quote, rate: str = "30", *, minor: int | None = None) -> Invoice:
    asked = DepositInput(amount_minor=minor) if minor else DepositInput(rate=Decimal(rate))
    return issued(draft_quote_deposit(company=quote.company, quote_id=quote.pk, deposit=asked, now=clock.now()))


def final_of(quote: Quote) -> Invoice:
    return issued(invoice_quote(company=quote.company, quote_id=quote.pk, now=clock.now()))


def collect(invoice: Invoice, minor: int) -> Payment:
    return record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.pk,
        amount_minor=minor,
        method=Method.TRANSFER,
        collected_on=clock.now().date(),
        now=clock.now(),
        actor_id=None,
    )


def again(invoice: Invoice) -> Invoice:
    return Invoice.objects.select_related("settlement").get(pk=invoice.pk)


def standing(invoice: Invoice) -> tuple[int, int, InvoiceState]:
    found = again(invoice)
    return found.settlement.owed_minor, found.settlement.remaining_minor, found.state_on(clock.now().date())


SERVICES, GOODS = "706000", "707000"
CUSTOMER, ADVANCES, SURPLUS = "411000", "419110", "419100"
DUE, WAITING, BANK = "445710", "445740", "512000"


def test_a_deposit_is_issued_like_an_invoice_in_the_same_series(company: Company):
    deposit = deposit_of(accepted(company))

    content = DocumentContent.from_json(deposit.frozen)
    assert (deposit.number, deposit.gross_minor) == ("ESSAI-F2026-0001", 360_00)
    assert (content.kind, content.type_code) == ("deposit", "386")
    assert content.lines[0].description == "Acompte de 30\u00a0% sur devis ESSAI-D2026-0001"
    assert books(company.pk) == {CUSTOMER: 360_00, ADVANCES: -300_00, WAITING: -60_00}
    assert standing(deposit) == (360_00, 360_00, InvoiceState.DUE)


def test_a_paid_deposit_then_the_final_invoice_declare_each_vat_once(company: Company):
    quote = accepted(company)
    deposit = deposit_of(quote)
    collect(deposit, 360_00)
    assert books(company.pk) == {BANK: 360_00, ADVANCES: -300_00, DUE: -60_00}

    final = final_of(quote)

    content = DocumentContent.from_json(final.frozen)
    assert (final.net_minor, final.vat_minor, final.gross_minor) == (1000_00, 200_00, 1200_00)
    assert content.deductions is not None
    [cited] = content.deductions
    assert (cited.number, cited.gross_minor, cited.vat_minor) == (deposit.number, 360_00, 60_00)
    assert standing(final) == (840_00, 840_00, InvoiceState.DUE)
    assert books(company.pk) == {BANK: 360_00, CUSTOMER: 840_00, SERVICES: -1000_00, DUE: -60_00, WAITING: -140_00}
    collect(final, 840_00)
    assert books(company.pk) == {BANK: 1200_00, SERVICES: -1000_00, DUE: -200_00}


def test_a_deposit_unpaid_at_the_final_is_still_owed_by_itself(company: Company):
    quote = accepted(company)
    deposit, final = deposit_of(quote), final_of(quote)

    assert (standing(deposit)[1], standing(final)[1]) == (360_00, 840_00)
    assert books(company.pk) == {CUSTOMER: 1200_00, SERVICES: -1000_00, WAITING: -200_00}
    collect(deposit, 360_00)
    assert books(company.pk) == {BANK: 360_00, CUSTOMER: 840_00, SERVICES: -1000_00, DUE: -60_00, WAITING: -140_00}


def test_the_vat_of_goods_is_due_when_the_deposit_is_paid_or_else_at_delivery(company: Company):
    quote = accepted(company, line("1000", nature=Nature.GOODS))
    deposit = deposit_of(quote)
    assert books(company.pk) == {CUSTOMER: 360_00, ADVANCES: -300_00, WAITING: -60_00}
    payment = collect(deposit, 180_00)
    assert books(company.pk)[DUE] == -30_00

    final_of(quote)

    delivered = {CUSTOMER: 1020_00, BANK: 180_00, GOODS: -1000_00, DUE: -200_00}
    assert books(company.pk) == delivered
    undo_collection(company_id=company.pk, payment_id=payment.id, reason="", now=clock.now())
    assert books(company.pk) == {CUSTOMER: 1200_00, GOODS: -1000_00, DUE: -200_00}
    collect(deposit, 360_00)
    assert books(company.pk) == {CUSTOMER: 840_00, BANK: 360_00, GOODS: -1000_00, DUE: -200_00}


def test_on_debits_the_vat_of_services_is_due_at_issue(alice: Any):
    company = make_company(owner=alice, vat_on_debits=True)
    quote = accepted(company)
    deposit_of(quote)
    assert books(company.pk) == {CUSTOMER: 360_00, ADVANCES: -300_00, DUE: -60_00}

    final_of(quote)

    assert books(company.pk) == {CUSTOMER: 1200_00, SERVICES: -1000_00, DUE: -200_00}


def test_under_franchise_a_deposit_has_no_vat(alice: Any):
    company = make_company(owner=alice, vat_regime="franchise", legal_form="micro", vat_number="", share_capital="")
    quote = accepted(company, line("1000", vat="0"))
    deposit_of(quote)
    assert books(company.pk) == {CUSTOMER: 300_00, ADVANCES: -300_00}

    final = final_of(quote)

    assert standing(final)[1] == 700_00
    assert books(company.pk) == {CUSTOMER: 1000_00, SERVICES: -1000_00}


def test_mixed_rates_are_spread_by_largest_remainder_and_deposits_reach_the_whole(company: Company):
    quote = accepted(company, line("10.01"), line("10.01", vat="10"), line("10.01", vat="5.5", nature=Nature.GOODS))
    # 12.01, 11.01 and 10.56 make 33.58.
    first = deposit_of(quote, minor=10_00)
    assert [row.amount_minor for row in first.lines.order_by("rank")] == [3_58, 3_28, 3_14]
    second = deposit_of(quote, minor=23_58)
    assert [row.amount_minor for row in second.lines.order_by("rank")] == [8_43, 7_73, 7_42]
    with pytest.raises(DepositBeyondQuote):
        deposit_of(quote, minor=1)

    final = final_of(quote)

    assert standing(final) == (0, 0, InvoiceState.PAID)
    for deposit in (second, first):
        collect(deposit, deposit.gross_minor)
    assert books(company.pk) == {BANK: 33_58, SERVICES: -20_02, GOODS: -10_01, DUE: -3_55}


def test_a_deposit_of_a_plain_customer_is_chosen_on_an_invoice_in_parts(company: Company):
    customer = make_customer(company)
    asked = FreeDeposit(customer, "Acompte sur commande de luminaires", 120_00, Decimal(20))
    deposit = issued(draft_deposit(company=company, deposit=asked, now=clock.now()))
    first, second = (make_draft(company, customer=customer, lines=[line("100")]) for _ in range(2))
    choose_deductions(company_id=company.pk, invoice_id=first.pk, chosen={deposit.pk: 50_00}, now=clock.now())
    choose_deductions(company_id=company.pk, invoice_id=second.pk, chosen={deposit.pk: None}, now=clock.now())

    first, second = issued(first), issued(second)

    assert (standing(first)[1], standing(second)[1]) == (70_00, 50_00)
    parts = Deduction.objects.order_by("id").values_list("net_minor", "vat_minor")
    assert list(parts) == [(41_67, 8_33), (58_33, 11_67)]
    assert ADVANCES not in books(company.pk)
    third = make_draft(company, customer=customer)
    choose_deductions(company_id=company.pk, invoice_id=third.pk, chosen={deposit.pk: None}, now=clock.now())
    with pytest.raises(InvoiceIncomplete):
        issued(third)


def test_only_an_issued_deposit_of_the_customer_is_deducted(company: Company):
    quote = accepted(company)
    draft = draft_quote_deposit(
        company=company, quote_id=quote.pk, deposit=DepositInput(rate=Decimal(30)), now=clock.now()
    )
    other = make_customer(company, name="Autre")
    invoice, foreign = make_draft(company, customer=quote.customer), make_draft(company, customer=other)

    def refused(target: Invoice, chosen: Invoice) -> None:
        with pytest.raises(DepositNotDeductible):
            choose_deductions(company_id=company.pk, invoice_id=target.pk, chosen={chosen.pk: None}, now=clock.now())

    refused(invoice, draft)
    refused(invoice, invoice)
    refused(foreign, issued(draft))
    assert not Deduction.objects.exists()


def test_a_deposit_is_credited_before_its_deduction_and_refused_after(company: Company):
    quote = accepted(company)
    deposit = deposit_of(quote)
    collect(deposit, 360_00)
    make_credit(again(deposit), amount_minor=120_00)
    assert books(company.pk) == {BANK: 360_00, SURPLUS: -120_00, ADVANCES: -200_00, DUE: -40_00}

    final = final_of(quote)

    assert standing(final)[1] == 960_00
    with pytest.raises(DepositDeducted, match=final.number or ""):
        make_credit(again(deposit), amount_minor=1_00)


def test_a_partial_credit_of_the_final_stops_at_what_deposits_left_and_a_whole_one_gives_them_back(company: Company):
    quote = accepted(company, line("1000", nature=Nature.GOODS))
    deposit = deposit_of(quote)
    collect(deposit, 100_00)
    before = books(company.pk)
    final = final_of(quote)
    collect(final, 40_00)
    with pytest.raises(CreditBeyondBalance):
        make_credit(again(final), amount_minor=840_01)

    make_credit(again(final), amount_minor=240_00)
    assert standing(final)[:2] == (600_00, 560_00)
    assert books(company.pk)[DUE] == -160_00
    make_credit(again(final))

    assert standing(final)[2] == InvoiceState.CREDITED
    assert books(company.pk) == {**before, BANK: 140_00, SURPLUS: -40_00}
    replaced = make_draft(company, customer=quote.customer, lines=[line("1000", nature=Nature.GOODS)])
    choose_deductions(company_id=company.pk, invoice_id=replaced.pk, chosen={deposit.pk: None}, now=clock.now())
    assert standing(issued(replaced))[1] == 840_00


def test_the_database_refuses_to_deduct_more_than_a_deposit_or_to_change_it(company: Company):
    quote = accepted(company)
    deposit = deposit_of(quote)
    final_of(quote)
    [row] = Deduction.objects.all()

    for change in ({"gross_minor": 1}, {"deposit_id": deposit.pk, "asked_minor": 5}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Deduction.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()
    other = make_draft(company, customer=quote.customer)
    Deduction.objects.create(company=company, invoice=other, deposit=deposit, gross_minor=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.filter(pk=other.pk).update(
            status="issued", number="ESSAI-F2026-0099", issue_date="2026-11-22", due_date="2026-11-22"
        )


def test_the_month_of_collections_has_each_vat_once_whatever_was_deducted_or_cancelled(company: Company):
    quote = accepted(company, line("1000"), line("500", vat="10"))
    deposit = deposit_of(quote, minor=525_00)
    collect(deposit, 525_00)
    final = final_of(quote)
    collect(final, 1225_00)

    def by_rate() -> dict[Decimal, tuple[int, int]]:
        today = clock.now().date()
        return monthly_collections(company=company, year=today.year, month=today.month).by_rate

    assert by_rate() == {Decimal(20): (1200_00, 200_00), Decimal(10): (550_00, 50_00)}
    make_credit(again(final))
    assert by_rate() == {Decimal(20): (360_00, 60_00), Decimal(10): (165_00, 15_00)}
