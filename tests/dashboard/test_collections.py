from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from reglo.companies.models import Company, User
from reglo.invoicing.models import Invoice
from reglo.payments.models import Payment
from reglo.payments.services import record_collection
from reglo.payments.states import Method
from reglo.ports import clock
from tests.dashboard.conftest import SignIn
from tests.factories import line, make_company, make_customer, make_draft, make_issued


def typed(**fields: Any) -> dict[str, Any]:
    usual = {"payment_id": uuid4(), "amount": "120,00", "method": "transfer", "collected_on": "2026-11-20", "note": ""}
    return {**usual, **fields}


def collect_page(invoice: Invoice) -> str:
    return f"/factures/{invoice.pk}/encaisser/"


def test_whole_amount_today_by_transfer_is_proposed(browser: Client, company: Company) -> None:
    form = browser.get(collect_page(make_issued(company))).context["form"]
    assert (form.initial["amount"].minor, form.initial["method"]) == (12000, "transfer")
    assert form.initial["collected_on"] == date(2026, 11, 22)


def test_partial_amount_is_recorded(browser: Client, company: Company) -> None:
    invoice = make_issued(company)
    answer = browser.post(collect_page(invoice), typed(amount="50", method="cheque", note="n° 123"))
    payment = Payment.objects.get()
    assert answer["Location"] == f"/factures/{invoice.pk}/"
    assert (payment.amount_minor, payment.method, payment.note) == (5000, Method.CHEQUE, "n° 123")
    assert payment.paid_on == date(2026, 11, 20)
    assert Invoice.objects.get().settlement.remaining_minor == 7000


def test_double_click_records_once(browser: Client, company: Company) -> None:
    invoice, form = make_issued(company), typed()
    browser.post(collect_page(invoice), form)
    browser.post(collect_page(invoice), form)
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"amount": "120,01"}, "amount", "ce qui reste dû : 120,00"),
        ({"amount": "0"}, "amount", "compris entre 0,01"),
        ({"amount": "-5"}, "amount", "Indiquez un montant positif."),
        ({"amount": "1000000000000000"}, "amount", "Ce montant est trop grand."),
        ({"amount": "cent"}, "amount", "Écrivez un nombre"),
        ({"collected_on": "2026-11-23"}, "collected_on", "ne peut pas être dans le futur"),
        ({"collected_on": "hier"}, "collected_on", "Écrivez une date"),
        ({"method": "card"}, "method", "card"),
    ],
)
def test_wrong_collection_is_refused_at_its_field(
    browser: Client, company: Company, fields: dict[str, str], field: str, sentence: str
) -> None:
    answer = browser.post(collect_page(make_issued(company)), typed(**fields))
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field][0]
    assert not Payment.objects.exists()


def test_cash_above_the_limit_is_refused_with_its_reason(browser: Client, company: Company) -> None:
    invoice = make_issued(company, lines=[line("1000")])
    answer = browser.post(collect_page(invoice), typed(amount="1 000,01", method="cash"))
    assert answer.status_code == 422
    refused = answer.context["form"].errors["method"][0]
    assert "La loi limite à 1\u202f000,00\u00a0€ les espèces" in refused
    assert "art. L. 112-6" in refused
    assert not Payment.objects.exists()


def test_undone_by_a_reversing_entry_after_a_reason(browser: Client, company: Company) -> None:
    invoice = make_issued(company)
    browser.post(collect_page(invoice), typed())
    undo_page = f"/encaissements/{Payment.objects.get().pk}/annuler/"
    assert browser.post(undo_page, {"reason": ""}).status_code == 422
    assert Payment.objects.count() == 1

    answer = browser.post(undo_page, {"reason": "chèque rejeté"}, follow=True)
    assert "Encaissement annulé par une écriture inverse." in answer.content.decode()
    rows = answer.context["rows"]
    assert [(row.payment.amount_minor, row.is_undone) for row in rows] == [(-12000, False), (12000, True)]
    assert Invoice.objects.get().settlement.settled_minor == 0
    assert browser.post(undo_page, {"reason": "encore"}).status_code == 409


def test_draft_has_nothing_to_collect(browser: Client, company: Company) -> None:
    draft = make_draft(company)
    assert browser.post(collect_page(draft), typed())["Location"] == f"/factures/{draft.pk}/controle/"
    assert not Payment.objects.exists()


def test_member_and_accountant_collect_nothing(company: Company, david: User, bob: User, sign_in: SignIn) -> None:
    invoice = make_issued(company)
    for person in (david, bob):
        assert sign_in(person).post(collect_page(invoice), typed()).status_code == 403
    assert not Payment.objects.exists()


def test_month_by_rate_and_as_a_file(browser: Client, company: Company) -> None:
    customer = make_customer(company, name="=HYPERLINK(1)")
    invoice = make_issued(company, customer=customer, lines=[line("100"), line("50", vat="5.5")])
    record_collection(
        company_id=company.pk,
        invoice_id=invoice.pk,
        amount_minor=17275,
        method=Method.TRANSFER,
        collected_on=date(2026, 11, 20),
        now=clock.now(),
    )
    page = browser.get("/encaissements/mois/?mois=2026-11")
    assert page.context["total"].minor == 17275
    assert [(str(rate), net.minor, vat.minor) for rate, net, vat, _gross in page.context["by_rate"]] == [
        ("20", 10000, 2000),
        ("5.5", 5000, 275),
    ]
    file = browser.get("/encaissements/mois.csv?mois=2026-11")
    assert file["Content-Disposition"] == 'attachment; filename="encaissements-2026-11.csv"'
    assert file.content.decode().split("\r\n") == [
        "\ufeffDate;Facture;Client;Objet;Moyen;Taux de TVA;HT;TVA;TTC",
        "20/11/2026;ESSAI-F2026-0001;'=HYPERLINK(1);Pose de luminaires;Virement;20\u00a0%;100,00;20,00;120,00",
        "20/11/2026;ESSAI-F2026-0001;'=HYPERLINK(1);Pose de luminaires;Virement;5,5\u00a0%;50,00;2,75;52,75",
        "",
    ]


def test_the_file_of_an_english_reader_has_english_headings(browser: Client) -> None:
    file = browser.get("/encaissements/mois.csv?mois=2026-11", headers={"Accept-Language": "en"})

    assert file["Content-Disposition"] == 'attachment; filename="payments-received-2026-11.csv"'
    assert file.content.decode() == "\ufeffDate;Invoice;Customer;Subject;Method;VAT rate;excl. VAT;VAT;incl. VAT\r\n"


def test_undone_collection_is_a_negative_figure_that_adds_up(browser: Client, company: Company) -> None:
    browser.post(collect_page(make_issued(company)), typed())
    browser.post(f"/encaissements/{Payment.objects.get().pk}/annuler/", {"reason": "erreur"})
    last = browser.get("/encaissements/mois.csv").content.decode().split("\r\n")[-2]
    assert last.endswith(";-100,00;-20,00;-120,00")
    assert browser.get("/encaissements/mois/").context["total"].minor == 0


def test_micro_entrepreneur_reads_the_amount_to_declare(sign_in: SignIn, alice: User) -> None:
    company = make_company(owner=alice, legal_form="micro", vat_regime="franchise")
    make_customer(company)
    invoice, browser = make_issued(company), sign_in(alice)
    browser.post(collect_page(invoice), typed(amount="100"))
    page = browser.get("/encaissements/mois/").content.decode()
    assert "À déclarer" in page
    assert "TVA" not in page[page.index("<main") : page.index("</main")]
    header = browser.get("/encaissements/mois.csv").content.decode().partition("\r\n")[0]
    assert header == "\ufeffDate;Facture;Client;Objet;Moyen;Montant"


@pytest.mark.parametrize("month", ["0000-00", "2026-13", "0001-01", "9999-12", "x", "2027-01"])
def test_month_that_is_none_is_this_one(browser: Client, month: str) -> None:
    assert browser.get("/encaissements/mois/", {"mois": month}).context["first"] == date(2026, 11, 1)


def test_month_is_for_who_reads_money(company: Company, bob: User, david: User, sign_in: SignIn) -> None:
    assert sign_in(bob).get("/encaissements/mois.csv").status_code == 200
    assert sign_in(david).get("/encaissements/mois.csv").status_code == 403
    assert "Par mois" not in sign_in(david).get("/encaissements/").content.decode()
