"""How a line stands towards VAT when it is not simply taxed: why, under which article, and how EN 16931 calls it.

The printed texts are law: French, dated, with their source. They moved from the CGI to the CIBS on 2026-09-01; where
the new article is not known to us the CGI one stays, which the law admits until 2027-12-31, and the source says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from reglo.companies.states import Nature


class VatCategory(StrEnum):
    """UNTDID 5305, the codes that EN 16931 allows in France."""

    STANDARD = "S"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    INTRA_EU = "K"
    EXPORT = "G"
    OUTSIDE = "O"
    ZERO = "Z"


@dataclass(frozen=True)
class DatedText:
    """`text` printed from `since` included, until `until` excluded; `english` beside it for a customer abroad."""

    text: str
    since: date
    until: date | None
    source: str
    english: str = ""


@dataclass(frozen=True)
class Treatment:
    """`words` name it on screen; `vatex` is its code in an e-invoice, or empty; `nature` what alone it suits."""

    key: str
    category: VatCategory
    words: Any  # a lazy translation
    vatex: str
    texts: tuple[DatedText, ...]
    nature: Nature | None = None


ALWAYS = date(2000, 1, 1)
CIBS = date(2026, 9, 1)  # ordonnance n° 2025-1247 du 17 décembre 2025
CGI_STAYS = " ; article du CIBS à préciser, l’ancienne référence est admise jusqu’au 31 décembre 2027"


def _cgi(text: str, source: str, english: str = "") -> tuple[DatedText, ...]:
    """A text of the CGI whose new article is not known to us."""
    return (
        DatedText(text, ALWAYS, CIBS, source, english),
        DatedText(text, CIBS, None, source + CGI_STAYS, english),
    )


def _exempt(key: str, words: Any, vatex: str, article: str, nature: Nature | None = None) -> Treatment:
    text = _cgi(f"Exonération de TVA, art. {article} du CGI", f"CGI art. {article}")
    return Treatment(key, VatCategory.EXEMPT, words, vatex, text, nature)


def _margin(key: str, words: Any, vatex: str, text: str, article: str) -> Treatment:
    return Treatment(
        key, VatCategory.EXEMPT, words, vatex, _cgi(text, f"CGI art. {article} et ann. II art. 242 nonies A")
    )


FRANCHISE = "franchise"
OTHER = "other"
OSS = "oss"
REVERSE_CONSTRUCTION = "reverse_construction"
REVERSE_EU_SERVICES = "reverse_eu_services"
INTRA_EU_GOODS = "intra_eu_goods"
EXPORT = "export"
EXPORT_OVERSEAS = "export_overseas"
OUTSIDE = "outside"
SERVICES_OUTSIDE_EU = "services_outside_eu"
NO_VAT_TERRITORY = "no_vat_territory"

TREATMENTS: tuple[Treatment, ...] = (
    Treatment(
        REVERSE_CONSTRUCTION,
        VatCategory.REVERSE_CHARGE,
        _("Autoliquidation (sous-traitance du bâtiment)"),
        "VATEX-EU-AE",
        _cgi("Autoliquidation, art. 283, 2 nonies du CGI", "CGI art. 283, 2 nonies", "Reverse charge"),
    ),
    Treatment(
        REVERSE_EU_SERVICES,
        VatCategory.REVERSE_CHARGE,
        _("Autoliquidation, prestation intracommunautaire"),
        "VATEX-EU-AE",
        _cgi(
            "Autoliquidation, art. 259, 1° du CGI et art. 196 de la directive 2006/112/CE",
            "CGI art. 259, 1° et 283 ; directive 2006/112/CE, art. 196",
            "Reverse charge, article 196 of Directive 2006/112/EC",
        ),
        Nature.SERVICES,
    ),
    Treatment(
        INTRA_EU_GOODS,
        VatCategory.INTRA_EU,
        _("Livraison intracommunautaire"),
        "VATEX-EU-IC",
        _cgi(
            "Exonération de TVA, art. 262 ter, I du CGI",
            "CGI art. 262 ter, I ; directive 2006/112/CE, art. 138",
            "Exempt intra-Community supply, article 138 of Directive 2006/112/EC",
        ),
        Nature.GOODS,
    ),
    Treatment(
        EXPORT,
        VatCategory.EXPORT,
        _("Exportation hors de l’Union européenne"),
        "VATEX-EU-G",
        _cgi(
            "Exonération de TVA, art. 262, I du CGI",
            "CGI art. 262, I ; directive 2006/112/CE, art. 146",
            "Exempt export, article 146 of Directive 2006/112/EC",
        ),
        Nature.GOODS,
    ),
    Treatment(
        EXPORT_OVERSEAS,
        VatCategory.EXPORT,
        _("Expédition vers l’outre-mer, ou depuis l’outre-mer"),
        "VATEX-EU-G",
        _cgi("Exonération de TVA, art. 262, I et 294, 2 du CGI", "CGI art. 262, I et 294, 2"),
        Nature.GOODS,
    ),
    Treatment(
        SERVICES_OUTSIDE_EU,
        VatCategory.OUTSIDE,
        _("Prestation à un professionnel hors de l’Union européenne"),
        "VATEX-EU-O",
        _cgi(
            "TVA non applicable, art. 259, 1° du CGI",
            "CGI art. 259, 1°",
            "Not subject to French VAT, article 44 of Directive 2006/112/EC",
        ),
        Nature.SERVICES,
    ),
    Treatment(OSS, VatCategory.STANDARD, _("TVA d’un autre pays (guichet OSS)"), "", ()),
    _exempt("training", _("Exonéré : formation professionnelle"), "VATEX-FR-CGI261-4", "261, 4, 4° a", Nature.SERVICES),
    _exempt("lessons", _("Exonéré : cours particuliers"), "VATEX-FR-CGI261-4", "261, 4, 4° b", Nature.SERVICES),
    _exempt("medical", _("Exonéré : soins médicaux et paramédicaux"), "VATEX-FR-CGI261-4", "261, 4, 1°"),
    _exempt("bare_rent", _("Exonéré : location nue"), "VATEX-FR-CGI261D-2", "261 D, 2°", Nature.SERVICES),
    _exempt("furnished_rent", _("Exonéré : location meublée"), "VATEX-FR-CGI261D-4", "261 D, 4°", Nature.SERVICES),
    _exempt("insurance", _("Exonéré : assurance et courtage d’assurance"), "VATEX-FR-CGI261C-2", "261 C, 2°"),
    _exempt("banking", _("Exonéré : opération bancaire ou financière"), "VATEX-FR-CGI261C-1", "261 C, 1°"),
    _exempt("non_profit", _("Exonéré : organisme sans but lucratif"), "VATEX-FR-CGI261-7", "261, 7, 1°"),
    _exempt("used_equipment", _("Exonéré : revente d’un bien usagé"), "VATEX-FR-CGI261-3", "261, 3, 1°", Nature.GOODS),
    _exempt("suspended", _("Exonéré : achat en franchise (attestation du client)"), "VATEX-FR-CGI275", "275"),
    _margin(
        "margin_used_goods",
        _("TVA sur la marge : biens d’occasion"),
        "VATEX-EU-F",
        "Régime particulier – Biens d’occasion",
        "297 A",
    ),
    _margin(
        "margin_art", _("TVA sur la marge : objets d’art"), "VATEX-EU-I", "Régime particulier – Objets d’art", "297 A"
    ),
    _margin(
        "margin_antiques",
        _("TVA sur la marge : objets de collection et d’antiquité"),
        "VATEX-EU-J",
        "Régime particulier – Objets de collection et d’antiquité",
        "297 A",
    ),
    _margin(
        "margin_travel",
        _("TVA sur la marge : agence de voyages"),
        "VATEX-EU-D",
        "Régime particulier – Agences de voyages",
        "266, 1, e",
    ),
    Treatment(OTHER, VatCategory.EXEMPT, _("Exonéré : autre motif"), "", ()),
    Treatment(
        OUTSIDE,
        VatCategory.OUTSIDE,
        _("Hors champ de la TVA"),
        "VATEX-EU-O",
        _cgi("Opération hors du champ de la TVA, art. 256 du CGI", "CGI art. 256", "Outside the scope of VAT"),
    ),
    Treatment(
        NO_VAT_TERRITORY,
        VatCategory.OUTSIDE,
        _("Territoire sans TVA (Guyane, Mayotte…)"),
        "VATEX-EU-O",
        _cgi("TVA non applicable, art. 294, 1 du CGI", "CGI art. 294, 1"),
    ),
    # Never chosen: the company is under it.
    Treatment(
        FRANCHISE,
        VatCategory.EXEMPT,
        _("Franchise en base"),
        "VATEX-FR-FRANCHISE",
        (
            DatedText("TVA non applicable, art. 293 B du CGI", ALWAYS, CIBS, "CGI art. 293 B et 242 nonies A, ann. II"),
            DatedText("TVA non applicable, art. L. 223-3 du CIBS", CIBS, None, "CIBS art. L. 223-3"),
        ),
    ),
)

_BY_KEY = {treatment.key: treatment for treatment in TREATMENTS}
CHOSEN = tuple(treatment for treatment in TREATMENTS if treatment.key != FRANCHISE)


def treatment_of(key: str) -> Treatment | None:
    """None where the line is plainly taxed, and of a key that is none of ours."""
    return _BY_KEY.get(key)


def in_force(texts: Sequence[DatedText], day: date) -> DatedText:
    """The one in force on `day`; a table without one for that day is a bug."""
    return next(text for text in texts if text.since <= day and (text.until is None or day < text.until))
