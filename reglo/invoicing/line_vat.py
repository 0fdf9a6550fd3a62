"""The VAT of a line: its category, its rate and why, as it was chosen and as the seller's regime makes it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from reglo.catalog.vat_rates import oss_rate_on, rates_on
from reglo.catalog.vat_territories import is_elsewhere_in_the_eu, is_export, is_french, territory_of_company
from reglo.catalog.vat_treatments import (
    EXPORT,
    EXPORT_OVERSEAS,
    FRANCHISE,
    INTRA_EU_GOODS,
    NO_VAT_TERRITORY,
    OSS,
    OTHER,
    REVERSE_EU_SERVICES,
    SERVICES_OUTSIDE_EU,
    VatCategory,
    in_force,
    treatment_of,
)
from reglo.companies.models import Company
from reglo.companies.states import Nature, Territory
from reglo.customers.models import Customer

ZERO = Decimal(0)


class VatLine(Protocol):
    """What of a line its VAT needs. An empty `vat_category` says that nothing was chosen but the rate."""

    @property
    def vat_rate(self) -> Decimal: ...

    @property
    def vat_category(self) -> str: ...

    @property
    def exemption(self) -> str: ...


@dataclass(frozen=True, slots=True)
class LineVat:
    """`category` is of EN 16931, `rate` in percent, `exemption` the key of a `Treatment`, empty when plainly taxed."""

    category: str
    rate: Decimal
    exemption: str = ""


def taxed_at(rate: Decimal) -> LineVat:
    return LineVat(VatCategory.STANDARD.value, rate)


def treated_as(key: str, rate: Decimal = ZERO) -> LineVat:
    """Raises KeyError where there is no such treatment."""
    treatment = treatment_of(key)
    if treatment is None:
        raise KeyError(key)
    return LineVat(treatment.category.value, rate, key)


def chosen_vat(line: VatLine) -> LineVat:
    """As it was chosen; where only a rate was, zero is an exemption whose reason is still to be written."""
    if line.vat_category:
        return LineVat(line.vat_category, line.vat_rate, line.exemption)
    return taxed_at(line.vat_rate) if line.vat_rate else treated_as(OTHER)


def vat_of(line: VatLine, *, charges_vat: bool) -> LineVat:
    """As it is invoiced. Under franchise nothing is taxed, whatever was chosen; what a business elsewhere in the Union
    has to declare stays so, for that is not exempted by the franchise (CGI art. 259, 1° and 286 ter, 5°)."""
    if charges_vat:
        return chosen_vat(line)
    return treated_as(REVERSE_EU_SERVICES if line.exemption == REVERSE_EU_SERVICES else FRANCHISE)


def proposed_vat(
    *, company: Company, charges_vat: bool, customer: Customer | None, nature: Nature, day: date
) -> LineVat:
    """What the law makes of an ordinary sale of this nature to this customer; a person may choose otherwise."""
    services = nature == Nature.SERVICES
    country = customer.country if customer else "FR"
    professional = customer is not None and customer.is_professional
    to_eu = is_elsewhere_in_the_eu(country)
    if not charges_vat:
        return treated_as(REVERSE_EU_SERVICES if to_eu and professional and services else FRANCHISE)
    seller = territory_of_company(company)
    if services and professional and not is_french(country):
        return treated_as(REVERSE_EU_SERVICES if to_eu else SERVICES_OUTSIDE_EU)
    if customer and not services:
        if is_export(country=country, postal_code=customer.postal_code, seller=seller):
            return treated_as(EXPORT_OVERSEAS if is_french(country) else EXPORT)
        if to_eu and professional and customer.vat_number:
            return treated_as(INTRA_EU_GOODS)
        if to_eu and not professional and company.oss and (rate := oss_rate_on(day, country)) is not None:
            return treated_as(OSS, rate)
    if seller == Territory.WITHOUT_VAT:
        return treated_as(NO_VAT_TERRITORY)
    return taxed_at(rates_on(day, seller)[0])


def reason_of(exemption: str, *, free_text: str, day: date, english: bool) -> str:
    """Why there is no VAT, as the law wants it printed on `day`; « Reverse charge » beside it for a customer abroad."""
    treatment = treatment_of(exemption)
    if treatment is None or exemption == OTHER:
        return free_text
    if not treatment.texts:
        return ""
    found = in_force(treatment.texts, day)
    return f"{found.text} / {found.english}" if english and found.english else found.text


def is_oss(lines: Iterable[VatLine]) -> bool:
    """Whether a document collects the VAT of another member state, alone: `vat_check` refuses both on one."""
    return any(line.exemption == OSS for line in lines)
