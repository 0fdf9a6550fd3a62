from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from reglo.invoicing.models import Invoice
from reglo.ports import clock as clock_port
from reglo.rendering.services import invoice_pdf
from tests.portal.conftest import Browser, words_of


def ask(browser: Browser, **fields: object) -> HttpResponse:
    browser.client.get("/p/verifier")
    token = browser.client.cookies["reglo_csrf"].value
    return browser.client.post("/p/verifier", {**fields, "csrfmiddlewaretoken": token})


def test_by_number_and_amount(invoice: Invoice, stranger: Browser) -> None:
    answer = ask(stranger, number=invoice.number, total="1240")
    page = words_of(answer)
    assert answer.status_code == 200
    for words in ("Cette facture est authentique", "Atelier Lumen", "22 novembre 2026", "dont l’IBAN finit par 0189"):
        assert words in page, words
    for secret in ("Chloé", "FR76", "Pose de luminaires"):
        assert secret not in page, secret


def test_by_the_file_itself(invoice: Invoice, stranger: Browser) -> None:
    pdf = invoice_pdf(invoice=invoice, now=clock_port.now())
    assert "à l’octet près" in words_of(ask(stranger, file=SimpleUploadedFile("facture.pdf", pdf)))
    forged = ask(stranger, file=SimpleUploadedFile("facture.pdf", pdf + b" "))
    assert forged.status_code == 404
    assert "Nous ne reconnaissons pas cette facture" in words_of(forged)


def test_an_unknown_invoice_is_not_ours(invoice: Invoice, stranger: Browser) -> None:
    answer = ask(stranger, number=invoice.number, total="1240,01")
    assert answer.status_code == 404
    assert "Atelier Lumen" not in words_of(answer)


def test_a_huge_file_is_refused(stranger: Browser, db: None) -> None:
    answer = ask(stranger, file=SimpleUploadedFile("facture.pdf", b"%" * 5_000_001))
    assert answer.status_code == 413


def test_nothing_typed_is_said_at_the_field(stranger: Browser, db: None) -> None:
    assert ask(stranger, number="", total="").status_code == 422


def test_guessing_is_limited(invoice: Invoice, stranger: Browser) -> None:
    for guess in range(10):
        assert ask(stranger, number=invoice.number, total=str(guess)).status_code == 404
    assert ask(stranger, number=invoice.number, total="1240").status_code == 429
