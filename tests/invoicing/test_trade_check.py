"""What some trades owe their customers, on an invoice and on a quote for works."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.invoicing.models import InvoiceLine
from reglo.invoicing.problems import blocking
from reglo.invoicing.trade_check import WasteSection, WorksQuote, quotes_works, trade_problems, wants_waste_section

TODAY = date(2026, 11, 22)
WASTE = WasteSection("2 m³ de gravats", "Triés sur place", "Déchetterie pro, Lyon 9e", "120 €")
QUOTE = WorksQuote(place="8 montée des Lilas, Lyon", charge="Devis gratuit", waste=WASTE)
SERVICE = InvoiceLine(vat_rate=Decimal(20), vat_category="S", nature="services")
REDUCED = InvoiceLine(vat_rate=Decimal(10), vat_category="S", nature="services")
GOODS = InvoiceLine(vat_rate=Decimal(10), vat_category="S", nature="goods")


def seller(trades: str = "building", **fields: str) -> Company:
    return Company(trades=trades, **{"insurance": "Mutuelle", "insurance_cover": "France", **fields})


def fields(
    company: Company,
    *lines: InvoiceLine,
    quote: WorksQuote | None = None,
    day: date = TODAY,
    works_certified: bool = False,
) -> list[str]:
    problems = trade_problems(
        company=company, customer=Customer(), lines=lines, day=day, works_certified=works_certified, quote=quote
    )
    return [problem.field for problem in blocking(problems)]


def test_a_whole_quote_lacks_nothing():
    assert fields(seller(), REDUCED, quote=QUOTE) == []


@pytest.mark.parametrize(
    ("quote", "field"),
    [
        (replace(QUOTE, place=" "), "works_place"),
        (replace(QUOTE, charge=""), "quote_charge"),
        (replace(QUOTE, waste=replace(WASTE, quantity="")), "waste_quantity"),
        (replace(QUOTE, waste=replace(WASTE, handling="")), "waste_handling"),
        (replace(QUOTE, waste=replace(WASTE, points="")), "waste_points"),
        (replace(QUOTE, waste=replace(WASTE, cost=" ")), "waste_cost"),
    ],
)
def test_a_works_quote_that_lacks_a_mandatory_one_is_refused(quote: WorksQuote, field: str):
    assert fields(seller(), SERVICE, quote=quote) == [field]


def test_a_quote_without_any_waste_section_lacks_all_four():
    found = fields(seller(), SERVICE, quote=replace(QUOTE, waste=None))

    assert found == ["waste_quantity", "waste_handling", "waste_points", "waste_cost"]


def test_before_july_2021_no_quote_spoke_of_waste():
    assert fields(seller(), SERVICE, quote=replace(QUOTE, waste=None), day=date(2021, 6, 30)) == []


def test_a_repairer_says_where_and_for_how_much_but_not_the_waste():
    repairer = seller("home_repair")

    assert fields(repairer, SERVICE, quote=WorksQuote(place="", charge="")) == ["works_place", "quote_charge"]
    assert fields(repairer, SERVICE, quote=WorksQuote(place="Lyon", charge="Gratuit")) == []


def test_goods_alone_are_no_works():
    assert fields(seller(), GOODS, quote=WorksQuote(place="", charge="")) == []
    assert not quotes_works(seller(), [GOODS])
    assert not wants_waste_section(seller(), [GOODS], TODAY)


def test_no_trade_owes_nothing():
    assert fields(Company(), REDUCED) == []
    assert fields(Company(), REDUCED, quote=WorksQuote(place="", charge="")) == []


def test_on_a_quote_the_signature_certifies_on_an_invoice_somebody_confirms():
    assert fields(seller(), REDUCED, quote=QUOTE) == []
    assert fields(seller(), REDUCED) == ["works_certified"]
    assert fields(seller(), REDUCED, works_certified=True) == []
    assert fields(seller(), SERVICE) == []


def test_insurance_and_its_cover_are_asked_of_both():
    bare = Company(trades="building")

    assert fields(bare, SERVICE) == ["insurance", "insurance_cover"]
    assert fields(bare, SERVICE, quote=QUOTE) == ["insurance", "insurance_cover"]


def test_under_franchise_no_rate_is_reduced():
    assert fields(seller(vat_regime="franchise"), REDUCED) == []
