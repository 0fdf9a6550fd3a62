"""*Créer un avoir*: chosen, totalled live, controlled, issued once; seen from the invoice and from the list."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from reglo.companies.models import Company, Membership
from reglo.companies.states import Role
from reglo.invoicing.models import Invoice
from reglo.ports import clock
from tests.dashboard.conftest import SignIn
from tests.factories import (
    line,
    make_company,
    make_credit,
    make_credit_draft,
    make_draft,
    make_issued,
    make_user,
)
from tests.factories.companies import FOUNDED_AT


def typed(**fields: Any) -> dict[str, Any]:
    return {"asked_as": uuid4(), "how": "tout", "reason": "Prestation annulée", **fields}


def new_page(invoice: Invoice) -> str:
    return f"/factures/{invoice.pk}/avoir/"


def page_of(note: Invoice) -> str:
    return f"/factures/avoirs/{note.pk}/"


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


def test_the_invoice_offers_it_and_the_form_proposes_all(browser: Client, company: Company) -> None:
    invoice = make_issued(company)

    assert new_page(invoice) in browser.get(f"/factures/{invoice.pk}/").content.decode()
    form = browser.get(new_page(invoice)).context["form"]

    assert form.initial["how"] == "tout"
    assert dict(form.fields["how"].choices)["tout"] == "Toute la facture"


def test_all_of_it_is_prepared_controlled_and_issued(browser: Client, company: Company) -> None:
    invoice = make_issued(company)

    prepared = browser.post(new_page(invoice), typed())
    note = Invoice.objects.get(kind="credit_note")
    control = words(browser.get(page_of(note)))
    issued = browser.post(f"{page_of(note)}emettre/")

    assert prepared["Location"] == issued["Location"] == page_of(note)
    assert "Il recevra son numéro et ne sera plus modifiable." in control
    assert f"Avoir sur la facture {invoice.number} du 22 novembre 2026" in control
    note.refresh_from_db()
    assert (note.number, note.gross_minor) == ("ESSAI-A2026-0001", 120_00)
    shown = words(browser.get(page_of(note)))
    assert "Prestation annulée" in shown
    assert f"/factures/{invoice.pk}/" in shown
    of_invoice = words(browser.get(f"/factures/{invoice.pk}/"))
    assert "Annulée par avoir" in of_invoice
    assert page_of(note) in of_invoice
    assert new_page(invoice) not in of_invoice


def test_pressed_twice_it_is_one_draft_and_one_number(browser: Client, company: Company) -> None:
    invoice, form = make_issued(company), typed(how="montant", amount="10,00")

    for _ in range(2):
        browser.post(new_page(invoice), form)
    note = Invoice.objects.get(kind="credit_note")
    for _ in range(2):
        browser.post(f"{page_of(note)}emettre/")

    note.refresh_from_db()
    invoice.refresh_from_db()
    assert note.number == "ESSAI-A2026-0001"
    assert invoice.settlement.credited_minor == 10_00


def test_lines_by_quantity_and_by_amount(browser: Client, company: Company) -> None:
    invoice = make_issued(company, lines=[line("50", quantity="4"), line("30"), line("80", vat="10")])

    browser.post(
        new_page(invoice),
        typed(how="lignes", **{"lines-1": "on", "lines-1-quantity": "1,5", "lines-3": "on", "lines-3-amount": "20"}),
    )

    note = Invoice.objects.get(kind="credit_note")
    assert (note.net_minor, note.vat_minor, note.gross_minor) == (95_00, 17_00, 112_00)
    kept = note.lines.order_by("rank").values_list("quantity", "unit_price", "amount_minor")
    assert [(f"{q:f}", f"{p:f}", a) for q, p, a in kept] == [
        ("1.5000", "50.0000", 75_00),
        ("1.0000", "20.0000", 20_00),
    ]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"reason": ""}, "reason", "Dites pourquoi"),
        ({"how": "montant"}, "amount", "Indiquez le montant à créditer."),
        ({"how": "montant", "amount": "120,01"}, "amount", "ce que la facture laisse à créditer"),
        ({"how": "montant", "amount": "cent"}, "amount", "Écrivez un nombre"),
        ({"how": "lignes"}, "how", "Choisissez au moins une ligne."),
        ({"how": "lignes", "lines-1": "on", "lines-1-quantity": "2"}, "lines-1-quantity", "au plus celle de la ligne"),
        ({"how": "lignes", "lines-1": "on", "lines-1-amount": "100,01"}, "lines-1-amount", "au plus celui de la ligne"),
        (
            {"how": "lignes", "lines-1": "on", "lines-1-amount": "1", "lines-1-quantity": "1"},
            "lines-1-amount",
            "pas les deux",
        ),
        ({"how": "autre"}, "how", "autre"),
        ({"reason": "🧸"}, "reason", "Retirez ce que nous ne savons pas imprimer"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    browser: Client, company: Company, fields: dict[str, str], field: str, sentence: str
) -> None:
    answer = browser.post(new_page(make_issued(company)), typed(**fields))

    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field][0]
    assert not Invoice.objects.filter(kind="credit_note").exists()


def test_the_total_follows_what_is_chosen_and_writes_nothing(browser: Client, company: Company) -> None:
    invoice = make_issued(company)

    part = words(browser.post(f"{new_page(invoice)}total/", typed(how="montant", amount="60", reason="")))
    beyond = words(browser.post(f"{new_page(invoice)}total/", typed(how="montant", amount="121")))

    assert "50,00 €" in part  # net
    assert "10,00 €" in part  # VAT
    assert part.count("60,00 €") == 2  # credited, and left
    assert "ce que la facture laisse à créditer" in beyond
    assert not Invoice.objects.filter(kind="credit_note").exists()


def test_a_draft_is_chosen_again_under_the_same_row(browser: Client, company: Company) -> None:
    note = make_credit_draft(make_issued(company), amount_minor=10_00)

    assert browser.get(f"{page_of(note)}modifier/").context["form"].initial["amount"].minor == 10_00
    browser.post(f"{page_of(note)}modifier/", typed(how="montant", amount="25"))

    assert [one.gross_minor for one in Invoice.objects.filter(kind="credit_note")] == [25_00]


def test_a_draft_outgrown_by_another_credit_note_says_so(browser: Client, company: Company) -> None:
    invoice = make_issued(company)
    stale = make_credit_draft(invoice)
    make_credit(invoice, amount_minor=30_00)

    control, issued = browser.get(page_of(stale)), browser.post(f"{page_of(stale)}emettre/")

    assert "Cet avoir dépasse ce que la facture laisse à créditer" in words(control)
    assert "emettre" in words(control)
    assert issued.status_code == 409
    stale.refresh_from_db()
    assert stale.is_draft


def test_of_a_draft_and_of_what_is_cancelled_there_is_nothing_to_credit(browser: Client, company: Company) -> None:
    cancelled = make_issued(company)
    make_credit(cancelled)

    for invoice in (cancelled, make_draft(company)):
        assert browser.get(new_page(invoice))["Location"] == f"/factures/{invoice.pk}/"


def test_the_list_shows_credit_notes_among_all_and_alone(browser: Client, company: Company) -> None:
    invoice = make_issued(company)
    note = make_credit(invoice, amount_minor=10_00)

    shown = {
        word: [row.number for row in browser.get(f"/factures/?etat={word}").context["rows"]]
        for word in ("tout", "avoirs", "a-payer", "payees", "brouillons")
    }

    assert shown == {
        "tout": [note.number, invoice.number],
        "avoirs": [note.number],
        "a-payer": [invoice.number],
        "payees": [],
        "brouillons": [],
    }
    assert [row.total.minor for row in browser.get("/factures/").context["rows"]] == [-10_00, 120_00]


def test_the_pages_of_an_invoice_lead_to_that_of_the_credit_note(browser: Client, company: Company) -> None:
    note = make_credit_draft(make_issued(company))

    for path in ("", "modifier/", "controle/", "client/", "encaisser/"):
        answer = browser.get(f"/factures/{note.pk}/{path}", follow=True)
        assert answer.redirect_chain[-1][0] == page_of(note)

    assert browser.post(f"/factures/{note.pk}/finaliser/").status_code == 409
    note.refresh_from_db()
    assert note.is_draft


def test_a_draft_is_thrown_away_and_brought_back(browser: Client, company: Company) -> None:
    note = make_credit_draft(make_issued(company))

    browser.post(f"/factures/{note.pk}/supprimer/")
    assert "Brouillon supprimé" in words(browser.get(page_of(note)))
    browser.post(f"/factures/{note.pk}/retablir/")

    assert "Contrôle avant émission" in words(browser.get(page_of(note)))


def test_its_paper_and_its_mail_bear_its_name(browser: Client, company: Company) -> None:
    note = make_credit(make_issued(company))

    paper = browser.get(f"/factures/{note.pk}/facture.pdf")
    mail = browser.get(f"/factures/{note.pk}/envoyer/")

    assert paper["Content-Disposition"] == f'inline; filename="avoir-{note.number}.pdf"'
    assert f"Envoyer l’avoir {note.number}" in words(mail)
    assert mail.context["form"].initial["subject"].startswith(f"Avoir {note.number} – Atelier Lumen – 120,00")


def test_who_may_not_finalise_prepares_only(company: Company, sign_in: SignIn) -> None:
    helper = make_user("aide@atelier-lumen.test")
    Membership.objects.create(company=company, user=helper, role=Role.MEMBER, joined_at=FOUNDED_AT)
    browser, invoice = sign_in(helper), make_issued(company)

    browser.post(new_page(invoice), typed())
    note = Invoice.objects.get(kind="credit_note")
    control = words(browser.get(page_of(note)))
    refused = browser.post(f"{page_of(note)}emettre/")

    assert "Votre rôle ne permet pas d’émettre l’avoir" in control
    assert refused.status_code == 403
    note.refresh_from_db()
    assert note.is_draft


def test_that_of_another_company_is_not_found(browser: Client) -> None:
    elsewhere = make_credit_draft(make_issued(make_company(siren="552100554"), now=clock.now()))

    assert browser.get(page_of(elsewhere)).status_code == 404
    assert browser.post(f"{page_of(elsewhere)}emettre/").status_code == 404
    assert browser.get(new_page(make_issued(elsewhere.company))).status_code == 404


def test_an_invoice_has_no_page_of_a_credit_note(browser: Client, company: Company) -> None:
    assert browser.get(page_of(make_issued(company))).status_code == 404
