"""Where a sale is taxed: the VAT territories of France, and the member states of the European Union."""

from reglo.companies.models import Company
from reglo.companies.states import Territory

# ISO 3166 codes; Greece is GR here and EL in its VAT numbers. 27 since 2020-02-01 (the United Kingdom left).
EU_MEMBERS = frozenset(
    {
        *("AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE"),
        *("IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE"),
    }
)
# French territories that have a country code of their own, and Monaco, which French VAT counts as France.
_FRENCH = {
    "FR": Territory.MAINLAND,
    "MC": Territory.MAINLAND,
    "GP": Territory.OVERSEAS,
    "MQ": Territory.OVERSEAS,
    "RE": Territory.OVERSEAS,
    **dict.fromkeys(("GF", "YT", "BL", "MF", "PM", "NC", "PF", "WF"), Territory.WITHOUT_VAT),
}
# Businesses there have a SIREN; New Caledonia, Polynesia and Wallis have numbers of their own, Monaco has its own too.
WITH_SIREN = frozenset({"FR", "GP", "MQ", "RE", "GF", "YT", "BL", "MF", "PM"})
# Saint-Barthélemy and Saint-Martin kept the postal codes of Guadeloupe, without its VAT.
_LEFT_GUADELOUPE = {"97133", "97150"}


def territory_of(*, country: str, postal_code: str) -> Territory | None:
    """The French territory of an address; None elsewhere. A country code of its own counts before the postal code."""
    territory = _FRENCH.get(country)
    if country != "FR":
        return territory
    code = "".join(postal_code.split())
    if code in _LEFT_GUADELOUPE:
        return Territory.WITHOUT_VAT
    match code[:3]:
        case "971" | "972" | "974":
            return Territory.OVERSEAS
        case "973" | "975" | "976" | "977" | "978" | "984" | "986" | "987" | "988":
            return Territory.WITHOUT_VAT
    return Territory.CORSICA if code.startswith("20") else territory


def territory_of_company(company: Company) -> Territory:
    """As the company says, or that of its address."""
    if company.vat_territory:
        return Territory(company.vat_territory)
    return territory_of(country=company.country, postal_code=company.postal_code) or Territory.MAINLAND


def is_french(country: str) -> bool:
    """France, its territories overseas and Monaco."""
    return country in _FRENCH


def is_elsewhere_in_the_eu(country: str) -> bool:
    """Another member state: for VAT, neither France nor an export."""
    return country in EU_MEMBERS and country != "FR"


def is_export(*, country: str, postal_code: str, seller: Territory) -> bool:
    """Whether goods that go there from `seller` leave the VAT territory: another continent, or the other France.

    Mainland and Corsica are one territory; Guadeloupe, Martinique and La Réunion are exports to each other's mainland
    (CGI art. 294, 2).
    """
    if is_elsewhere_in_the_eu(country):
        return seller in {Territory.OVERSEAS, Territory.WITHOUT_VAT}
    there = territory_of(country=country, postal_code=postal_code)
    if there is None:
        return True
    home = {Territory.MAINLAND, Territory.CORSICA}
    return there != seller and not ({there, seller} <= home)


def vat_prefix(country: str) -> str:
    """What the VAT numbers of a member state begin with."""
    return {"GR": "EL", "MC": "FR"}.get(country, country)
