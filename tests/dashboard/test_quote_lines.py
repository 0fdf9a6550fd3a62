"""The editor of a quote has all that an invoice's has: kinds of lines, discounts, and the buttons among the lines."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from reglo.catalog.models import Product
from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.invoicing.models import Quote, QuoteVersion
from reglo.ports import clock
from tests.dashboard.test_quotes import HTMX, NEW, typed_quote, words
from tests.factories import accept, line, make_quote, make_quote_draft, option, section, subtotal

TABLE = "Dépose\t2\th\t40\t20 %\nSéjour\nCâble\t12,5\tm\t1,2345\t10 %"


@pytest.fixture
def draft(company: Company) -> Quote:
    """A, B in option, C."""
    return make_quote_draft(
        company, lines=[line("10", description="A"), option(description="B"), line("10", description="C")]
    )


def page_of(quote: Quote) -> str:
    return f"/devis/{quote.pk}/modifier/"


def typed(quote: Quote, *lines: dict[str, str], **head: Any) -> dict[str, Any]:
    rows = lines or (
        {"description": "A", "unit_price": "10"},
        {"description": "B", "unit_price": "50", "optional": "on"},
        {"description": "C", "unit_price": "10"},
    )
    return typed_quote(*rows, quote=Quote.objects.get(pk=quote.pk), customer=quote.customer, **head)


def version_of(quote: Quote) -> QuoteVersion:
    version = Quote.objects.get(pk=quote.pk).latest
    assert version is not None
    return version


def stored(quote: Quote) -> list[str]:
    return [one.description for one in version_of(quote).lines.order_by("rank")]


def test_every_kind_of_line_and_both_discounts_are_typed(browser: Client, chloe: Customer):
    posted = typed_quote(
        {"kind": "section", "description": "Séjour"},
        {"description": "Pose", "unit_price": "60", "discount": "10", "discount_unit": "amount"},
        {"description": "Variateur", "unit_price": "40", "optional": "on"},
        {"kind": "subtotal", "description": ""},
        {"kind": "comment", "description": "Garantie", "optional": "on"},
        customer=chloe,
        discount="10",
        discount_unit="percent",
    )

    answer = browser.post(NEW, posted, headers=HTMX)

    quote = Quote.objects.get()
    version = version_of(quote)
    assert [
        (one.kind, one.optional, one.discount_minor, one.amount_minor) for one in version.lines.order_by("rank")
    ] == [
        ("section", False, 0, 0),
        ("article", False, 10_00, 50_00),
        ("article", True, 0, 40_00),
        ("subtotal", False, 0, 0),
        ("comment", False, 0, 0),
    ]
    assert (version.discount_rate, version.discount_minor, version.net_minor) == (Decimal(10), None, 45_00)
    said = words(answer)
    assert '<output id="lines-3-amount" hx-swap-oob="true">50,00</output>' in said  # without the option
    assert '<output id="lines-2-amount" hx-swap-oob="true">40,00</output>' in said
    assert "Total HT avant remise</dt><dd>50,00" in said
    shown = words(browser.get(page_of(quote)))
    assert 'name="discount" value="10"' in shown
    assert 'value="Séjour"' in shown
    assert 'id="lines-3-amount">50,00</output>' in shown
    assert '<caption class="visually-hidden">Lignes du devis</caption>' in shown
    assert "ui/lines" in shown
    assert "ui/pasting" in shown


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        ({"discount": "21", "discount_unit": "amount"}, "La remise dépasse le total des lignes"),  # without the option
        ({"discount": "101", "discount_unit": "percent"}, "Indiquez une remise entre 0 et 100"),
        ({"discount": "-1"}, "Indiquez un montant positif."),
    ],
)
def test_an_absurd_discount_is_refused_at_its_field(browser: Client, draft: Quote, head: dict[str, str], sentence: str):
    answer = browser.post(page_of(draft), typed(draft, **head), headers=HTMX)

    assert answer.status_code == 422
    assert sentence in words(answer).partition('id="id_discount_error"')[2].partition("</div>")[0]
    assert version_of(draft).discount_minor is None


def test_a_line_moves_with_its_option(browser: Client, draft: Quote):
    answer = browser.post(page_of(draft), typed(draft, move="lines-1:up"))

    assert stored(draft) == ["B", "A", "C"]
    assert [one.optional for one in version_of(draft).lines.order_by("rank")] == [True, False, False]
    assert answer["Location"] == f"{page_of(draft)}#lines-0"


@pytest.mark.parametrize("kind", ["article", "section", "subtotal", "comment"])
def test_a_line_of_each_kind_is_added_without_a_script(browser: Client, draft: Quote, kind: str):
    answer = browser.post(page_of(draft), typed(draft, **{"add-line": kind}))

    assert answer["Location"] == f"{page_of(draft)}?ligne={kind}#lines"
    shown = words(browser.get(answer["Location"]))
    assert f'name="lines-3-kind" value="{kind}"' in shown
    assert ('name="lines-3-optional"' in shown) is (kind == "article")


def test_a_table_is_pasted_and_undone(browser: Client, draft: Quote):
    answer = browser.post(page_of(draft), typed(draft, paste="1", pasted=TABLE, paste_at="lines-0"))

    assert stored(draft) == ["A", "Dépose", "Séjour", "Câble", "B", "C"]
    assert answer["Location"] == f"{page_of(draft)}?colle=2-4&r={version_of(draft).revision}#lines-1"
    assert "3 lignes collées." in words(browser.get(answer["Location"]))
    marks = {f"lines-{index}-pasted": "True" for index in (1, 2, 3)}
    rows = tuple({"description": name} for name in stored(draft))
    browser.post(page_of(draft), typed(draft, *rows, **marks, **{"undo-paste": "1"}))
    assert stored(draft) == ["A", "B", "C"]


def test_a_table_that_is_refused_loses_nothing(browser: Client, draft: Quote):
    table = TABLE.replace("12,5", "douze")

    answer = browser.post(page_of(draft), typed(draft, {"description": "Tapé entre-temps"}, paste="1", pasted=table))
    by_htmx = browser.post(page_of(draft), typed(draft, paste="1", pasted=table), headers=HTMX)
    wrong = typed(draft, paste="1", pasted=TABLE, valid_days="mille")
    elsewhere = browser.post(page_of(draft), wrong, headers=HTMX)

    assert (answer.status_code, by_htmx.status_code) == (422, 422)
    assert "« douze »" in words(answer)
    assert "Tapé entre-temps" in words(answer)
    assert "table-refused" in by_htmx["HX-Trigger"]
    assert "Corrigez d’abord ce qui est signalé" in words(elsewhere)
    assert stored(draft) == ["A", "B", "C"]


def test_the_catalogue_fills_a_line_and_takes_one(browser: Client, draft: Quote, company: Company):
    product = Product.objects.create(
        company=company, description="Pose", unit="u", unit_price=Decimal("75.5"), vat_rate=10, created_at=clock.now()
    )

    listed = browser.post(page_of(draft), typed(draft, catalogue="lines-1"))
    assert listed["Location"] == f"{page_of(draft)}?article=2#lines-1"
    assert f'name="pick" value="lines-1:{product.pk}"' in words(browser.get(listed["Location"]))
    browser.post(page_of(draft), typed(draft, pick=f"lines-1:{product.pk}"))
    browser.post(page_of(draft), typed(draft, keep="lines-0"))

    chosen = version_of(draft).lines.get(rank=2)
    assert chosen.optional
    assert Product.objects.filter(description="A", unit_price=10).exists()
    found = browser.get("/articles/suggestions/", {"line": "lines-0", "lines-0-description": "pose", "kind": "quote"})
    assert 'hx-post="/devis/nouveau/"' in words(found)


def test_an_article_found_while_typing_fills_the_line_of_the_quote_at_once(
    browser: Client, draft: Quote, company: Company
):
    product = Product.objects.create(
        company=company, description="Pose", unit="u", unit_price=Decimal("75.5"), vat_rate=10, created_at=clock.now()
    )
    posted = typed(draft, pick=f"lines-1:{product.pk}", refreshed_line="lines-1")

    answer = browser.post(NEW, posted, headers=HTMX)

    assert stored(draft) == ["A", "Pose", "C"]
    assert 'name="lines-1-unit_price" value="75,50"' in words(answer)
    assert 'name="lines-1-optional"' in words(answer)


def test_what_is_to_be_invoiced_is_asked_of_articles_alone_and_tells_the_discount(browser: Client, company: Company):
    quote = make_quote(company, lines=[section("Séjour"), line("100"), subtotal()], discount_rate=Decimal(10))
    accept(quote)

    for page in ("facturer", "situation"):
        shown = words(browser.get(f"/devis/{quote.pk}/{page}/"))

        assert 'name="rate-2"' in shown
        assert 'name="rate-1"' not in shown
        assert "avant la remise du devis, de 10,00 €" in shown
