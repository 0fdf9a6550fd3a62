"""Who sells what to whom: the treatment that is proposed, and the one that is invoiced."""

from datetime import date
from decimal import Decimal

import pytest

from reglo.companies.models import Company
from reglo.companies.states import Nature
from reglo.customers.models import Customer, CustomerKind
from reglo.invoicing.line_vat import LineVat, proposed_vat, reason_of, taxed_at, treated_as, vat_of
from reglo.invoicing.models import InvoiceLine

TODAY = date(2026, 11, 22)
GOODS, SERVICES = Nature.GOODS, Nature.SERVICES


def customer(country: str, *, consumer: bool = False, vat_number: str = "", postal_code: str = "") -> Customer:
    kind = CustomerKind.CONSUMER if consumer else CustomerKind.PROFESSIONAL
    return Customer(kind=kind, country=country, vat_number=vat_number, postal_code=postal_code)


GERMAN = customer("DE", vat_number="DE136695976")
UNNUMBERED = customer("DE")
BELGIAN_CONSUMER = customer("BE", consumer=True)
SWISS, SWISS_CONSUMER = customer("CH"), customer("CH", consumer=True)
REUNION = customer("FR", postal_code="97400")


@pytest.mark.parametrize(
    ("buyer", "nature", "proposed"),
    [
        (None, SERVICES, taxed_at(Decimal(20))),
        (customer("FR"), SERVICES, taxed_at(Decimal(20))),
        (customer("FR"), GOODS, taxed_at(Decimal(20))),
        (customer("MC"), SERVICES, taxed_at(Decimal(20))),
        (GERMAN, SERVICES, treated_as("reverse_eu_services")),
        (GERMAN, GOODS, treated_as("intra_eu_goods")),
        (UNNUMBERED, GOODS, taxed_at(Decimal(20))),
        (BELGIAN_CONSUMER, SERVICES, taxed_at(Decimal(20))),
        (BELGIAN_CONSUMER, GOODS, taxed_at(Decimal(20))),
        (SWISS, SERVICES, treated_as("services_outside_eu")),
        (SWISS, GOODS, treated_as("export")),
        (SWISS_CONSUMER, SERVICES, taxed_at(Decimal(20))),
        (SWISS_CONSUMER, GOODS, treated_as("export")),
        (REUNION, SERVICES, taxed_at(Decimal(20))),
        (REUNION, GOODS, treated_as("export_overseas")),
    ],
)
def test_the_buyer_and_the_nature_decide(buyer: Customer | None, nature: Nature, proposed: LineVat):
    company = Company(postal_code="69001")

    assert proposed_vat(company=company, charges_vat=True, customer=buyer, nature=nature, day=TODAY) == proposed


def test_with_the_one_stop_shop_a_consumer_s_goods_bear_the_rate_of_the_country():
    company = Company(postal_code="69001", oss=True)

    def of(nature: Nature) -> LineVat:
        return proposed_vat(company=company, charges_vat=True, customer=BELGIAN_CONSUMER, nature=nature, day=TODAY)

    assert of(GOODS) == LineVat("S", Decimal(21), "oss")
    assert of(SERVICES) == taxed_at(Decimal(20))


@pytest.mark.parametrize(("code", "rate"), [("97400", "8.5"), ("20200", "20"), ("69001", "20")])
def test_the_seller_s_territory_has_its_own_standard_rate(code: str, rate: str):
    company = Company(postal_code=code)

    proposed = proposed_vat(
        company=company, charges_vat=True, customer=customer("FR", postal_code=code), nature=SERVICES, day=TODAY
    )

    assert proposed == taxed_at(Decimal(rate))


def test_in_french_guiana_there_is_no_vat():
    proposed = proposed_vat(
        company=Company(postal_code="97300"), charges_vat=True, customer=None, nature=SERVICES, day=TODAY
    )

    assert proposed == treated_as("no_vat_territory")


@pytest.mark.parametrize(
    ("buyer", "nature", "key"),
    [
        (customer("FR"), SERVICES, "franchise"),
        (GERMAN, SERVICES, "reverse_eu_services"),
        (GERMAN, GOODS, "franchise"),
        (BELGIAN_CONSUMER, SERVICES, "franchise"),
        (SWISS, SERVICES, "franchise"),
    ],
)
def test_under_franchise_only_a_business_elsewhere_in_the_union_declares(buyer: Customer, nature: Nature, key: str):
    proposed = proposed_vat(company=Company(), charges_vat=False, customer=buyer, nature=nature, day=TODAY)

    assert proposed == treated_as(key)


@pytest.mark.parametrize(
    ("line", "charges_vat", "invoiced"),
    [
        (InvoiceLine(vat_rate=Decimal(20)), True, LineVat("S", Decimal(20), "")),
        (InvoiceLine(vat_rate=Decimal(0)), True, LineVat("E", Decimal(0), "other")),
        (
            InvoiceLine(vat_rate=Decimal(0), vat_category="G", exemption="export"),
            True,
            LineVat("G", Decimal(0), "export"),
        ),
        (InvoiceLine(vat_rate=Decimal(21), vat_category="S", exemption="oss"), True, LineVat("S", Decimal(21), "oss")),
        (InvoiceLine(vat_rate=Decimal(20), vat_category="S"), False, LineVat("E", Decimal(0), "franchise")),
        (
            InvoiceLine(vat_rate=Decimal(0), vat_category="AE", exemption="reverse_eu_services"),
            False,
            LineVat("AE", Decimal(0), "reverse_eu_services"),
        ),
    ],
)
def test_a_line_is_invoiced_as_chosen_and_as_the_regime_allows(line: InvoiceLine, charges_vat: bool, invoiced: LineVat):
    assert vat_of(line, charges_vat=charges_vat) == invoiced


def test_an_unknown_treatment_is_none_of_ours():
    with pytest.raises(KeyError):
        treated_as("smuggling")


@pytest.mark.parametrize(
    ("key", "english", "reason"),
    [
        ("", False, "Art. 999"),
        ("other", False, "Art. 999"),
        ("oss", False, ""),
        ("reverse_construction", False, "Autoliquidation, art. 283, 2 nonies du CGI"),
        ("reverse_construction", True, "Autoliquidation, art. 283, 2 nonies du CGI / Reverse charge"),
        ("training", True, "Exonération de TVA, art. 261, 4, 4° a du CGI"),
    ],
)
def test_the_reason_is_that_of_the_law_or_what_was_typed(key: str, english: bool, reason: str):
    assert reason_of(key, free_text="Art. 999", day=TODAY, english=english) == reason
