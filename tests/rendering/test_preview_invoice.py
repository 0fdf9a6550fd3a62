"""A draft is seen as it would be printed."""

import io

from PIL import Image

from reglo.companies.models import Company
from reglo.files.models import StoredFile
from reglo.invoicing.services import create_draft
from reglo.ports import clock
from reglo.rendering.services import invoice_pdf, preview_pages, preview_pdf
from tests.factories import make_draft, make_issued
from tests.rendering.printed import text_of


def test_a_draft_shows_its_content_its_dates_and_brouillon(company: Company) -> None:
    text = text_of(preview_pdf(company=company, invoice=make_draft(company), now=clock.now()))
    for words in ("BROUILLON", "Date d’émission 22 novembre 2026", "Échéance 22 décembre 2026", "Net à payer 120,00 €"):
        assert words in text
    assert "Facture n°" not in text
    assert "IBAN" not in text


def test_an_empty_draft_without_customer_can_be_looked_at(company: Company) -> None:
    draft = create_draft(company=company, customer=None, now=clock.now())
    assert "Net à payer 0,00 €" in text_of(preview_pdf(company=company, invoice=draft, now=clock.now()))


def test_a_company_without_siren_yet_can_look_at_its_draft(company: Company) -> None:
    company.siren = company.siret = ""
    company.save(update_fields=["siren", "siret"])
    text = text_of(preview_pdf(company=company, invoice=make_draft(company), now=clock.now()))
    assert "SIRET" not in text
    assert "BROUILLON" in text


def test_a_preview_is_pictures_and_keeps_nothing(company: Company) -> None:
    pages = preview_pages(company=company, invoice=make_draft(company), now=clock.now())
    assert [Image.open(io.BytesIO(page)).size for page in pages] == [(1191, 1684)]
    assert not StoredFile.objects.exists()


def test_an_issued_invoice_is_shown_as_it_was_frozen(company: Company) -> None:
    invoice = make_issued(company)
    assert preview_pdf(company=company, invoice=invoice, now=clock.now()) == invoice_pdf(
        invoice=invoice, now=clock.now()
    )
