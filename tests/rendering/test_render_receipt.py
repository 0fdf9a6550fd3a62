"""The receipt of a payment."""

from datetime import date

from reglo.rendering.document import PaidDocument, Watermark
from reglo.rendering.render import render_receipt
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
