"""The lines and totals of a document, as a phone reads them."""

from decimal import Decimal

import pytest

from reglo.companies.models import Company
from reglo.companies.states import VatRegime
from reglo.invoicing.content import DocumentContent
from reglo.money import Money
from reglo.portal.document_detail import detail_lines, detail_totals
from tests.factories import comment, line, make_company, make_issued, section, subtotal

NOTHING = Money(0, "EUR")


def totals(content: DocumentContent) -> list[tuple[str, int]]:
    rows = detail_totals(content, paid=NOTHING, credited=NOTHING, language="fr")
    return [(" ".join(row.label.split()), row.amount.minor) for row in rows]


def test_titles_subtotals_and_comments_are_read_in_their_place(company: Company):
    lines = [section("Séjour"), line("60", off=10_00), comment("Garantie\ndeux ans"), subtotal(), subtotal("Fin")]
    content = DocumentContent.from_json(make_issued(company, lines=lines).frozen)

    found = detail_lines(content, language="fr")

    assert [(one.kind, one.name, one.amount.minor if one.amount is not None else None) for one in found] == [
        ("section", "Séjour", None),
        ("article", "Pose de luminaires", 50_00),
        ("comment", "Garantie", None),
        ("subtotal", "Sous-total", 50_00),
        ("subtotal", "Fin", 0),
    ]
    assert [" ".join(words.split()) for words in found[1].details] == ["1 × 60,00 €, remise 10,00 €"]
    assert found[2].details == ("deux ans",)


@pytest.mark.parametrize(
    ("fields", "rows"),
    [
        (
            {"discount_rate": Decimal(10)},
            [
                ("Total HT avant remise", 100_00),
                ("Remise 10 %", -10_00),
                ("Total HT", 90_00),
                ("TVA 20 %", 18_00),
                ("Total TTC", 108_00),
            ],
        ),
        (
            {"discount_minor": 10_00, "prices_include_vat": True},
            [
                ("Total TTC avant remise", 100_00),
                ("Remise", -10_00),
                ("dont TVA 20 %", 15_00),
                ("Total TTC", 90_00),
            ],
        ),
    ],
)
def test_a_discount_is_said_before_the_total(company: Company, fields: dict[str, object], rows: list[tuple[str, int]]):
    content = DocumentContent.from_json(make_issued(company, lines=[line()], **fields).frozen)

    assert totals(content) == rows


def test_under_franchise_no_word_of_vat_is_said():
    company = make_company(vat_regime=VatRegime.FRANCHISE)
    content = DocumentContent.from_json(make_issued(company, lines=[line("100", vat="0")], discount_minor=10_00).frozen)

    assert totals(content) == [("Total avant remise", 100_00), ("Remise", -10_00), ("Total à payer", 90_00)]
