"""What is printed on a quote: until when, where, what is optional; « Bon pour accord » once accepted."""

from reglo.companies.models import Company
from reglo.invoicing.services import issue_quote, revise_quote
from reglo.ports import clock
from reglo.rendering.services import quote_pdf, quote_preview_pdf
from tests.factories import accept, line, make_company, make_quote, make_quote_draft, option
from tests.rendering.printed import faults_of, text_of


def test_it_says_what_is_offered_and_leaves_room_to_sign(company: Company):
    quote = make_quote(
        company,
        lines=[line("150", quantity="6", unit="u"), option("50")],
        work_place="4 rue Neuve, Lyon",
        deposit_rate=30,
    )

    pdf = quote_pdf(quote=quote)

    assert faults_of(pdf) == []
    text = text_of(pdf)
    for words in (
        "Devis n° ESSAI-D2026-0001 Date d’émission 22 novembre 2026 Valable jusqu’au 22 décembre 2026",
        "Lieu d’exécution 4 rue Neuve, Lyon",
        "En option : Variateur 1 50,00 € 20 % 50,00 €",
        "Total HT 900,00 € TVA 20 % 180,00 € Total TTC 1 080,00 €",
        "Total du devis 1 080,00 €",
        "Bon pour accord Date, nom et signature",
        "Devis gratuit. Acompte à la commande : 30 % du total, soit 324,00 €.",
        "Les options ne sont pas comprises dans le total.",
    ):
        assert words in text, text
    for absent in ("Échéance", "Payer en ligne", "IBAN", "Pénalités", "Net à payer", "Indemnité"):
        assert absent not in text


def test_accepted_it_bears_the_name_the_day_and_the_options_taken(company: Company):
    quote = make_quote(company, lines=[line("100"), option("50"), option("30", description="Spot")])
    accept(quote, options=[3])
    quote.refresh_from_db()

    pdf = quote_pdf(quote=quote)

    assert faults_of(pdf) == []
    text = text_of(pdf)
    assert "Bon pour accord Claire Fontaine Accepté le 22 novembre 2026, en ligne" in text, text
    assert "Option non retenue : Variateur" in text
    assert "Option retenue : Spot" in text
    assert "Total du devis 156,00 €" in text
    assert pdf == quote_pdf(quote=quote)


def test_a_second_version_says_that_it_replaces_the_first(company: Company):
    quote = make_quote(company, fee_minor=60_00, deposit_minor=20_00)
    revise_quote(company_id=company.pk, quote_id=quote.pk, now=clock.now())
    second = issue_quote(company_id=company.pk, quote_id=quote.pk, now=clock.now())

    text = text_of(quote_pdf(quote=second))

    assert "Version 2, remplace la précédente" in text, text
    assert "Devis payant : 60,00 €. Acompte à la commande : 20,00 €." in text


def test_under_franchise_it_bears_the_mention_and_no_vat(db: None):
    quote = make_quote(make_company(vat_regime="franchise"), lines=[line("100", vat="0")])

    text = text_of(quote_pdf(quote=quote))

    assert "Total du devis 100,00 €" in text
    assert "TVA non applicable, art. L. 223-3 du CIBS" in text
    assert "TTC" not in text


def test_a_draft_says_so(company: Company):
    quote = make_quote_draft(company)

    text = text_of(quote_preview_pdf(company=company, quote=quote, now=clock.now()))

    assert "BROUILLON" in text
    assert "Total du devis 120,00 €" in text
