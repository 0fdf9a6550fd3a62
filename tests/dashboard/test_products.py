from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from reglo.catalog.models import Product
from reglo.companies.models import Company, User
from reglo.ports import clock
from tests.dashboard.conftest import SignIn
from tests.dashboard.typing_a_draft import typed_draft
from tests.factories import make_draft


def typed(**fields: str) -> dict[str, Any]:
    return {"description": "Pose de luminaire", "nature": "services", "unit_price": "75,50", "vat_rate": "10", **fields}


def make_product(company: Company, **fields: Any) -> Product:
    usual = {"description": "Pose de luminaire", "unit": "u", "unit_price": Decimal(75), "vat_rate": Decimal(20)}
    return Product.objects.create(company=company, created_at=clock.now(), **{**usual, **fields})


def test_article_is_created(browser: Client, company: Company) -> None:
    browser.post("/articles/nouveau/", typed())
    product = Product.objects.get()
    assert (product.company, product.unit_price, product.vat_rate) == (company, Decimal("75.5"), Decimal(10))
    assert product.price_includes_vat is False


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"unit_price": "-1"}, "unit_price", "ne peut pas être négatif"),
        ({"unit_price": "1000000000000000"}, "unit_price", "trop grand"),
        ({"vat_rate": "19.6"}, "vat_rate", "Ce taux de TVA n’existe pas à cette date."),
        ({"description": "😀"}, "description", "U+1F600"),
    ],
)
def test_wrong_article_is_refused_at_its_field(
    browser: Client, fields: dict[str, str], field: str, sentence: str
) -> None:
    answer = browser.post("/articles/nouveau/", typed(**fields))
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field][0]
    assert not Product.objects.exists()


def suggested(browser: Client, **query: str) -> list[tuple[str, Decimal]]:
    asked = {"line": "lines-0", "lines-0-description": "pose", **query}
    found = browser.get("/articles/suggestions/", asked).context["suggestions"]
    return [(product.description, price) for product, price in found]


def test_suggestion_fills_the_line(browser: Client, company: Company) -> None:
    product = make_product(company)
    make_product(company, description="Déplacement")
    assert suggested(browser) == [("Pose de luminaire", Decimal(75))]
    html = browser.get("/articles/suggestions/", {"line": "lines-0", "lines-0-description": "pose"}).content.decode()
    assert f'name="pick" value="lines-0:{product.pk}"' in " ".join(html.split())
    assert 'role="option"' in html
    draft = make_draft(company)
    chosen = typed_draft({}, customer=draft.customer, invoice=draft, pick=f"lines-0:{product.pk}")
    answer = browser.post(
        f"/factures/{draft.pk}/modifier/", chosen | {"refreshed_line": "lines-0"}, headers={"HX-Request": "true"}
    )
    assert 'name="lines-0-unit_price" value="75,00"' in " ".join(answer.content.decode().split())


def test_a_strange_line_is_not_written_on_the_page(browser: Client, company: Company) -> None:
    make_product(company)
    asked = {"line": '"><b>', '"><b>-description': "pose"}
    assert "<b>" not in browser.get("/articles/suggestions/", asked).content.decode()


def test_suggested_price_is_in_the_mode_of_the_invoice(browser: Client, company: Company) -> None:
    make_product(company)
    assert suggested(browser, prices_include_vat="1") == [("Pose de luminaire", Decimal(90))]
    Product.objects.update(price_includes_vat=True, unit_price=Decimal("9.99"))
    assert suggested(browser) == [("Pose de luminaire", Decimal("8.33"))]


def test_filled_line_comes_back_whole(browser: Client, company: Company) -> None:
    draft = make_draft(company)
    typed_line = typed_draft({"unit_price": "75"}, customer=draft.customer, invoice=draft, refreshed_line="lines-0")
    html = browser.post(f"/factures/{draft.pk}/modifier/", typed_line, headers={"HX-Request": "true"}).content.decode()
    assert 'name="lines-0-unit_price" value="75"' in " ".join(html.split())


def test_put_away_it_is_no_longer_suggested(browser: Client, company: Company) -> None:
    product = make_product(company)
    browser.post(f"/articles/{product.pk}/archiver/")
    assert suggested(browser) == []
    browser.post(f"/articles/{product.pk}/retablir/")
    assert len(suggested(browser)) == 1


def test_franchise_has_no_vat_field(browser: Client, company: Company) -> None:
    Company.objects.update(vat_regime="franchise")
    html = browser.get("/articles/nouveau/").content.decode()
    assert "TVA" not in html[html.index("<main") : html.index("</main")]
    browser.post("/articles/nouveau/", typed())
    assert Product.objects.get().vat_rate == 0


def test_stranger_and_accountant_change_nothing(company: Company, mallory: User, bob: User, sign_in: SignIn) -> None:
    product = make_product(company)
    assert sign_in(mallory).post(f"/articles/{product.pk}/modifier/", typed()).status_code == 404
    assert suggested(sign_in(mallory)) == []
    assert sign_in(bob).post(f"/articles/{product.pk}/archiver/").status_code == 403


def test_an_article_without_vat_fills_a_line_with_its_reason(browser: Client, company: Company) -> None:
    browser.post("/articles/nouveau/", typed(vat_rate="training"))

    product = Product.objects.get()
    assert (product.vat_rate, product.vat_category, product.exemption) == (0, "E", "training")
    assert '"lines-0-vat_rate": "training"' in suggested(browser)[0]
    assert browser.get(f"/articles/{product.pk}/modifier/").context["form"]["vat_rate"].value() == "training"
