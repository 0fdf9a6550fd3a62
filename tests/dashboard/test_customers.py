from typing import Any

import pytest
from django.test import Client

from reglo.companies.models import Company, User
from reglo.customers.models import Customer
from tests.dashboard.conftest import SignIn
from tests.factories import line, make_customer, make_draft, make_issued


def typed(**fields: str) -> dict[str, Any]:
    return {"kind": "professional", "name": "Garage Moreau", "country": "FR", **fields}


def test_customer_is_created(browser: Client, company: Company) -> None:
    answer = browser.post("/clients/nouveau/", typed(siren="732 829 320", vat_number="fr 44 732829320"))
    created = Customer.objects.get()
    assert answer["Location"] == f"/clients/{created.pk}/"
    assert (created.company, created.siren, created.vat_number) == (company, "732829320", "FR44732829320")


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"name": ""}, "name", "obligatoire"),
        ({"name": "Lampe 😀"}, "name", "😀 (U+1F600)"),
        ({"name": "x" * 201}, "name", "200"),
        ({"siren": "123"}, "siren", "Un SIREN compte 9 chiffres"),
        ({"siren": "732829321"}, "siren", "un de ses chiffres est faux"),
        ({"vat_number": "FR00"}, "vat_number", "Ce numéro de TVA est incorrect"),
        ({"email": "claire@"}, "email", "adresse"),
        ({"country": "XX"}, "country", "XX"),
    ],
)
def test_wrong_file_is_refused_at_its_field(browser: Client, fields: dict[str, str], field: str, sentence: str) -> None:
    answer = browser.post("/clients/nouveau/", typed(**fields))
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field][0]
    assert not Customer.objects.exists()


def test_consumer_has_no_siren(browser: Client) -> None:
    browser.post("/clients/nouveau/", typed(kind="consumer", siren="732829320"))
    assert Customer.objects.get().siren == ""


def test_made_for_an_invoice_one_comes_back_to_it(browser: Client, company: Company) -> None:
    draft = make_draft(company)
    answer = browser.post(f"/clients/nouveau/?facture={draft.pk}", typed())
    assert answer["Location"] == f"/factures/{draft.pk}/modifier/?client={Customer.objects.latest('id').pk}"


def test_made_in_the_dialog_it_is_put_on_the_invoice(browser: Client) -> None:
    refused = browser.post("/clients/nouveau/facture/", typed(siren="1"))
    assert refused.status_code == 422
    assert refused.context["form"].fields["siren"].widget.attrs["autofocus"]

    made = browser.post("/clients/nouveau/facture/", typed())
    assert made["HX-Trigger-After-Settle"] == '{"chosen": {}}'
    assert f'value="{Customer.objects.get().pk}"' in made.content.decode()


def test_choices_are_found_by_name_town_or_siren(browser: Client, company: Company) -> None:
    make_customer(company, name="Hôtel des Deux Rives", city="Nantes", siren="552100554")
    make_customer(company, name="Archivé", archived_at="2026-01-01T00:00:00Z")
    for search in ("deux riv", "nant", "552 100 554"):
        html = browser.get("/clients/recherche/", {"q": search}).content.decode()
        assert "Hôtel des Deux Rives" in html
    assert "Archivé" not in browser.get("/clients/recherche/").content.decode()


def test_choice_without_the_dialog_is_a_plain_link(browser: Client, chloe: Customer) -> None:
    draft = make_draft(chloe.company, customer=chloe)
    html = browser.get(f"/factures/{draft.pk}/client/").content.decode()
    assert f'<a href="/factures/{draft.pk}/modifier/?client={chloe.pk}"><strong>Chloé Bernard</strong>' in html
    assert f'name="customer" value="{chloe.pk}"' in browser.get("/clients/recherche/").content.decode()


def test_page_says_what_they_owe(browser: Client, company: Company, chloe: Customer) -> None:
    make_issued(company, customer=chloe)
    make_issued(company, customer=chloe, lines=[line("50")])
    make_issued(company, customer=make_customer(company, name="Autre"))
    make_draft(company, customer=chloe)
    page = browser.get(f"/clients/{chloe.pk}/")
    assert page.context["owed"].minor == 18000
    assert [row.total.minor for row in page.context["rows"]] == [12000, 6000, 12000]


def test_list_pages_by_name(browser: Client, company: Company) -> None:
    for number in range(60):
        make_customer(company, name=f"Client {number:02}")
    first = browser.get("/clients/")
    second = browser.get(f"/clients/{first.context['page'].older}")
    names = [customer.name for page in (first, second) for customer, _owed in page.context["rows"]]
    assert names == [f"Client {number:02}" for number in range(60)]
    back = browser.get(f"/clients/{second.context['page'].newer}")
    assert back.context["rows"] == first.context["rows"]


def test_put_away_and_brought_back(browser: Client, chloe: Customer) -> None:
    answer = browser.post(f"/clients/{chloe.pk}/archiver/", follow=True)
    assert f'action="/clients/{chloe.pk}/retablir/"' in answer.content.decode()
    assert browser.get("/clients/").context["rows"] == []
    assert len(browser.get("/clients/?etat=archives").context["rows"]) == 1
    browser.post(f"/clients/{chloe.pk}/retablir/")
    assert len(browser.get("/clients/").context["rows"]) == 1


def test_only_a_post_puts_away(browser: Client, chloe: Customer) -> None:
    browser.get(f"/clients/{chloe.pk}/archiver/")
    chloe.refresh_from_db()
    assert chloe.archived_at is None


def test_changed_customer_does_not_change_what_is_issued(browser: Client, company: Company) -> None:
    invoice = make_issued(company)
    browser.post(f"/clients/{invoice.customer_id}/modifier/", typed(name="Un autre nom"))
    invoice.refresh_from_db()
    assert invoice.customer_name == "Menuiserie Claire Fontaine"
    assert Customer.objects.get().name == "Un autre nom"


def test_stranger_and_accountant_change_nothing(
    company: Company, chloe: Customer, mallory: User, bob: User, sign_in: SignIn
) -> None:
    for end in ("", "modifier/", "archiver/", "retablir/"):
        assert sign_in(mallory).post(f"/clients/{chloe.pk}/{end}").status_code == 404
    assert sign_in(bob).get(f"/clients/{chloe.pk}/").status_code == 200
    assert sign_in(bob).post(f"/clients/{chloe.pk}/modifier/", typed()).status_code == 403
