"""What is printed on a credit note: what it corrects, why, positive amounts, and nothing to pay."""

from reglo.companies.models import Company
from reglo.ports import clock
from reglo.rendering.services import invoice_pdf, preview_pdf
from tests.factories import line, make_company, make_credit, make_credit_draft, make_issued
from tests.rendering.printed import faults_of, text_of


def test_it_says_what_it_corrects_and_why(company: Company) -> None:
    invoice = make_issued(company, lines=[line("150", quantity="6", unit="u"), line("48", vat="10")], card_allowed=True)
    note = make_credit(invoice)

    pdf = invoice_pdf(invoice=note, now=clock.now())

    assert faults_of(pdf) == []
    text = text_of(pdf)
    for words in (
        f"Avoir n° {note.number} Date d’émission 22 novembre 2026 Atelier Lumen",
        f"Objet Avoir sur la facture {invoice.number} du 22 novembre 2026",
        "Pose de luminaires 6 u 150,00 € 20 % 900,00 €",
        "Total HT 948,00 € TVA 20 % sur 900,00 € 180,00 € TVA 10 % sur 48,00 € 4,80 € Total TTC 1 132,80 €",
        "Total à déduire ou à rembourser 1 132,80 €",
        "Motif de l’avoir Prestation annulée",
        "Nature de l’opération : prestation de services",
    ):
        assert words in text
    for absent in ("Échéance", "Payer en ligne", "IBAN", "Pénalités", "annule et remplace", "Net à payer"):
        assert absent not in text


def test_under_franchise_it_bears_the_mention_and_no_vat(db: None) -> None:
    company = make_company(vat_regime="franchise")
    note = make_credit(make_issued(company, lines=[line("100", vat="0")]), amount_minor=33_33)

    text = text_of(invoice_pdf(invoice=note, now=clock.now()))

    assert "Total à déduire ou à rembourser 33,33 €" in text
    assert "TVA non applicable, art. L. 223-3 du CIBS" in text
    assert "TTC" not in text


def test_a_draft_says_so(company: Company) -> None:
    draft = make_credit_draft(make_issued(company), amount_minor=60_00)

    text = text_of(preview_pdf(company=company, invoice=draft, now=clock.now()))

    assert "BROUILLON" in text
    assert "Total à déduire ou à rembourser 60,00 €" in text
