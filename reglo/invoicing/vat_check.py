"""The VAT of a document before it is issued: is each line treated as the law wants, and can the document prove it?"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError

from reglo.catalog import vat_treatments
from reglo.catalog.vat_rates import oss_rate_on, rates_on
from reglo.catalog.vat_territories import (
    EU_MEMBERS,
    is_elsewhere_in_the_eu,
    is_export,
    is_french,
    territory_of,
    territory_of_company,
    vat_prefix,
)
from reglo.catalog.vat_treatments import (
    EXPORT,
    EXPORT_OVERSEAS,
    INTRA_EU_GOODS,
    OSS,
    OTHER,
    REVERSE_EU_SERVICES,
    SERVICES_OUTSIDE_EU,
    VatCategory,
    treatment_of,
)
from reglo.companies.models import Company
from reglo.companies.states import Nature, Territory, Trade
from reglo.customers.models import Customer
from reglo.invoicing.line_vat import LineVat, proposed_vat, vat_of
from reglo.invoicing.models import DocumentHead, DocumentLine
from reglo.invoicing.problems import Problem, doubt
from reglo.ui import formats

# What crosses a border: who buys and where it goes decide, so a proposal that differs is worth a question.
_ACROSS = {REVERSE_EU_SERVICES, INTRA_EU_GOODS, EXPORT, EXPORT_OVERSEAS, SERVICES_OUTSIDE_EU, OSS}
# Rates that the law keeps for goods, or almost: medicines, the press, food.
_OF_GOODS = {Decimal("2.1"), Decimal("1.75"), Decimal("1.05"), Decimal("0.9"), Decimal("5.5")}


def vat_problems(
    document: DocumentHead, *, company: Company, customer: Customer | None, lines: Sequence[DocumentLine], day: date
) -> Iterator[Problem]:
    charges_vat = company.vat_on(day).charges_vat
    sold = [
        (index, line, vat_of(line, charges_vat=charges_vat)) for index, line in enumerate(lines) if line.is_article
    ]
    yield from _number_problems(company, customer, [vat for _index, _line, vat in sold])
    for index, line, vat in sold:
        field = f"lines-{index}-vat_rate"
        unsaid = charges_vat and not line.vat_category and not line.vat_rate
        if unsaid:
            yield Problem("lines", field, _("Choisissez la TVA de cette ligne."))
            continue
        found = list(_line_problems(document, company, customer, line, vat, day))
        yield from (Problem("lines", field, message) for message in found)
        if not found:
            yield from (doubt("lines", field, m) for m in _line_doubts(company, customer, line, vat, charges_vat, day))
    said = {vat.exemption for _index, line, vat in sold if line.vat_category or not charges_vat}
    if OTHER in said and not document.exemption_reason.strip():
        yield Problem(
            "invoice",
            "exemption_reason",
            _("Une ligne est sans TVA : indiquez le motif d’exonération et son article de loi."),
        )
    yield from _mixture_problems([vat for _index, _line, vat in sold])


def _number_problems(company: Company, customer: Customer | None, vats: Sequence[LineVat]) -> Iterator[Problem]:
    """A number that fails its own checksum is a slip; without both, nothing goes untaxed to another member state."""
    if company.vat_number and not is_vat_number(company.vat_number):
        yield Problem("company", "vat_number", _("Votre numéro de TVA est incorrect : vérifiez-le."))
    if customer is None or not customer.is_professional:
        return
    across = {REVERSE_EU_SERVICES, INTRA_EU_GOODS} & {vat.exemption for vat in vats}
    number, known = customer.vat_number, customer.country in EU_MEMBERS or is_french(customer.country)
    if across and not number:
        yield Problem(
            "customer",
            "vat_number",
            _("Indiquez le numéro de TVA de ce client : sans lui, la vente ne peut pas partir sans TVA."),
        )
    elif number and known and not is_vat_number(number):
        yield Problem("customer", "vat_number", _("Le numéro de TVA de ce client est incorrect : vérifiez-le."))
    elif across and number.startswith("FR"):
        yield Problem(
            "customer",
            "vat_number",
            _("Indiquez le numéro de TVA que ce client a dans un autre pays de l’Union européenne."),
        )
    elif number and is_elsewhere_in_the_eu(customer.country) and not number.startswith(vat_prefix(customer.country)):
        yield doubt("customer", "vat_number", _("Le numéro de TVA de ce client n’est pas de son pays."))


def _line_problems(
    document: DocumentHead, company: Company, customer: Customer | None, line: DocumentLine, vat: LineVat, day: date
) -> Iterator[str]:
    """Why this line cannot be treated so: sentences."""
    treatment, seller = treatment_of(vat.exemption), territory_of_company(company)
    professional = customer is not None and customer.is_professional
    country = customer.country if customer else "FR"
    going = _destination(document, customer)
    leaves = is_export(country=going[0], postal_code=going[1], seller=seller)
    if vat.exemption and treatment is None:
        yield _("Choisissez la TVA de cette ligne.")
        return
    match vat.exemption:
        case "":
            if vat.category == VatCategory.STANDARD and vat.rate not in rates_on(day, seller):
                yield _("Ce taux de TVA n’existe pas à cette date.")
        case vat_treatments.OSS:
            yield from _oss_problems(customer, vat)
        case vat_treatments.REVERSE_CONSTRUCTION:
            if not professional or not is_french(country):
                yield _(
                    "La sous-traitance du bâtiment est autoliquidée par un professionnel établi en France seulement."
                )
        case vat_treatments.REVERSE_EU_SERVICES:
            if not professional or not is_elsewhere_in_the_eu(country):
                yield _("Seul un professionnel d’un autre pays de l’Union européenne autoliquide une prestation.")
        case vat_treatments.INTRA_EU_GOODS:
            if not professional or not is_elsewhere_in_the_eu(going[0]):
                yield _(
                    "Une livraison intracommunautaire va chez un professionnel d’un autre pays de l’Union européenne."
                )
        case vat_treatments.EXPORT:
            if is_french(going[0]) or not leaves:
                yield _(
                    "Une exportation va dans un pays hors de l’Union européenne : vérifiez où les biens sont livrés."
                )
        case vat_treatments.EXPORT_OVERSEAS:
            if not is_french(going[0]) or not leaves:
                yield _("Ces biens ne quittent pas votre territoire de TVA : vérifiez où ils sont livrés.")
        case vat_treatments.SERVICES_OUTSIDE_EU:
            if not professional or is_french(country) or country in EU_MEMBERS:
                yield _("Ce cas est celui d’un client professionnel établi hors de l’Union européenne.")
        case vat_treatments.NO_VAT_TERRITORY:
            there = territory_of(country=going[0], postal_code=going[1])
            if Territory.WITHOUT_VAT not in {seller, there}:
                yield _("Ni vous ni le lieu de livraison n’êtes dans un territoire sans TVA.")
    if treatment and treatment.nature and vat.exemption in _ACROSS and line.nature != treatment.nature:
        yield (
            _("Ce cas est celui d’une prestation de services : changez la nature de la ligne, ou sa TVA.")
            if treatment.nature == Nature.SERVICES
            else _("Ce cas est celui d’une livraison de biens : changez la nature de la ligne, ou sa TVA.")
        )


def _oss_problems(customer: Customer | None, vat: LineVat) -> Iterator[str]:
    if customer is None or customer.is_professional or not is_elsewhere_in_the_eu(customer.country):
        yield _("Le guichet OSS est pour un particulier d’un autre pays de l’Union européenne.")
    elif not vat.rate:
        yield _("Indiquez le taux de TVA du pays de ce client.")


def _line_doubts(
    company: Company, customer: Customer | None, line: DocumentLine, vat: LineVat, charges_vat: bool, day: date
) -> Iterator[str]:
    """What is lawful but seldom meant."""
    proposed = proposed_vat(
        company=company, charges_vat=charges_vat, customer=customer, nature=Nature(line.nature), day=day
    )
    usual = treatment_of(proposed.exemption)
    if usual and proposed.exemption in _ACROSS and vat.exemption != proposed.exemption:
        yield _("Pour ce client, d’ordinaire : « %s ».") % usual.words
    if vat.exemption == OSS and customer:
        standard = oss_rate_on(day, customer.country)
        if standard is not None and standard != vat.rate:
            shown = formats.rate(standard, language=get_language() or "fr")
            yield _("Le taux normal du pays de ce client est %s : vérifiez celui de la ligne.") % shown
    works = company.practises(Trade.BUILDING) and vat.rate == Decimal("5.5")
    if not vat.exemption and line.nature == Nature.SERVICES and vat.rate in _OF_GOODS and not works:
        shown = formats.rate(vat.rate, language=get_language() or "fr")
        yield _("%s est rare pour une prestation de services : vérifiez la nature et le taux.") % shown


def _mixture_problems(vats: Sequence[LineVat]) -> Iterator[Problem]:
    """The VAT of two countries is declared apart; what is outside VAT stands alone in an e-invoice."""
    taxed = {vat.exemption == OSS for vat in vats if vat.category == VatCategory.STANDARD}
    if len(taxed) > 1:
        yield Problem(
            "lines",
            "lines",
            _("La TVA française et celle d’un autre pays ne vont pas ensemble : faites deux factures."),
        )
    categories = {vat.category for vat in vats}
    if VatCategory.OUTSIDE in categories and len(categories) > 1:
        yield doubt(
            "lines", "lines", _("Ce qui est hors champ de la TVA va d’ordinaire seul sur sa facture : faites-en deux.")
        )


def _destination(document: DocumentHead, customer: Customer | None) -> tuple[str, str]:
    """Country and postal code where the goods go."""
    if document.delivery_lines:
        return document.delivery_country or (customer.country if customer else "FR"), document.delivery_postal_code
    return (customer.country, customer.postal_code) if customer else ("FR", "")


@lru_cache(maxsize=1000)
def is_vat_number(text: str) -> bool:
    """A number of a member state with the right checksum. Whether it is in use, only the Commission's service knows."""
    try:
        eu_vat.validate(text)
    except ValidationError:
        return False
    return True
