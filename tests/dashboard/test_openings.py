import re
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.invoicing.models import Invoice, OpeningImport, OpeningPaper
from tests.factories import make_opening
from tests.harness.rows import nothing_written

PAGE = "/configuration/reprise/"
FILE = (
    "Numéro;Date;Échéance;Client;Total;Reste\r\n"
    "2026-117;03/10/2026;02/11/2026;Café des Halles;1 200,00;700,00\r\n"
    "2026-121;05/10/2026;04/11/2026;Jean Petit;60,00;60,00\r\n"
)
ONE = {
    "number": "2026-117",
    "customer_name": "Café des Halles",
    "issue_date": "2026-10-03",
    "due_date": "2026-11-02",
    "total": "1 200",
    "remaining": "700",
}


def text_of(answer: object) -> str:
    return answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def upload(browser: Client, data: bytes):
    return browser.post(
        f"{PAGE}nouvelle/", {"key": str(uuid4()), "file": SimpleUploadedFile("reprise.csv", data, "text/csv")}
    )


def test_a_file_is_shown_before_it_comes_in(browser: Client, company: Company):
    with nothing_written():
        shown = upload(browser, FILE.encode("cp1252"))
    page = text_of(shown)
    assert "nouveau client" in page
    assert "760,00" in page

    hidden = dict(re.findall(r'name="(key|name|confirmed)"\s+value="([^"]*)"', page))
    browser.post(f"{PAGE}nouvelle/", {**hidden, "text": FILE})
    browser.post(f"{PAGE}nouvelle/", {**hidden, "text": FILE})

    assert list(Invoice.objects.order_by("number").values_list("number", "gross_minor")) == [
        ("2026-117", 700_00),
        ("2026-121", 60_00),
    ]
    made = OpeningImport.objects.get(company=company)
    assert (made.name, made.count, made.remaining_minor) == ("reprise.csv", 2, 760_00)


def test_every_problem_is_shown_at_its_line_and_nothing_comes_in(browser: Client, company: Company):
    with nothing_written():
        shown = upload(browser, FILE.replace("700,00", "7 000,00").replace("04/11/2026", "32/11/2026").encode())

    assert shown.status_code == 422
    page = text_of(shown)
    assert "Ligne 2 : Il reste plus à payer que le total." in page
    assert "Ligne 3 : Écrivez l’échéance comme 31/12/2026." in page


def test_one_invoice_is_typed(browser: Client, company: Company):
    answer = browser.post(f"{PAGE}une-facture/", {**ONE, "key": str(uuid4()), "vat": "116,67"})

    assert answer.status_code == 302
    opening = Invoice.objects.get(company=company)
    assert (opening.gross_minor, opening.vat_on_receipts_minor) == (700_00, 116_67)


def test_a_typed_invoice_that_cannot_come_in_says_why(browser: Client, company: Company):
    with nothing_written():
        answer = browser.post(f"{PAGE}une-facture/", {**ONE, "key": str(uuid4()), "remaining": "1 300"})

    assert answer.status_code == 422
    assert "Il reste plus à payer que le total." in text_of(answer)


def test_the_model_file_can_be_taken_over_as_it_is(browser: Client, company: Company):
    model = browser.get(f"{PAGE}modele.csv")

    assert upload(browser, model.content).status_code == 200


def test_a_takeover_is_undone(browser: Client, company: Company):
    make_opening(company)
    made = OpeningImport.objects.get()

    assert "Annuler la reprise" in text_of(browser.get(f"{PAGE}{made.pk}/annuler/"))
    browser.post(f"{PAGE}{made.pk}/annuler/")

    assert not Invoice.objects.exists()
    assert "Annulée le" in text_of(browser.get(PAGE))


def test_its_page_says_where_it_comes_from(browser: Client, company: Company):
    opening = make_opening(company)

    page = text_of(browser.get(f"/factures/{opening.pk}/"))

    assert "Facture émise par un autre logiciel" in page
    assert "1 200,00 €" in page
    assert "Reprise d’un autre logiciel" in page
    assert "Créer un avoir" not in page
    assert "Télécharger (PDF)" not in page
    assert browser.get(f"/factures/{opening.pk}/facture.pdf").status_code == 404
    assert browser.get(f"/factures/{opening.pk}/duplicata.pdf").status_code == 404


def test_its_credit_note_is_for_the_former_tool(browser: Client, company: Company):
    opening = make_opening(company)

    answer = browser.get(f"/factures/{opening.pk}/avoir/", follow=True)

    assert "c’est lui qui en fait l’avoir" in text_of(answer)


def test_the_paper_of_the_former_tool_is_attached_and_replaced(browser: Client, company: Company):
    opening = make_opening(company, "FAC 2026/117")
    page = f"/factures/{opening.pk}/original/"

    refused = browser.post(page, {"paper": SimpleUploadedFile("a.pdf", b"not a pdf")})
    assert refused.status_code == 422
    for data in (b"%PDF-1.4 one", b"%PDF-1.4 two"):
        browser.post(page, {"paper": SimpleUploadedFile("a.pdf", data)})

    assert OpeningPaper.objects.count() == 1
    kept = browser.get(f"/factures/{opening.pk}/facture.pdf")
    assert kept.content == b"%PDF-1.4 two"
    assert 'filename="facture-FAC-2026-117.pdf"' in kept["Content-Disposition"]


def test_the_send_page_speaks_of_what_is_left(browser: Client, company: Company):
    opening = make_opening(company)

    page = text_of(browser.get(f"/factures/{opening.pk}/envoyer/"))

    assert "De la facture 2026-117 du 3 octobre 2026, d’un montant de 1 200,00 €, il reste 700,00 €" in page
    assert Customer.objects.get().email in page
