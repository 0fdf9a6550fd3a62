"""The receipt of a payment."""

from datetime import date

import pytest

from reglo.companies.models import Company
from reglo.payments.models import Allocation, Payment
from reglo.payments.states import Method
from reglo.ports import clock, ids
from reglo.rendering.document import PaidDocument, Watermark
from reglo.rendering.render import render_receipt
from reglo.rendering.services import PaymentSettlesNothing, receipt_pdf
from tests.factories import make_issued
from tests.rendering.money_in import pay
from tests.rendering.printed import faults_of, receipt, text_of


def test_a_receipt_is_valid_pdf_a_3b_and_pdf_ua_1() -> None:
    assert faults_of(render_receipt(receipt())) == []


def test_a_receipt_says_who_paid_what_when_and_how_for_which_invoice() -> None:
    text = text_of(render_receipt(receipt()))
    for words in (
        "Reçu Date du paiement 3 décembre 2026 Référence ch_3QK2h2Lk",
        "Atelier Lumen",
        "Montant reçu 1 240,00 €",
        "Reçu le 3 décembre 2026 par carte de Brasserie du Parc SAS.",
        "F2026-0143 15 novembre 2026 1 240,00 €",
        "1/1",
    ):
        assert words in text
    assert "Trop-perçu" not in text


def test_what_is_above_the_invoices_is_a_surplus() -> None:
    paid = (
        PaidDocument(number="F2026-0143", issue_date=date(2026, 11, 15), amount_minor=100000),
        PaidDocument(number="F2026-0150", issue_date=date(2026, 11, 20), amount_minor=20000),
    )
    text = text_of(render_receipt(receipt(documents=paid)))
    assert "F2026-0143 15 novembre 2026 1 000,00 €" in text
    assert "F2026-0150 20 novembre 2026 200,00 €" in text
    assert "Trop-perçu 40,00 €" in text


def test_a_practice_receipt_is_a_specimen() -> None:
    assert "SPÉCIMEN" in text_of(render_receipt(receipt(watermark=Watermark.SPECIMEN)))


def test_the_same_receipt_gives_the_same_bytes() -> None:
    assert render_receipt(receipt()) == render_receipt(receipt())


def test_the_receipt_of_a_payment_names_payer_invoice_amount_and_means(company: Company) -> None:
    invoice = make_issued(company)
    pdf = receipt_pdf(payment=pay(invoice, 12000, method=Method.CHEQUE))
    text = text_of(pdf)
    assert faults_of(pdf) == []
    assert "Montant reçu 120,00 €" in text
    assert "Reçu le 22 novembre 2026 par chèque de Menuiserie Claire Fontaine." in text
    assert f"{invoice.number} 22 novembre 2026 120,00 €" in text
    assert "SPÉCIMEN" in text


def test_a_surplus_is_told(company: Company) -> None:
    text = text_of(receipt_pdf(payment=pay(make_issued(company), 12000, method=Method.CASH, surplus_minor=500)))
    assert "Montant reçu 125,00 €" in text
    assert "Trop-perçu 5,00 €" in text


def test_what_is_given_back_later_does_not_change_the_receipt(company: Company) -> None:
    invoice = make_issued(company)
    payment = pay(invoice, 12000, method=Method.CARD)
    before = receipt_pdf(payment=payment)
    Allocation.objects.create(
        payment=payment, company=company, invoice=invoice, amount_minor=-2000, allocated_at=clock.now()
    )
    assert receipt_pdf(payment=payment) == before


def test_a_payment_that_settles_nothing_has_no_receipt(company: Company) -> None:
    payment = Payment.objects.create(
        id=ids.new_uuid(),
        company=company,
        method=Method.CASH,
        amount_minor=1000,
        currency="EUR",
        paid_at=clock.now(),
        paid_on=clock.now().date(),
        recorded_at=clock.now(),
    )
    with pytest.raises(PaymentSettlesNothing):
        receipt_pdf(payment=payment)
