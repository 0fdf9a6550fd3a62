"""VAT rates as dated data: those of each French territory, and the standard rates of the other member states.

A rate outside its dates or its territory is refused. Those that have ended stay here: a correction cites them.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reglo.companies.states import Territory

_M, _C, _O = Territory.MAINLAND, Territory.CORSICA, Territory.OVERSEAS


@dataclass(frozen=True)
class VatRate:
    """`rate` in percent; usable from `since` included, until `until` excluded, in `territories`."""

    rate: Decimal
    since: date
    until: date | None
    source: str
    territories: frozenset[Territory] = frozenset({_M, _C})


def _of(rate: str, since: date, until: date | None, source: str, *where: Territory) -> VatRate:
    return VatRate(Decimal(rate), since, until, source, frozenset(where) if where else frozenset({_M, _C}))


# In French Guiana, Mayotte and the overseas territories that are no department, there is no VAT (CGI art. 294).
VAT_RATES = (
    # Mainland and Corsica
    _of("20", date(2014, 1, 1), None, "CGI art. 278"),
    _of("10", date(2014, 1, 1), None, "CGI art. 278 bis à septies"),
    _of("5.5", date(2012, 1, 1), None, "CGI art. 278-0 bis"),
    _of("2.1", date(1986, 1, 1), None, "CGI art. 281 quater et suivants"),
    # Corsica alone
    _of("13", date(2014, 1, 1), None, "CGI art. 297, I, 1, 1°", _C),
    _of("0.9", date(1986, 1, 1), None, "CGI art. 297, I, 1, 6°", _C),
    # Guadeloupe, Martinique, La Réunion
    _of("8.5", date(2000, 4, 1), None, "CGI art. 296, b", _O),
    _of("2.1", date(1986, 1, 1), None, "CGI art. 296, a", _O),
    _of("1.75", date(1986, 1, 1), None, "CGI art. 296 ter et 281 sexies ; BOFiP, BOI-TVA-GEO-20", _O),
    _of("1.05", date(1986, 1, 1), None, "CGI art. 296 ter et 298 septies ; BOFiP, BOI-TVA-GEO-20", _O),
    # Ended: corrections of old documents only
    _of("20.6", date(1995, 8, 1), date(2000, 4, 1), "CGI art. 278, loi n° 95-885"),
    _of("19.6", date(2000, 4, 1), date(2014, 1, 1), "CGI art. 278, loi n° 2000-656"),
    _of("7", date(2012, 1, 1), date(2014, 1, 1), "CGI art. 279, loi n° 2011-1978"),
    _of("5.5", date(1982, 7, 1), date(2012, 1, 1), "CGI art. 279"),
    _of("8", date(1986, 1, 1), date(2014, 1, 1), "CGI art. 297, I", _C),
)


@dataclass(frozen=True)
class ForeignRate:
    """The standard rate of a member state, in percent, from `since` included, until `until` excluded."""

    country: str
    rate: Decimal
    since: date
    until: date | None = None


def _standard(country: str, rate: str, since: date, until: date | None = None) -> ForeignRate:
    return ForeignRate(country, Decimal(rate), since, until)


# What the one-stop shop (OSS) collects for the others. Source: European Commission, « VAT rates applied in the Member
# States » and the national laws that changed them since; set down on 2026-11-29 from published lists, to be checked
# again against the Commission's database (Taxes in Europe) before each year. Reduced rates are not here: a merchant who
# knows one types it, and is asked to verify.
OSS_RATES_SET_DOWN = date(2026, 11, 29)
_BEGINNING = date(2021, 7, 1)  # of the one-stop shop
OSS_RATES = (
    _standard("AT", "20", _BEGINNING),
    _standard("BE", "21", _BEGINNING),
    _standard("BG", "20", _BEGINNING),
    _standard("CY", "19", _BEGINNING),
    _standard("CZ", "21", _BEGINNING),
    _standard("DE", "19", _BEGINNING),
    _standard("DK", "25", _BEGINNING),
    _standard("EE", "20", _BEGINNING, date(2024, 1, 1)),
    _standard("EE", "22", date(2024, 1, 1), date(2025, 7, 1)),
    _standard("EE", "24", date(2025, 7, 1)),
    _standard("ES", "21", _BEGINNING),
    _standard("FI", "24", _BEGINNING, date(2024, 9, 1)),
    _standard("FI", "25.5", date(2024, 9, 1)),
    _standard("GR", "24", _BEGINNING),
    _standard("HR", "25", _BEGINNING),
    _standard("HU", "27", _BEGINNING),
    _standard("IE", "23", _BEGINNING),
    _standard("IT", "22", _BEGINNING),
    _standard("LT", "21", _BEGINNING),
    _standard("LU", "17", _BEGINNING, date(2023, 1, 1)),
    _standard("LU", "16", date(2023, 1, 1), date(2024, 1, 1)),
    _standard("LU", "17", date(2024, 1, 1)),
    _standard("LV", "21", _BEGINNING),
    _standard("MT", "18", _BEGINNING),
    _standard("NL", "21", _BEGINNING),
    _standard("PL", "23", _BEGINNING),
    _standard("PT", "23", _BEGINNING),
    _standard("RO", "19", _BEGINNING, date(2025, 8, 1)),
    _standard("RO", "21", date(2025, 8, 1)),
    _standard("SE", "25", _BEGINNING),
    _standard("SI", "22", _BEGINNING),
    _standard("SK", "20", _BEGINNING, date(2025, 1, 1)),
    _standard("SK", "23", date(2025, 1, 1)),
)


def rates_on(day: date, territory: Territory = Territory.MAINLAND) -> list[Decimal]:
    """The rates that may be charged on `day`, the highest first; none where there is no VAT."""
    return sorted(
        {
            rate.rate
            for rate in VAT_RATES
            if territory in rate.territories and rate.since <= day and (rate.until is None or day < rate.until)
        },
        reverse=True,
    )


def oss_rate_on(day: date, country: str) -> Decimal | None:
    """The standard rate of a member state on `day`; None elsewhere, and before the one-stop shop."""
    return next(
        (
            rate.rate
            for rate in OSS_RATES
            if rate.country == country and rate.since <= day and (rate.until is None or day < rate.until)
        ),
        None,
    )
