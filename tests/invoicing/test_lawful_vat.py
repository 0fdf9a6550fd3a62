"""What is lawful is issued, and says of each rate what an e-invoice wants: category, code, reason, country."""

from typing import Any

import pytest

from reglo.companies.models import Company
from reglo.companies.states import Nature
from reglo.invoicing.issue_check import blocking
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import LineInput
from reglo.ledger.models import EntryLine
from tests.factories import line
from tests.invoicing.documents import BELGIAN, GERMAN, SWISS, drafted, found, goods, issued, untaxed

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
