"""An issued invoice is printed once, and the file is kept."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.events.kinds import Kind
from reglo.events.models import Event
from reglo.events.queries import content_of
from reglo.events.reactions import NeedsPerson
from reglo.files import store
from reglo.files.models import StoredFile
from reglo.ports import clock
from reglo.rendering.models import RenderedDocument
from reglo.rendering.services import ContentDisagrees, invoice_pdf, render_invoice
from reglo.rendering.tasks import render_issued_invoice
from tests.factories import line, make_company, make_customer, make_issued
from tests.rendering.printed import faults_of, logo_png, pages_of, text_of


def test_an_issued_invoice_is_printed_with_everything_that_was_frozen(company: Company) -> None:
    invoice = make_issued(
        company,
        lines=[line("150", quantity="6", unit="u"), line("48", vat="10", discount="50", description="Main-d’œuvre")],
        order_reference="PO-4500",
        mention="Merci de votre confiance.",
    )
    pdf = invoice_pdf(invoice=invoice, now=clock.now())
    assert faults_of(pdf) == []
    text = text_of(pdf)
    for words in (
        f"Facture n° {invoice.number} Date d’émission 22 novembre 2026 Échéance 22 décembre 2026",
        "Atelier Lumen 12 rue des Carmes 69001 Lyon bonjour@atelier-lumen.test",
        "Menuiserie Claire Fontaine 3 place du Marché 38000 Grenoble",
        "Votre SIREN 552 100 554",
        "Votre commande PO-4500",
        "Pose de luminaires 6 u 150,00 € 20 % 900,00 €",
        "Main-d’œuvre 1 48,00 € 50 % 10 % 24,00 €",
        "Total HT 924,00 € TVA 20 % sur 900,00 € 180,00 € TVA 10 % sur 24,00 € 2,40 € Total TTC 1 106,40 €",
        "Net à payer 1 106,40 €",
        "FR76 3000 6000 0112 3456 7890 189 BIC AGRIFRPP Titulaire Atelier Lumen",
        "Autres mentions Merci de votre confiance.",
        "Nature de l’opération : prestation de services",
        "Indemnité forfaitaire pour frais de recouvrement en cas de retard : 40 €",
        "SARL au capital de 8 000 € · RCS Lyon 732829320 · SIRET 732 829 320 00074 · TVA FR44732829320",
    ):
        assert words in text


def test_printing_twice_keeps_one_file_one_row_one_event(company: Company) -> None:
    invoice = make_issued(company)
    first = render_invoice(invoice=invoice, now=clock.now())
    again = render_invoice(invoice=invoice, now=clock.now() + timedelta(days=1))
    assert again.file_id == first.file_id
    assert again.rendered_at == first.rendered_at
    assert RenderedDocument.objects.filter(invoice=invoice).count() == 1
    assert StoredFile.objects.filter(media_type="application/pdf").count() == 1
    event = Event.objects.get(kind=Kind.DOCUMENT_RENDERED)
    assert event.subject_id == str(invoice.id)
    assert content_of(event) == {"number": invoice.number, "sha256": first.file_id}


def test_the_recorded_hash_is_that_of_the_bytes(company: Company) -> None:
    invoice = make_issued(company)
    pdf = invoice_pdf(invoice=invoice, now=clock.now())
    assert hashlib.sha256(pdf).hexdigest() == RenderedDocument.objects.get(invoice=invoice).file_id


@pytest.mark.parametrize(
    "change",
    ["UPDATE rendering_rendereddocument SET rendered_at = rendered_at", "DELETE FROM rendering_rendereddocument"],
)
def test_the_database_refuses_to_change_what_was_printed(company: Company, change: str) -> None:
    render_invoice(invoice=make_issued(company), now=clock.now())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert RenderedDocument.objects.count() == 1


def test_what_changed_since_issue_is_not_printed(company: Company) -> None:
    invoice = make_issued(company)
    Company.objects.filter(id=company.id).update(name="Autre nom", iban="")
    Customer.objects.filter(company=company).update(name="Autre client")
    text = text_of(invoice_pdf(invoice=invoice, now=clock.now()))
    assert "Autre" not in text
    assert "Atelier Lumen" in text
    assert "FR76 3000" in text


def test_a_kept_file_is_not_printed_anew(company: Company) -> None:
    invoice = make_issued(company)
    kept = store.put(b"as it was printed by an older version", media_type="application/pdf", now=clock.now())
    RenderedDocument.objects.create(invoice=invoice, company=company, file=kept, rendered_at=clock.now())
    assert invoice_pdf(invoice=invoice, now=clock.now()) == b"as it was printed by an older version"


def test_a_practice_invoice_is_a_specimen_and_a_real_one_is_not(db: None) -> None:
    practice = text_of(invoice_pdf(invoice=make_issued(make_company(practice=True)), now=clock.now()))
    real = text_of(invoice_pdf(invoice=make_issued(make_company(practice=False)), now=clock.now()))
    assert "SPÉCIMEN" in practice
    assert "n° ESSAI-" in practice
    assert "SPÉCIMEN" not in real
    assert "ESSAI" not in real


def test_under_franchise_there_is_one_total_and_the_mention(db: None) -> None:
    company = make_company(practice=False, legal_form="micro", vat_regime="franchise", vat_number="", rcs_city="")
    text = text_of(invoice_pdf(invoice=make_issued(company), now=clock.now()))
    assert "Total à payer 100,00 €" in text
    assert "TVA non applicable, art. L. 223-3 du CIBS" in text
    assert "Total HT" not in text
    assert "TTC" not in text


def test_the_logo_is_read_from_the_store(company: Company) -> None:
    plain = make_issued(company)
    company.logo = store.put(logo_png(), media_type="image/png", now=clock.now())
    company.save(update_fields=["logo"])
    with_logo = make_issued(company)
    sizes = [len(invoice_pdf(invoice=invoice, now=clock.now())) for invoice in (plain, with_logo)]
    assert sizes[1] > sizes[0]


def test_a_customer_abroad_has_the_country_on_the_address(company: Company) -> None:
    customer = make_customer(company, name="Käse GmbH", siren="", country="DE", city="Berlin", postal_code="10115")
    text = text_of(invoice_pdf(invoice=make_issued(company, customer=customer), now=clock.now()))
    assert "10115 Berlin ALLEMAGNE" in text


def test_the_public_payment_page_is_printed_only_where_it_is_served(company: Company, monkeypatch: Any) -> None:
    path = "reglo.rendering.invoice_document.is_valid_path"
    monkeypatch.setattr(path, lambda asked: asked == "/payer")
    assert "http://localhost:8000/payer" in text_of(
        invoice_pdf(invoice=make_issued(company, card_allowed=True), now=clock.now())
    )
    assert "/payer" not in text_of(invoice_pdf(invoice=make_issued(company, card_allowed=False), now=clock.now()))
    monkeypatch.setattr(path, lambda asked: False)
    assert "/payer" not in text_of(invoice_pdf(invoice=make_issued(company, card_allowed=True), now=clock.now()))


def test_content_that_disagrees_with_the_totals_is_not_printed(company: Company) -> None:
    invoice = make_issued(company)
    invoice.gross_minor += 1
    with pytest.raises(ContentDisagrees):
        render_invoice(invoice=invoice, now=clock.now())
    assert not RenderedDocument.objects.exists()
    assert not Event.objects.filter(kind=Kind.DOCUMENT_RENDERED).exists()


def test_the_worker_prints_after_issue_and_is_safe_to_run_twice(company: Company) -> None:
    invoice = make_issued(company)
    event = Event.objects.get(kind=Kind.INVOICE_ISSUED, subject_id=str(invoice.id))
    render_issued_invoice(event=event, now=clock.now())
    render_issued_invoice(event=event, now=clock.now())
    assert Event.objects.filter(kind=Kind.DOCUMENT_RENDERED).count() == 1


def test_what_no_retry_can_mend_waits_for_a_person(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    invoice = make_issued(company)
    event = Event.objects.get(kind=Kind.INVOICE_ISSUED, subject_id=str(invoice.id))

    def disagree(**_: object) -> None:
        raise ContentDisagrees(number="F1")

    monkeypatch.setattr("reglo.rendering.tasks.render_invoice", disagree)
    with pytest.raises(NeedsPerson, match="F1"):
        render_issued_invoice(event=event, now=clock.now())


def test_a_rendered_invoice_of_many_lines_has_its_number_on_every_page(company: Company) -> None:
    invoice = make_issued(company, lines=[line(description=f"Intervention {i}") for i in range(60)])
    assert invoice.number is not None
    pages = pages_of(invoice_pdf(invoice=invoice, now=clock.now()))
    assert [invoice.number in page for page in pages] == [True] * len(pages)
    assert len(pages) > 1
