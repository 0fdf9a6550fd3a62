"""What some trades owe their customers: insurance, certified works, the waste of a site. Invoices and quotes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from reglo.catalog.vat_treatments import VatCategory
from reglo.companies.models import Company
from reglo.companies.states import Nature, Trade
from reglo.customers.models import Customer
from reglo.invoicing.line_vat import VatLine, vat_of
from reglo.invoicing.mentions import FIVE_AND_A_HALF, TEN
from reglo.invoicing.problems import Problem, doubt

# Code de l'environnement art. L. 541-21-2-3 and D. 541-45-1 (décret n° 2020-1817 du 29 décembre 2020).
WASTE_SINCE = date(2021, 7, 1)


class TradeLine(VatLine, Protocol):
    @property
    def nature(self) -> str: ...


@dataclass(frozen=True, slots=True)
class WasteSection:
    """What a quote for works says of its waste: how much is expected, how it is sorted and taken away, where to, and at
    what cost. As printed."""

    quantity: str
    handling: str
    points: str
    cost: str


@dataclass(frozen=True, slots=True)
class WorksQuote:
    """What a quote for works at home says besides its lines (arrêté du 24 janvier 2017): where, the waste, and whether
    the quote itself is free."""

    place: str
    charge: str  # « Devis gratuit », or its price
    waste: WasteSection | None = None


def is_insured_trade(company: Company) -> bool:
    """Whether its insurance and where it covers must be said (loi du 5 juillet 1996, art. 22-2)."""
    return company.practises(Trade.BUILDING) or company.practises(Trade.INSURED_CRAFT)


def quotes_works(company: Company, lines: Sequence[TradeLine]) -> bool:
    """Whether a detailed quote comes before any work, whatever the amount (arrêté du 24 janvier 2017)."""
    at_home = company.practises(Trade.BUILDING) or company.practises(Trade.HOME_REPAIR)
    return at_home and _sells_services(lines)


def wants_waste_section(company: Company, lines: Sequence[TradeLine], day: date) -> bool:
    return company.practises(Trade.BUILDING) and _sells_services(lines) and day >= WASTE_SINCE


def wants_certified_works(company: Company, lines: Sequence[TradeLine], day: date) -> bool:
    """Works at a reduced rate: the customer certifies what the rate depends on."""
    return bool(company.practises(Trade.BUILDING) and _reduced_rates(company, lines, day))


def trade_problems(
    *,
    company: Company,
    customer: Customer | None,
    lines: Sequence[TradeLine],
    day: date,
    works_certified: bool = False,
    quote: WorksQuote | None = None,
) -> list[Problem]:
    """Of an invoice, or of a quote when `quote` is given: there the signature brings the certification."""
    problems = [*_insurance_problems(company)]
    if quote is None:
        problems += _certification_problems(company, lines, day, works_certified)
    else:
        problems += _quote_problems(company, lines, day, quote)
    if FIVE_AND_A_HALF in _reduced_rates(company, lines, day) and not company.rge:
        problems.append(
            doubt(
                "company",
                "rge",
                _("Rénovation énergétique sans qualification RGE : votre client n’obtiendra pas les aides."),
            )
        )
    return problems


def _insurance_problems(company: Company) -> Iterator[Problem]:
    if not is_insured_trade(company):
        return
    if not company.insurance:
        yield Problem(
            "company",
            "insurance",
            _("Votre métier l’exige : indiquez votre assurance professionnelle et les coordonnées de l’assureur."),
        )
    if not company.insurance_cover:
        yield Problem(
            "company",
            "insurance_cover",
            _("Votre métier l’exige : indiquez où votre assurance vous couvre, par exemple « France métropolitaine »."),
        )


def _certification_problems(
    company: Company, lines: Sequence[TradeLine], day: date, works_certified: bool
) -> Iterator[Problem]:
    if wants_certified_works(company, lines, day) and not works_certified:
        yield Problem(
            "invoice",
            "works_certified",
            _(
                "Des travaux sont au taux réduit : confirmez que le client a certifié, sur le devis ou le contrat, un "
                "logement achevé depuis plus de deux ans. Sinon, appliquez le taux normal."
            ),
        )


def _quote_problems(company: Company, lines: Sequence[TradeLine], day: date, quote: WorksQuote) -> Iterator[Problem]:
    if quotes_works(company, lines):
        if not quote.place.strip():
            yield Problem("invoice", "work_place", _("Indiquez où les travaux auront lieu."))
        if not quote.charge.strip():
            yield Problem("invoice", "fee", _("Dites si ce devis est gratuit, ou ce qu’il coûte."))
    if wants_waste_section(company, lines, day):
        waste = quote.waste or WasteSection("", "", "", "")
        for field, value, message in (
            ("waste_quantity", waste.quantity, _("Estimez la quantité de déchets du chantier.")),
            ("waste_handling", waste.handling, _("Dites comment les déchets sont triés et enlevés.")),
            ("waste_points", waste.points, _("Indiquez le point de collecte des déchets : nom, adresse et type.")),
            ("waste_cost", waste.cost, _("Estimez le coût d’enlèvement et de traitement des déchets.")),
        ):
            if not value.strip():
                yield Problem("invoice", field, message)


def _sells_services(lines: Sequence[TradeLine]) -> bool:
    return any(line.nature == Nature.SERVICES for line in lines)


def _reduced_rates(company: Company, lines: Sequence[TradeLine], day: date) -> set[Decimal]:
    """10 % and 5,5 % among the services of a building company."""
    if not company.practises(Trade.BUILDING):
        return set()
    charges_vat = company.vat_on(day).charges_vat
    vats = (vat_of(line, charges_vat=charges_vat) for line in lines if line.nature == Nature.SERVICES)
    return {vat.rate for vat in vats if vat.category == VatCategory.STANDARD and vat.rate in {TEN, FIVE_AND_A_HALF}}
