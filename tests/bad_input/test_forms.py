"""What is typed wrong: its sentence on the page, 422, what was typed still there, no row changed."""

import pytest
from django.test import Client

from reglo.companies.models import Company
from reglo.invoicing.models import Invoice
from reglo.ports import ids
from tests.bad_input.conftest import said
from tests.dashboard.typing_a_draft import typed_draft
from tests.delivery.conftest import mail_settings  # noqa: F401 (fixture)
from tests.factories import make_draft, make_issued
from tests.harness.rows import nothing_written

LONG = "abcdefghi " * 1000
RIGHT_TO_LEFT = "مرحبا بكم"
EMOJI = "Lampe 🧸"

CUSTOMER = {"kind": "professional", "name": "Fontaine", "country": "FR", "notes": "Un mot précieux"}
PRODUCT = {"description": "Pose", "nature": "services", "unit_price": "10", "vat_rate": "20", "unit": "précieux"}
COMPANY = {"name": "Précieux", "legal_form": "sarl", "time_zone": "Europe/Paris"}
BANK = {"account_holder": "Précieux"}
MAIL = {"host": "smtp.precieux.fr", "port": "587", "security": "starttls", "from_address": "a@b.fr"}

WRONG = [
    ("/configuration/banque/", BANK, {"iban": "FR7630006000011234567890188"}, "Cet IBAN n’est pas valable"),
    ("/configuration/banque/", BANK, {"iban": "x" * 61}, "au plus 60 caractères"),
    ("/configuration/banque/", BANK, {"bic": "AGRI"}, "Ce BIC n’est pas valable"),
    ("/configuration/entreprise/", COMPANY, {"siren": "732829321"}, "Ce numéro n’est pas un SIREN"),
    ("/configuration/entreprise/", COMPANY, {"siret": "73282932000075"}, "Ce numéro n’est pas le SIRET"),
    ("/configuration/entreprise/", COMPANY, {"address": EMOJI}, "Retirez ce que nous ne savons pas imprimer"),
    ("/configuration/entreprise/", COMPANY, {"city": RIGHT_TO_LEFT}, "Retirez ce que nous ne savons pas imprimer"),
    ("/configuration/entreprise/", COMPANY, {"postal_code": "6🧸"}, "Retirez ce que nous ne savons pas imprimer"),
    ("/configuration/entreprise/", COMPANY, {"phone": EMOJI}, "Retirez ce que nous ne savons pas imprimer"),
    ("/configuration/entreprise/", COMPANY, {"website": RIGHT_TO_LEFT}, "Retirez ce que nous ne savons pas imprimer"),
    ("/configuration/banque/", {}, {"account_holder": EMOJI}, "Retirez ce que nous ne savons pas imprimer"),
    ("/clients/nouveau/", CUSTOMER, {"postal_code": "6🧸"}, "🧸 (U+1F9F8)"),
    ("/clients/nouveau/", CUSTOMER, {"phone": EMOJI}, "🧸 (U+1F9F8)"),
    ("/clients/nouveau/", CUSTOMER, {"siren": "123"}, "Un SIREN compte 9 chiffres"),
    ("/clients/nouveau/", CUSTOMER, {"siren": "732829321"}, "Ce SIREN n’existe pas"),
    ("/clients/nouveau/", CUSTOMER, {"vat_number": "FR00"}, "Ce numéro de TVA est incorrect"),
    ("/clients/nouveau/", CUSTOMER, {"email": "claire"}, "adresse"),
    ("/clients/nouveau/", CUSTOMER, {"name": EMOJI}, "🧸 (U+1F9F8)"),
    ("/clients/nouveau/", CUSTOMER, {"address": RIGHT_TO_LEFT}, "Retirez ce que nous ne savons pas imprimer"),
    ("/clients/nouveau/", CUSTOMER, {"name": LONG}, "au plus 200 caractères"),
    ("/articles/nouveau/", PRODUCT, {"unit_price": "-1"}, "Le prix ne peut pas être négatif."),
    ("/articles/nouveau/", PRODUCT, {"unit_price": "1000000000000000"}, "Ce nombre est trop grand."),
    ("/articles/nouveau/", PRODUCT, {"description": LONG}, "au plus 500 caractères"),
    ("/articles/nouveau/", PRODUCT, {"description": EMOJI}, "🧸 (U+1F9F8)"),
    ("/configuration/e-mail/", MAIL, {"port": "99999"}, "65535"),
    ("/configuration/e-mail/", MAIL, {"from_address": "nous"}, "adresse"),
    ("/configuration/devis-factures/", {}, {"card_limit": "-5"}, "Indiquez un montant positif."),
    ("/configuration/devis-factures/", {}, {"card_limit": "1" + "0" * 15}, "Ce montant est trop grand."),
]


@pytest.mark.parametrize(("address", "usual", "wrong", "sentence"), WRONG)
def test_it_is_said_at_the_field_and_nothing_is_lost(
    browser: Client, address: str, usual: dict[str, str], wrong: dict[str, str], sentence: str
):
    with nothing_written():
        answer = browser.post(address, {**usual, **wrong})

    assert answer.status_code == 422
    assert sentence in said(answer)
    for typed in {**usual, **wrong}.values():
        assert " ".join(typed.split()) in said(answer)


LINES = [
    ({"quantity": "-3"}, "La quantité ne peut pas être négative."),
    ({"unit_price": "1000000000000000"}, "Ce montant est trop grand"),
    ({"description": LONG}, "Cette désignation est trop longue : 9999 caractères, pour 4000 au plus."),
    ({"description": EMOJI}, "Retirez ce que nous ne savons pas imprimer : 🧸 (U+1F9F8)."),
    ({"description": RIGHT_TO_LEFT}, "Retirez ce que nous ne savons pas imprimer"),
    ({"vat_rate": "vingt"}, "Ce taux de TVA n’existe pas à cette date."),
    ({"vat_rate": "sNaN"}, "Ce taux de TVA n’existe pas à cette date."),
    ({"vat_rate": "19.6"}, "Ce taux de TVA n’existe pas à cette date."),
]


@pytest.mark.parametrize(("wrong", "sentence"), LINES)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "fragment"])
def test_an_absurd_line_leaves_the_draft_as_it_was(
    browser: Client, company: Company, wrong: dict[str, str], sentence: str, headers: dict[str, str]
):
    draft = make_draft(company)
    typed = typed_draft({"description": "Un mot précieux"}, wrong, customer=draft.customer, invoice=draft)
    with nothing_written():
        answer = browser.post(f"/factures/{draft.pk}/modifier/", typed, headers=headers)

    assert answer.status_code == 422
    assert sentence in said(answer)
    if not headers:  # a fragment changes the errors alone: what was typed was never taken away
        kept = [text for field, text in wrong.items() if field != "vat_rate"]  # a list shows none but its own choices
        assert all(" ".join(text.split()) in said(answer) for text in ("Un mot précieux", *kept))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": "-1"}, "Indiquez un montant positif."),
        ({"amount": "1" + "0" * 15}, "Ce montant est trop grand."),
        ({"amount": "120,01"}, "Le montant doit être compris entre 0,01 € et ce qui reste dû : 120,00 €."),
        ({"collected_on": "2027-01-01"}, "La date d’un encaissement ne peut pas être dans le futur."),
        ({"collected_on": "hier"}, "Écrivez une date, par exemple 03/12/2026."),
        ({"method": "bitcoin"}, "bitcoin"),
        ({"method": "card"}, "card"),
    ],
)
def test_a_wrong_collection_moves_no_money(browser: Client, company: Company, wrong: dict[str, str], sentence: str):
    invoice = make_issued(company)
    usual = {"payment_id": str(ids.new_uuid()), "amount": "10,00", "method": "transfer", "collected_on": "2026-11-22"}
    with nothing_written():
        answer = browser.post(f"/factures/{invoice.pk}/encaisser/", {**usual, "note": "Précieux", **wrong})

    assert answer.status_code == 422
    assert sentence in said(answer)
    assert "Précieux" in said(answer)


def test_without_a_siren_nothing_is_issued_and_the_page_says_where_to_write_it(browser: Client, company: Company):
    Company.objects.update(siren="", siret="", vat_number="")
    draft = make_draft(company)
    with nothing_written():
        answer = browser.post(f"/factures/{draft.pk}/finaliser/")

    assert answer.status_code == 422
    assert "Indiquez le SIREN de votre entreprise : 9 chiffres" in said(answer)
    assert 'href="/configuration/entreprise/#id_siren"' in said(answer)
    assert Invoice.objects.get().number is None


def test_a_real_company_without_a_siren_is_not_founded(browser: Client):
    typed = {"practice_choice": "real", "name": "Précieux", "legal_form": "sarl", "vat_regime": "monthly"}
    with nothing_written():
        answer = browser.post("/entreprises/nouvelle/", {**typed, "time_zone": "Europe/Paris"})

    assert answer.status_code == 422
    assert "Indiquez votre SIREN : 9 chiffres" in said(answer)
    assert "Précieux" in said(answer)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"body": ""}, "Écrivez un message."),
        ({"body": "x" * 20_000}, "Écrivez un message de 10000 caractères au plus."),
        ({"subject": "Deux\nlignes"}, "Écrivez un objet sur une seule ligne, de 400 caractères au plus."),
        ({"to": "chloe@example.test\nBcc: tous@mal.test"}, "Indiquez une adresse e-mail"),
    ],
)
def test_a_mail_that_cannot_be_sent_waits_on_its_page(
    browser: Client,
    company: Company,
    mail_settings: object,  # noqa: F811 (the fixture)
    wrong: dict[str, str],
    sentence: str,
):
    page = f"/factures/{make_issued(company).pk}/envoyer/"
    browser.get(page)  # the mail is prepared when it is first looked at
    with nothing_written():
        answer = browser.post(page, {"to": "a@b.fr", "subject": "Précieux", "body": "Un mot précieux", **wrong})

    assert answer.status_code == 422
    assert sentence in said(answer)
    assert "récieux" in said(answer)
