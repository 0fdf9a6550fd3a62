"""An invoice without a mandatory field or with a VAT that the law forbids is refused, and nothing is written."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reglo.companies.models import Company
from reglo.companies.states import Nature
from reglo.customers.models import Customer
from reglo.events.models import Event
from reglo.invoicing.issue_check import blocking, doubtful
from reglo.invoicing.legal_interest import LEGAL_INTEREST, least_penalty_on, legal_interest_on
from reglo.invoicing.models import Invoice, NumberSequence, Settlement
from reglo.invoicing.services import InvoiceIncomplete, LineInput, issue_invoice
from reglo.ledger.models import EntryLine
from tests.factories import line
from tests.invoicing.documents import BELGIAN, GERMAN, NOW, SWISS, TODAY, drafted, found, goods, issued, untaxed

# What is missing or wrong, and the field that is named: seller, buyer, lines, head.
Case = tuple[dict[str, Any], dict[str, Any], list[LineInput], dict[str, Any], str]
CONSUMER = {"kind": "consumer", "siren": ""}
REFUSED: dict[str, Case] = {
    # who sells (I1, I10)
    "seller without a name": ({"name": " "}, {}, [], {}, "name"),
    "seller without SIREN": ({"siren": ""}, {}, [], {}, "siren"),
    "seller with a wrong SIREN": ({"siren": "732829321"}, {}, [], {}, "siren"),
    "seller without address": ({"address": ""}, {}, [], {}, "address"),
    "seller without VAT number": ({"vat_number": ""}, {}, [], {}, "vat_number"),
    "seller whose VAT number is wrong": ({"vat_number": "FR45732829320"}, {}, [], {}, "vat_number"),
    "company without capital": ({"share_capital": ""}, {}, [], {}, "share_capital"),
    "company without RCS": ({"rcs_city": ""}, {}, [], {}, "rcs_city"),
    # who buys (I1)
    "customer without a name": ({}, {"name": " "}, [], {}, "name"),
    "customer without address": ({}, {"city": ""}, [], {}, "address"),
    "French professional without SIREN": ({}, {"siren": ""}, [], {}, "siren"),
    "professional of La Réunion without SIREN": ({}, {"siren": "", "country": "RE"}, [], {}, "siren"),
    "customer whose VAT number is wrong": ({}, {"vat_number": "FR45732829320"}, [], {}, "vat_number"),
    # where goods go (I4)
    "delivery without its town": ({}, {}, [goods()], {"delivery_address": "2 quai Nord"}, "delivery_postal_code"),
    "delivery without its street": ({}, {}, [goods()], {"delivery_city": "Lille"}, "delivery_address"),
    "delivery that is a country alone": ({}, {}, [goods()], {"delivery_country": "BE"}, "delivery_address"),
    # what is sold: I7
    "no line": ({}, {}, [line(quantity="0")], {}, "lines-0-quantity"),
    "line without words": ({}, {}, [line(description=" ")], {}, "lines-0-description"),
    # the penalties (I8)
    "penalties under the floor": ({"late_penalty_rate": Decimal("7.85")}, {}, [], {}, "late_penalty_rate"),
    # consumers
    "consumer without mediator": ({"mediator": ""}, CONSUMER, [], {}, "mediator"),
    # the trades (Q3)
    "building without insurance": ({"trades": "building", "insurance_cover": "France"}, {}, [], {}, "insurance"),
    "building without cover": ({"trades": "building", "insurance": "Mutuelle"}, {}, [], {}, "insurance_cover"),
    "insured craft without insurance": (
        {"trades": "insured_craft", "insurance_cover": "France"},
        {},
        [],
        {},
        "insurance",
    ),
    "works at 10 % that nobody certified": (
        {"trades": "building", "insurance": "Mutuelle", "insurance_cover": "France"},
        {},
        [line(vat="10")],
        {},
        "works_certified",
    ),
    "works at 5.5 % that nobody certified": (
        {"trades": "building", "insurance": "Mutuelle", "insurance_cover": "France", "rge": "Qualibat"},
        {},
        [line(vat="5.5")],
        {},
        "works_certified",
    ),
    # why there is no VAT (I9, §1.5)
    "no reason for no VAT": ({}, {}, [line(vat="0")], {}, "exemption_reason"),
    "a reason of blanks": ({}, {}, [untaxed("other")], {"exemption_reason": "  "}, "exemption_reason"),
    "construction for a consumer": ({}, CONSUMER, [untaxed("reverse_construction")], {}, "lines-0-vat_rate"),
    "construction for a foreigner": ({}, GERMAN, [untaxed("reverse_construction")], {}, "lines-0-vat_rate"),
    "EU service for a French business": (
        {},
        {"vat_number": "FR96552100554"},
        [untaxed("reverse_eu_services")],
        {},
        "vat_number",
    ),
    "EU service for a consumer": ({}, BELGIAN, [untaxed("reverse_eu_services")], {}, "lines-0-vat_rate"),
    "EU service that is goods": (
        {},
        GERMAN,
        [untaxed("reverse_eu_services", nature=Nature.GOODS)],
        {},
        "lines-0-vat_rate",
    ),
    "EU service without the buyer's number": (
        {},
        GERMAN | {"vat_number": ""},
        [untaxed("reverse_eu_services")],
        {},
        "vat_number",
    ),
    "EU service with a wrong number": (
        {},
        GERMAN | {"vat_number": "DE136695977"},
        [untaxed("reverse_eu_services")],
        {},
        "vat_number",
    ),
    "EU service without the seller's number": (
        {"vat_number": ""},
        GERMAN,
        [untaxed("reverse_eu_services")],
        {},
        "vat_number",
    ),
    "EU goods for a consumer": ({}, BELGIAN, [untaxed("intra_eu_goods", nature=Nature.GOODS)], {}, "lines-0-vat_rate"),
    "EU goods without the buyer's number": (
        {},
        GERMAN | {"vat_number": ""},
        [untaxed("intra_eu_goods", nature=Nature.GOODS)],
        {},
        "vat_number",
    ),
    "EU goods that stay in France": (
        {},
        GERMAN,
        [untaxed("intra_eu_goods", nature=Nature.GOODS)],
        {
            "delivery_address": "2 quai Nord",
            "delivery_postal_code": "59000",
            "delivery_city": "Lille",
            "delivery_country": "FR",
        },
        "lines-0-vat_rate",
    ),
    "EU goods that are a service": ({}, GERMAN, [untaxed("intra_eu_goods")], {}, "lines-0-vat_rate"),
    "export within the Union": ({}, GERMAN, [untaxed("export", nature=Nature.GOODS)], {}, "lines-0-vat_rate"),
    "export at home": ({}, {}, [untaxed("export", nature=Nature.GOODS)], {}, "lines-0-vat_rate"),
    "export of a service": ({}, SWISS, [untaxed("export")], {}, "lines-0-vat_rate"),
    "overseas that is home": ({}, {}, [untaxed("export_overseas", nature=Nature.GOODS)], {}, "lines-0-vat_rate"),
    "service outside the Union, inside": ({}, GERMAN, [untaxed("services_outside_eu")], {}, "lines-0-vat_rate"),
    "service outside the Union, to a consumer": (
        {},
        SWISS | {"kind": "consumer"},
        [untaxed("services_outside_eu")],
        {},
        "lines-0-vat_rate",
    ),
    "no VAT territory on the mainland": ({}, {}, [untaxed("no_vat_territory")], {}, "lines-0-vat_rate"),
    "one-stop shop for a business": ({}, GERMAN, [goods(vat="19", exemption="oss")], {}, "lines-0-vat_rate"),
    "one-stop shop at home": ({}, CONSUMER, [goods(vat="20", exemption="oss")], {}, "lines-0-vat_rate"),
    "one-stop shop without a rate": ({}, BELGIAN, [goods(vat="0", exemption="oss")], {}, "lines-0-vat_rate"),
    "two countries' VAT on one invoice": ({}, BELGIAN, [goods(vat="21", exemption="oss"), line()], {}, "lines"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=list(REFUSED))
def test_without_it_nothing_is_issued_and_nothing_written(company: Company, case: Case):
    seller, buyer, lines, head, field = case
    draft = drafted(company, *lines, seller=seller, buyer=buyer, **head)

    with pytest.raises(InvoiceIncomplete) as refusal:
        issue_invoice(company_id=company.id, invoice_id=draft.id, now=NOW)

    assert field in {problem.field for problem in refusal.value.problems}
    assert all(problem.message for problem in refusal.value.problems)
    stored = Invoice.objects.get(id=draft.id)
    assert (stored.status, stored.number, stored.frozen) == ("draft", None, "")
    assert not NumberSequence.objects.exists()
    assert not Settlement.objects.exists()
    assert not EntryLine.objects.exists()
    assert not Event.objects.filter(kind="invoice.issued").exists()


def test_a_line_whose_vat_was_never_chosen_is_asked_for(company: Company):
    """Typed under franchise, which asks for none, and issued after it was left."""
    draft = drafted(company, line(vat="0"), seller={}, buyer={})
    draft.lines.update(vat_category="", exemption="")

    assert [(p.field, p.message) for p in blocking(found(draft))] == [
        ("lines-0-vat_rate", "Choisissez la TVA de cette ligne.")
    ]


DOUBTFUL: dict[str, tuple[dict[str, Any], dict[str, Any], list[LineInput], dict[str, Any], str]] = {
    "customer without e-mail": ({}, {"email": ""}, [], {}, "email"),
    "amount of zero": ({}, {}, [line("0")], {}, "lines"),
    "supply far away": ({}, {}, [], {"supply_date": date(2025, 11, 22)}, "supply_date"),
    "long delay": ({}, {}, [], {"due_days": 90}, "due_days"),
    "a rate of goods for a service": ({}, {}, [line(vat="2.1")], {}, "lines-0-vat_rate"),
    "French VAT for a German business": ({}, GERMAN, [line()], {}, "lines-0-vat_rate"),
    "French VAT on an export": ({}, SWISS, [goods()], {}, "lines-0-vat_rate"),
    "French VAT though the one-stop shop is used": ({"oss": True}, BELGIAN, [goods()], {}, "lines-0-vat_rate"),
    "a rate that is not the country's": ({}, BELGIAN, [goods(vat="6", exemption="oss")], {}, "lines-0-vat_rate"),
    "number of another country": ({}, GERMAN | {"vat_number": "ATU13585627"}, [untaxed("reverse_eu_services")], {}, "vat_number"),
    "outside the scope beside taxed": ({}, {}, [untaxed("outside"), line()], {}, "lines"),
    "delivery without goods": (
        {},
        {},
        [],
        {"delivery_address": "2 quai", "delivery_postal_code": "59000", "delivery_city": "Lille"},
        "delivery_address",
    ),
    "penalties in an unknown half-year": ({"late_penalty_rate": Decimal(12)}, {}, [], {}, "late_penalty_rate"),
    "energy works without RGE": (
        {"trades": "building", "insurance": "Mutuelle", "insurance_cover": "France"},
        {},
        [line(vat="5.5")],
        {"works_certified": True},
        "rge",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DOUBTFUL.values(), ids=list(DOUBTFUL))
def test_what_is_doubtful_is_said_and_issued(company: Company, case: Any):
    seller, buyer, lines, head, field = case
    draft = drafted(company, *lines, seller=seller, buyer=buyer, **head)

    problems = found(draft)

    assert [problem.field for problem in doubtful(problems)] == [field]
    assert blocking(problems) == []
    assert issued(draft).number == "ESSAI-F2026-0001"


def test_an_ordinary_invoice_raises_neither(company: Company):
    assert found(drafted(company, seller={}, buyer={})) == []


def test_penalties_bind_nobody_on_a_consumer_s_invoice(company: Company):
    draft = drafted(company, seller={"late_penalty_rate": Decimal(1)}, buyer=CONSUMER)

    assert found(draft) == []


def test_a_country_without_postal_codes_needs_none(company: Company, chloe: Customer):
    draft = drafted(
        company, untaxed("services_outside_eu"), seller={}, buyer=SWISS | {"country": "AE", "postal_code": ""}
    )

    assert found(draft) == []


@pytest.mark.parametrize(
    ("day", "least"),
    [
        (date(2025, 3, 1), "11.13"),
        (date(2025, 12, 31), "8.28"),
        (date(2026, 1, 1), "7.86"),
        (TODAY, "7.86"),
        (date(2020, 1, 1), "14.76"),
    ],
)
def test_the_floor_is_three_times_the_legal_interest_of_the_half_year(day: date, least: str):
    assert least_penalty_on(day) == Decimal(least)
    assert legal_interest_on(day).source


def test_half_years_begin_in_january_and_july():
    assert [(one.since.month, one.since.day) for one in LEGAL_INTEREST if one.since.month not in {1, 7}] == []
    assert [one.since for one in LEGAL_INTEREST] == sorted(one.since for one in LEGAL_INTEREST)
