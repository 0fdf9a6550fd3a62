"""Titles, subtotals, comments and discounts on paper."""

from decimal import Decimal
from typing import Any

import pytest

from reglo.money.taxes import RateTotal
from reglo.rendering.document import Discount, Document, Line, LineKind, PriceMode
from reglo.rendering.render import render_pdf
from reglo.rendering.sheet import LONGEST_RUN, document_sheet, kept_together
from tests.rendering.printed import document, faults_of, pages_of, text_of


def article(description: str = "Pose de luminaires", **changes: Any) -> Line:
    return Line(
        **{
            "description": description,
            "quantity": Decimal("2.5"),
            "unit": "h",
            "unit_price": Decimal("40"),
            "amount_minor": 100_00,
            "vat_rate": Decimal(20),
        }
        | changes
    )


def section(title: str) -> Line:
    return Line(description=title, kind=LineKind.SECTION)


def subtotal(minor: int, label: str = "") -> Line:
    return Line(description=label, kind=LineKind.SUBTOTAL, amount_minor=minor)


def comment(text: str) -> Line:
    return Line(description=text, kind=LineKind.COMMENT)


ROOMS = (
    section("Séjour"),
    article(),
    article("Suspensions", discount_minor=12_50),
    subtotal(200_00),
    section("Couloir"),
    comment("Appliques choisies par le client le 3 novembre."),
    article("Appliques", discount_rate=Decimal(10), discount_minor=1_00),
    subtotal(100_00, "Total du couloir"),
)
TEN_PERCENT = Discount(minor=30_00, rate=Decimal(10))


def rooms(**changes: Any) -> Document:
    """300,00 € of work in two rooms, 10 % off."""
    return document(
        **{
            "lines": ROOMS,
            "discount": TEN_PERCENT,
            "rates": (RateTotal("S", Decimal(20), 270_00, 54_00),),
            "net_minor": 270_00,
            "vat_minor": 54_00,
            "gross_minor": 324_00,
        }
        | changes
    )


def test_every_kind_of_line_is_printed() -> None:
    text = text_of(render_pdf(rooms()))

    for words in (
        "Séjour Pose de luminaires 2,5 h 40,00 € 20 % 100,00 €",
        "Suspensions 2,5 h 40,00 € 12,50 € 20 % 100,00 €",
        "Sous-total 200,00 €",
        "Couloir Appliques choisies par le client le 3 novembre.",
        "Appliques 2,5 h 40,00 € 10 % 1,00 € 20 % 100,00 €",
        "Total du couloir 100,00 €",
        "Total HT avant remise 300,00 € Remise 10 % -30,00 € Total HT 270,00 € TVA 20 % 54,00 €",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("changes", "rows"),
    [
        (
            {"price_mode": PriceMode.GROSS, "discount": Discount(minor=36_00)},
            [("Total TTC avant remise", "360,00 €"), ("Remise", "-36,00 €"), ("Total HT", "270,00 €")],
        ),
        (
            {"price_mode": PriceMode.FRANCHISE, "gross_minor": 270_00, "vat_minor": 0},
            [("Total avant remise", "300,00 €"), ("Remise 10 %", "-30,00 €")],
        ),
        (
            {"language": "en"},
            [("Total excl. VAT before discount", "€300.00"), ("Discount 10%", "-€30.00")],
        ),
    ],
)
def test_a_discount_stands_above_the_totals(changes: dict[str, Any], rows: list[tuple[str, str]]) -> None:
    totals = document_sheet(rooms(**changes))["totals"]
    assert [tuple(" ".join(text.split()) for text in row) for row in totals[: len(rows)]] == [
        tuple(" ".join(text.split()) for text in row) for row in rows
    ]


@pytest.mark.parametrize(
    "printed",
    [rooms(), rooms(price_mode=PriceMode.FRANCHISE), rooms(lines=ROOMS * 9), rooms(lines=(section("Seule"),))],
)
def test_it_is_valid_pdf_a_3b_and_pdf_ua_1(printed: Document) -> None:
    assert faults_of(render_pdf(printed)) == []


@pytest.mark.parametrize("before", range(10, 34))
def test_a_title_is_on_the_page_of_its_first_line(before: int) -> None:
    lines = (*[article(f"Ligne {index}") for index in range(before)], section("Chapitre"), article("Premier article"))

    pages = pages_of(render_pdf(rooms(lines=(*lines, article("Second"), subtotal(200_00, "Somme du chapitre")))))

    [titled] = [page for page in pages if "Chapitre" in page]
    assert "Premier article" in titled
    [summed] = [page for page in pages if "Somme du chapitre" in page]
    assert "Second" in summed


def test_runs_do_not_grow_for_ever_nor_hold_what_is_long() -> None:
    long = article("mot " * 400)

    assert kept_together(ROOMS) == [(0, 2), (2, 2), (4, 2), (6, 2)]
    assert kept_together((section("A"), long, subtotal(1))) == []
    runs = kept_together([section("A")] * 20)
    assert all(length <= LONGEST_RUN for _start, length in runs)
    assert [start for start, _length in runs] == [0, 6, 12, 18]
    assert kept_together(()) == []
