"""The customer's page of a credit note, and of the invoice that it corrects."""

import re

from django.test import Client

from reglo.delivery.services import create_link
from reglo.delivery.states import LinkRight
from reglo.invoicing.models import Invoice
from reglo.payments.models import PaymentAttempt
from reglo.ports import clock
from tests.factories import make_credit, make_issued
from tests.portal.conftest import Browser, words_of


def shown(page: str) -> str:
    """As read: plain spaces, numbers in one piece."""
    whole = re.sub(r'<span class="unbroken">([^<]*)</span>', r"\1", page)
    return whole.replace("\u00a0", " ").replace("\u202f", " ")


def test_what_is_left_is_asked_for_and_the_paper_is_there(invoice: Invoice, browser: Browser) -> None:
    note = make_credit(invoice, amount_minor=240_00)

    page = shown(browser.see())

    assert "1 000,00 €" in page  # 1 240,00 less 240,00
    assert "reste dû, sur un total de 1 240,00 €" in page
    assert f"Télécharger l’avoir {note.number} (PDF)" in page
    paper = browser.client.get(f"{browser.page}/avoir/{note.pk}.pdf")
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
    assert paper.headers["Content-Disposition"] == f'attachment; filename="avoir-{note.number}.pdf"'


def test_cancelled_there_is_nothing_to_pay(payable: Invoice, browser: Browser) -> None:
    make_credit(payable)

    page, refused = browser.see(), browser.post("/payer")

    assert "Cette facture a été annulée par un avoir. Il n’y a rien à payer." in page
    assert "Payer 1" not in page
    assert refused.status_code == 409
    assert not PaymentAttempt.objects.exists()


def test_a_credit_note_has_its_own_page(invoice: Invoice, stranger: Browser) -> None:
    note = make_credit(invoice, amount_minor=240_00)
    link = create_link(company_id=note.company_id, invoice_id=note.id, now=clock.now(), right=LinkRight.VIEW)
    stranger.open(link.token)

    page = shown(stranger.see())

    assert f"Avoir {note.number}" in page
    assert f"sur la facture {invoice.number} du" in page
    assert "240,00 €" in page
    assert "Vous n’avez rien à payer." in page
    assert "Prestation annulée" in page
    paper = stranger.client.get(f"{stranger.page}/facture.pdf")
    assert paper.headers["Content-Disposition"] == f'attachment; filename="avoir-{note.number}.pdf"'


def test_a_credit_note_is_never_paid(payable: Invoice, stranger: Browser) -> None:
    note = make_credit(payable, amount_minor=240_00)
    stranger.open(create_link(company_id=note.company_id, invoice_id=note.id, now=clock.now()).token)

    assert stranger.post("/payer").status_code == 409
    assert not PaymentAttempt.objects.exists()


def test_the_credit_note_of_another_invoice_is_not_here(invoice: Invoice, browser: Browser) -> None:
    other = make_credit(make_issued(invoice.company))

    assert browser.client.get(f"{browser.page}/avoir/{other.pk}.pdf").status_code == 404


def test_typed_from_the_paper_it_is_not_payable(invoice: Invoice) -> None:
    note = make_credit(invoice, amount_minor=240_00)

    answer = Client().post("/payer", {"number": note.number, "total": "240,00"})

    assert answer.status_code == 404


def test_it_is_verified_as_genuine(invoice: Invoice) -> None:
    note = make_credit(invoice, amount_minor=240_00)

    answer = Client().post("/p/verifier", {"number": note.number, "total": "240,00"})

    assert answer.status_code == 200
    assert "Cet avoir est authentique" in words_of(answer)
