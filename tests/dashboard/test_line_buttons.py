"""The buttons among the lines, pressed without a script: each is a round trip that saves."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from reglo.catalog.models import Product
from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.invoicing.models import Invoice
from reglo.ports import clock
from tests.dashboard.typing_a_draft import typed_draft
from tests.factories import line, make_draft, section, subtotal

HTMX: dict[str, Any] = {"HX-Request": "true"}
TABLE = "Dépose\t2\th\t40\t20 %\nSéjour\nCâble\t12,5\tm\t1,2345\t10 %"


@pytest.fixture
def draft(company: Company) -> Invoice:
    return make_draft(company, lines=[line("10", description=name) for name in "ABC"])


def page_of(draft: Invoice) -> str:
    return f"/factures/{draft.pk}/modifier/"


def typed(draft: Invoice, *lines: dict[str, str], **head: Any) -> dict[str, Any]:
    draft.refresh_from_db()
    rows = lines or tuple({"description": name, "unit_price": "10"} for name in "ABC")
    return typed_draft(*rows, customer=draft.customer, invoice=draft, **head)


def stored(draft: Invoice) -> list[str]:
    return [one.description for one in draft.lines.order_by("rank")]


def flat(html: bytes) -> str:
    return " ".join(html.decode().split())


@pytest.mark.parametrize(
    ("pressed", "order", "shown"),
    [
        ("lines-1:up", "BAC", "lines-0"),
        ("lines-1:down", "ACB", "lines-2"),
        ("lines-0:up", "ABC", "lines-0"),
        ("lines-2:down", "ABC", "lines-2"),
        ("lines-9:down", "ABC", "lines"),
        ("nothing", "ABC", "lines"),
    ],
)
def test_a_line_goes_up_and_down(browser: Client, draft: Invoice, pressed: str, order: str, shown: str) -> None:
    answer = browser.post(page_of(draft), typed(draft, move=pressed))

    assert stored(draft) == list(order)
    assert answer["Location"] == f"{page_of(draft)}#{shown}"


def test_a_line_steps_over_one_that_is_removed(browser: Client, draft: Invoice) -> None:
    rows = ({"description": "A"}, {"description": "B", "DELETE": "on"}, {"description": "C"})

    browser.post(page_of(draft), typed(draft, *rows, move="lines-2:up"))

    assert stored(draft) == ["C", "A"]


def test_lines_are_kept_by_their_rank(browser: Client, draft: Invoice) -> None:
    rows = tuple({"description": name, "rank": rank} for name, rank in (("A", "3"), ("B", "1"), ("C", "2")))

    browser.post(page_of(draft), typed(draft, *rows), headers=HTMX)

    assert stored(draft) == ["B", "C", "A"]
    assert 'id="lines-2-amount"' in flat(browser.get(page_of(draft)).content)


def test_titles_subtotals_and_comments_are_typed(browser: Client, draft: Invoice) -> None:
    rows: tuple[dict[str, str], ...] = (
        {"kind": "section", "description": "Séjour"},
        {"description": "Pose", "unit_price": "60", "discount": "10", "discount_unit": "amount"},
        {"kind": "subtotal", "description": ""},
        {"kind": "comment", "description": "Garantie"},
        {"kind": "comment", "description": ""},
    )

    answer = browser.post(page_of(draft), typed(draft, *rows, discount="10", discount_unit="percent"), headers=HTMX)

    draft.refresh_from_db()
    assert [(one.kind, one.discount_minor) for one in draft.lines.order_by("rank")] == [
        ("section", 0),
        ("article", 10_00),
        ("subtotal", 0),
        ("comment", 0),
    ]
    assert (draft.discount_rate, draft.discount_minor, draft.net_minor) == (Decimal(10), None, 45_00)
    html = flat(answer.content)
    assert '<output id="lines-2-amount" hx-swap-oob="true">50,00</output>' in html
    assert "Total HT avant remise</dt><dd>50,00" in html
    shown = flat(browser.get(page_of(draft)).content)
    assert 'name="discount" value="10"' in shown
    assert 'value="Séjour"' in shown


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        ({"discount": "31", "discount_unit": "amount"}, "La remise dépasse le total des lignes"),
        ({"discount": "101", "discount_unit": "percent"}, "Indiquez une remise entre 0 et 100"),
        ({"discount": "-1"}, "Indiquez un montant positif."),
    ],
)
def test_an_absurd_discount_is_refused_at_its_field(
    browser: Client, draft: Invoice, head: dict[str, str], sentence: str
) -> None:
    answer = browser.post(page_of(draft), typed(draft, **head), headers=HTMX)

    assert answer.status_code == 422
    assert sentence in flat(answer.content).partition('id="id_discount_error"')[2].partition("</div>")[0]


@pytest.mark.parametrize("kind", ["article", "section", "subtotal", "comment"])
def test_a_line_of_each_kind_is_added_without_a_script(browser: Client, draft: Invoice, kind: str) -> None:
    answer = browser.post(page_of(draft), typed(draft, **{"add-line": kind}))

    assert answer["Location"] == f"{page_of(draft)}?ligne={kind}#lines"
    html = flat(browser.get(answer["Location"]).content)
    assert f'name="lines-3-kind" value="{kind}"' in html
    assert 'name="lines-TOTAL_FORMS" value="4"' in html


def test_a_table_takes_its_place_and_is_undone(browser: Client, draft: Invoice) -> None:
    answer = browser.post(page_of(draft), typed(draft, paste="1", pasted=TABLE, paste_at="lines-0"))

    assert stored(draft) == ["A", "Dépose", "Séjour", "Câble", "B", "C"]
    cable = draft.lines.get(rank=4)
    assert (cable.quantity, cable.unit, cable.unit_price, cable.vat_rate) == (
        Decimal("12.5"),
        "m",
        Decimal("1.2345"),
        Decimal(10),
    )
    draft.refresh_from_db()
    assert answer["Location"] == f"{page_of(draft)}?colle=2-4&r={draft.revision}#lines-1"
    html = flat(browser.get(answer["Location"]).content)
    assert "3 lignes collées." in html
    assert 'name="undo-paste"' in html
    marks = {f"lines-{index}-pasted": "True" for index in (1, 2, 3)}
    assert all(f'name="{name}" value="True"' in html for name in marks)
    rows = tuple({"description": name} for name in stored(draft))
    browser.post(page_of(draft), typed(draft, *rows, **marks, **{"undo-paste": "1"}))
    assert stored(draft) == ["A", "B", "C"]


def test_a_table_that_is_refused_loses_nothing(browser: Client, draft: Invoice) -> None:
    rows = ({"description": "Tapé entre-temps", "unit_price": "10"},)
    table = TABLE.replace("12,5", "douze")

    answer = browser.post(page_of(draft), typed(draft, *rows, paste="1", pasted=table))

    assert answer.status_code == 422
    html = flat(answer.content)
    assert "« douze »" in html
    assert "Câble douze m" in html  # still in its box
    assert "Tapé entre-temps" in html
    assert stored(draft) == ["A", "B", "C"]


def test_by_htmx_the_sentence_comes_alone_and_opens_the_dialog(browser: Client, draft: Invoice) -> None:
    answer = browser.post(page_of(draft), typed(draft, paste="1", pasted="A\tdouze"), headers=HTMX)

    assert answer.status_code == 422
    assert "table-refused" in answer["HX-Trigger"]
    assert 'id="paste-errors"' in flat(answer.content)
    wrong = typed(draft, paste="1", pasted=TABLE, due_days="mille")
    assert "Corrigez d’abord ce qui est signalé" in flat(browser.post(page_of(draft), wrong, headers=HTMX).content)


def test_too_many_lines_in_all_are_refused(browser: Client, draft: Invoice) -> None:
    answer = browser.post(page_of(draft), typed(draft, paste="1", pasted="Pose\t1\th\t1\n" * 498))

    assert answer.status_code == 422
    assert stored(draft) == ["A", "B", "C"]


def test_the_dialog_is_open_for_whoever_has_no_script(browser: Client, draft: Invoice) -> None:
    answer = browser.post(page_of(draft), typed(draft, **{"paste-table": "1"}))

    assert answer["Location"] == f"{page_of(draft)}?coller=1#paste"
    assert "data-paste open>" in flat(browser.get(answer["Location"]).content)


@pytest.fixture
def product(company: Company) -> Product:
    return Product.objects.create(
        company=company,
        description="Pose de luminaire",
        unit="u",
        unit_price=Decimal("75.5"),
        vat_rate=Decimal(10),
        created_at=clock.now(),
    )


def test_an_article_is_chosen_without_a_script(browser: Client, draft: Invoice, product: Product) -> None:
    answer = browser.post(page_of(draft), typed(draft, catalogue="lines-1"))
    assert answer["Location"] == f"{page_of(draft)}?article=2#lines-1"
    assert f'name="pick" value="lines-1:{product.pk}"' in flat(browser.get(answer["Location"]).content)

    browser.post(page_of(draft), typed(draft, pick=f"lines-1:{product.pk}"))

    chosen = draft.lines.get(rank=2)
    assert (chosen.description, chosen.unit, chosen.unit_price, chosen.vat_rate) == (
        "Pose de luminaire",
        "u",
        Decimal("75.5"),
        Decimal(10),
    )
    assert chosen.quantity == 1


def test_an_article_of_another_company_is_not_chosen(
    browser: Client, draft: Invoice, product: Product, chloe: Customer
) -> None:
    browser.post(page_of(draft), typed(draft, pick="lines-1:999999"))

    assert stored(draft) == ["A", "B", "C"]


def test_a_line_is_added_to_the_catalogue_once(browser: Client, draft: Invoice, company: Company) -> None:
    for _time in range(2):
        answer = browser.post(page_of(draft), typed(draft, keep="lines-1"))

    kept = Product.objects.get()
    assert (kept.company, kept.description, kept.unit_price, kept.price_includes_vat) == (company, "B", 10, False)
    assert "Article ajouté au catalogue." in flat(browser.get(answer["Location"]).content)


def test_a_title_is_no_article(browser: Client, draft: Invoice) -> None:
    rows = ({"kind": "section", "description": "Séjour"},)

    browser.post(page_of(draft), typed(draft, *rows, keep="lines-0"))

    assert not Product.objects.exists()


def test_the_form_says_each_line_and_moves_without_a_mouse(browser: Client, company: Company) -> None:
    draft = make_draft(company, lines=[section("Séjour"), line("60.1234", quantity="2.50"), subtotal()])

    html = flat(browser.get(page_of(draft)).content)

    assert 'value="60,1234"' in html
    assert 'value="2,5"' in html
    assert 'id="lines-2-amount">150,31</output>' in html
    assert html.count("Monter") == html.count("Descendre") >= 3
    assert '<datalist id="units">' in html
    assert 'list="units"' in html
