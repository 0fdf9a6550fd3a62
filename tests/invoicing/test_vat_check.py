"""An invoice without a mandatory field or with a VAT that the law forbids is refused, and nothing is written."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from reglo.companies.models import Company
from reglo.companies.states import Nature
from reglo.customers.models import Customer
from reglo.events.models import Event
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.issue_check import Problem, blocking, doubtful, problems_of
from reglo.invoicing.legal_interest import LEGAL_INTEREST, least_penalty_on, legal_interest_on
from reglo.invoicing.models import Invoice, NumberSequence, Settlement
from reglo.invoicing.queries import lines_of
from reglo.invoicing.services import InvoiceIncomplete, LineInput, issue_invoice
from reglo.ledger.models import EntryLine
from tests.factories import line, make_customer, make_draft

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
GERMAN = {"name": "Berg GmbH", "country": "DE", "siren": "", "vat_number": "DE136695976", "postal_code": "10115"}
BELGIAN = {"name": "Jan Peeters", "kind": "consumer", "country": "BE", "siren": "", "postal_code": "1000"}
SWISS = {"name": "Alpes SA", "country": "CH", "siren": "", "postal_code": "1200"}


def goods(price: str = "100", **fields: Any) -> LineInput:
    return line(price, nature=Nature.GOODS, **fields)


def untaxed(key: str, **fields: Any) -> LineInput:
    return line("100", vat="0", exemption=key, **fields)


def found(draft: Invoice) -> list[Problem]:
    fresh = Invoice.objects.select_related("company", "customer").get(id=draft.id)
    return problems_of(fresh, company=fresh.company, customer=fresh.customer, lines=lines_of(fresh), day=TODAY)


def issued(draft: Invoice) -> DocumentContent:
    invoice = issue_invoice(company_id=draft.company_id, invoice_id=draft.id, now=NOW)
    return DocumentContent.from_json(invoice.frozen)


def drafted(company: Company, *lines: LineInput, seller: dict[str, Any], buyer: dict[str, Any], **head: Any) -> Invoice:
    customer = make_customer(company, **buyer)
    draft = make_draft(company, customer=customer, lines=list(lines) or [line()], now=NOW, **head)
    Company.objects.filter(id=company.id).update(**seller)
    return draft


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
        {"vat_number": "FR35552100554"},
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


ADDRESS = {"delivery_address": "2 Hauptstraße", "delivery_postal_code": "10115", "delivery_city": "Berlin"}
# Each with what an e-invoice will say of its first rate: category, rate, VATEX code; and the beginning of its reason.
LAWFUL: dict[str, tuple[dict[str, Any], dict[str, Any], list[LineInput], dict[str, Any], tuple[str, str, str | None], str]] = {
    "service to a German business": (
        {}, GERMAN, [untaxed("reverse_eu_services")], {}, ("AE", "0", "VATEX-EU-AE"), "Autoliquidation"
    ),
    "goods to a German business": (
        {}, GERMAN, [untaxed("intra_eu_goods", nature=Nature.GOODS)], {}, ("K", "0", "VATEX-EU-IC"), "Exonération de TVA, art. 262 ter"
    ),
    "goods of a French buyer, to Germany": (
        {},
        {"vat_number": "DE136695976"},
        [untaxed("intra_eu_goods", nature=Nature.GOODS)],
        {**ADDRESS, "delivery_country": "DE"},
        ("K", "0", "VATEX-EU-IC"),
        "Exonération de TVA, art. 262 ter",
    ),
    "goods to Switzerland": (
        {}, SWISS, [untaxed("export", nature=Nature.GOODS)], {}, ("G", "0", "VATEX-EU-G"), "Exonération de TVA, art. 262, I"
    ),
    "goods to La Réunion": (
        {},
        {"postal_code": "97400", "city": "Saint-Denis"},
        [untaxed("export_overseas", nature=Nature.GOODS)],
        {},
        ("G", "0", "VATEX-EU-G"),
        "Exonération de TVA, art. 262, I et 294, 2",
    ),
    "service to a Swiss business": (
        {}, SWISS, [untaxed("services_outside_eu")], {}, ("O", "0", "VATEX-EU-O"), "TVA non applicable, art. 259"
    ),
    "subcontracted building": (
        {}, {}, [untaxed("reverse_construction")], {}, ("AE", "0", "VATEX-EU-AE"), "Autoliquidation, art. 283, 2 nonies"
    ),
    "training": ({}, {}, [untaxed("training")], {}, ("E", "0", "VATEX-FR-CGI261-4"), "Exonération de TVA, art. 261, 4"),
    "outside the scope": ({}, {}, [untaxed("outside")], {}, ("O", "0", "VATEX-EU-O"), "Opération hors du champ"),
    "another reason": (
        {}, {}, [untaxed("other")], {"exemption_reason": "Art. 261 B du CGI"}, ("E", "0", None), "Art. 261 B du CGI"
    ),
    "one-stop shop": (
        {}, BELGIAN, [goods(vat="21", exemption="oss")], {}, ("S", "21", None), ""
    ),
    "works at 10 %, certified": (
        {"trades": "building", "insurance": "Mutuelle", "insurance_cover": "France"},
        {},
        [line(vat="10")],
        {"works_certified": True},
        ("S", "10", None),
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LAWFUL.values(), ids=list(LAWFUL))
def test_what_is_lawful_is_issued_and_says_why(company: Company, case: Any):
    seller, buyer, lines, head, rate, reason = case

    content = issued(drafted(company, *lines, seller=seller, buyer=buyer, **head))

    first = content.rates[0]
    assert (first.vat_category, first.vat_rate, first.exemption) == rate
    assert (first.reason or "").startswith(reason)
    assert (not reason) or any(mention.startswith(reason) for mention in content.legal_mentions)


def test_both_vat_numbers_are_on_what_goes_untaxed_to_the_union(company: Company):
    content = issued(drafted(company, untaxed("reverse_eu_services"), seller={}, buyer=GERMAN))

    assert (content.seller.vat_number, content.customer.vat_number) == ("FR44732829320", "DE136695976")


def test_under_franchise_a_german_business_reads_reverse_charge_and_both_numbers(company: Company):
    Company.objects.update(vat_regime="franchise", legal_form="micro", share_capital="", rcs_city="")
    company.refresh_from_db()

    content = issued(drafted(company, line(vat="0"), seller={}, buyer=GERMAN))

    assert (content.charges_vat, content.rates[0].vat_category) == (False, "AE")
    assert (content.seller.vat_number, content.customer.vat_number) == ("FR44732829320", "DE136695976")
    assert content.legal_mentions[0] == (
        "Autoliquidation, art. 259, 1° du CGI et art. 196 de la directive 2006/112/CE"
        " / Reverse charge, article 196 of Directive 2006/112/EC"
    )
    assert not any("TVA non applicable" in mention for mention in content.legal_mentions)


def test_under_franchise_a_german_business_needs_both_numbers(company: Company):
    Company.objects.update(vat_regime="franchise", legal_form="micro", vat_number="")
    company.refresh_from_db()

    draft = drafted(company, line(vat="0"), seller={}, buyer=GERMAN | {"vat_number": ""})

    assert [problem.field for problem in blocking(found(draft))] == ["vat_number", "vat_number"]


def test_a_sole_trader_is_called_so(company: Company):
    content = issued(drafted(company, seller={"legal_form": "ei", "share_capital": "", "rcs_city": ""}, buyer={}))

    assert content.seller.name == "Atelier Lumen EI"
    assert content.seller.identity == ("Entrepreneur individuel",)


def test_a_delivery_elsewhere_is_frozen_whole(company: Company):
    content = issued(drafted(company, goods(), seller={}, buyer={}, **ADDRESS, delivery_country="DE"))

    assert (content.delivery, content.delivery_country) == (("2 Hauptstraße", "10115 Berlin"), "DE")


def test_an_early_discount_is_told_in_place_of_its_absence(company: Company):
    content = issued(drafted(company, seller={"early_discount": "2 % sous 8 jours"}, buyer={}))

    assert "Escompte pour paiement anticipé : 2 % sous 8 jours" in content.legal_mentions
    assert "Pas d’escompte pour paiement anticipé" not in content.legal_mentions


def test_several_reasons_of_one_category_are_one_sentence_without_a_code(company: Company):
    content = issued(drafted(company, untaxed("training"), untaxed("bare_rent"), seller={}, buyer={}))

    [rate] = content.rates
    assert (rate.vat_category, rate.net_minor, rate.exemption) == ("E", 200_00, None)
    assert rate.reason == "Exonération de TVA, art. 261, 4, 4° a du CGI ; Exonération de TVA, art. 261 D, 2° du CGI"


def test_categories_at_rate_zero_are_told_apart(company: Company):
    content = issued(
        drafted(company, untaxed("reverse_construction"), untaxed("training"), line(), seller={}, buyer={})
    )

    assert [(rate.vat_category, rate.net_minor, rate.vat_minor) for rate in content.rates] == [
        ("S", 100_00, 20_00),
        ("AE", 100_00, 0),
        ("E", 100_00, 0),
    ]


def balances(company: Company) -> dict[str, int]:
    sums: dict[str, int] = {}
    for entry_line in EntryLine.objects.filter(company=company):
        account = entry_line.account
        sums[account] = sums.get(account, 0) + entry_line.debit_minor - entry_line.credit_minor
    return {account: sum_ for account, sum_ in sums.items() if sum_}


def test_the_vat_of_another_country_has_its_own_account_and_waits_for_nothing(company: Company):
    draft = drafted(company, line("100", vat="21", exemption="oss"), seller={}, buyer=BELGIAN)

    content = issued(draft)

    assert content.rates[0].country == "BE"
    assert balances(company) == {"411000": 121_00, "706000": -100_00, "445715": -21_00}
    assert Invoice.objects.get(id=draft.id).vat_on_receipts_minor == 0


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
