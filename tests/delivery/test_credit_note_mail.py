"""The mail of a credit note: its own subject and words, and a link that pays nothing."""

import pytest

from reglo.companies.models import Company
from reglo.delivery.papers import paper_of
from reglo.delivery.services import prepare_message
from reglo.delivery.states import LinkRight
from reglo.invoicing.models import Invoice
from reglo.ports import clock
from tests.factories import line, make_company, make_credit, make_issued

SPACE = "\u00a0"


def mail_of(note: Invoice) -> tuple[str, str]:
    message = prepare_message(company_id=note.company_id, invoice_id=note.id, now=clock.now())
    return message.subject, message.body


def test_its_default_words(company: Company):
    invoice = make_issued(company)
    note = make_credit(invoice, amount_minor=50_00)

    assert mail_of(note) == (
        f"Avoir ESSAI-A2026-0001 – Atelier Lumen – 50,00{SPACE}€",
        "Bonjour,\n\n"
        f"Vous trouverez ci-joint l’avoir ESSAI-A2026-0001, d’un montant de 50,00{SPACE}€ TTC, sur la facture "
        f"{invoice.number} du 22 novembre 2026. Il reste 70,00{SPACE}€ à régler sur cette facture.\n\n"
        "[Voir l’avoir]\n\n"
        "Cordialement,",
    )


def test_cancelled_nothing_is_left_to_pay(company: Company):
    _subject, body = mail_of(make_credit(make_issued(company)))

    assert body.count(f"Cette facture est annulée{SPACE}: il n’y a plus rien à payer.") == 1
    assert "Il reste" not in body


def test_under_franchise_no_word_of_vat(db: None):
    company = make_company(vat_regime="franchise")

    subject, body = mail_of(make_credit(make_issued(company, lines=[line("100", vat="0")])))

    assert "TTC" not in subject + body
    assert f"d’un montant de 100,00{SPACE}€, sur la facture" in body


def test_its_link_shows_and_pays_nothing(company: Company):
    note = make_credit(make_issued(company))

    message = prepare_message(company_id=company.id, invoice_id=note.id, now=clock.now())

    assert message.link.right == LinkRight.VIEW


@pytest.mark.django_db
def test_its_paper_bears_its_name(company: Company):
    note = make_credit(make_issued(company))
    message = prepare_message(company_id=company.id, invoice_id=note.id, now=clock.now())

    paper = paper_of(message, now=clock.now())

    assert (paper.filename, paper.content[:5]) == (f"avoir-{note.number}.pdf", b"%PDF-")
