"""Legal mentions: one dated table, each row printed where its predicate holds. The texts are law: French.

Editable free mentions are printed elsewhere and never replace these. The reasons of `vat_treatments` are rows too.
The VAT articles moved from the CGI to the CIBS on 2026-09-01; a document cites the text in force on its date.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reglo.catalog.vat_territories import is_french
from reglo.catalog.vat_treatments import ALWAYS, CGI_STAYS, OSS, OTHER, TREATMENTS, VatCategory
from reglo.companies.models import Company
from reglo.companies.states import Nature, Trade
from reglo.customers.models import Customer
from reglo.invoicing.early_discount import early_discount_mention
from reglo.invoicing.line_vat import LineVat, vat_of
from reglo.invoicing.models import DocumentHead, DocumentLine, Invoice
from reglo.invoicing.states import QUOTE, DocumentKind

TEN, FIVE_AND_A_HALF = Decimal(10), Decimal("5.5")


@dataclass(frozen=True, slots=True)
class Operation:
    """Who sells what to whom, on which day, with which document: all that a predicate may look at."""

    kind: str  # a `DocumentKind`, or QUOTE
    company: Company
    customer: Customer | None
    vats: tuple[LineVat, ...]
    natures: tuple[Nature, ...]  # of the lines, in their order
    charges_vat: bool
    on_debits: bool
    exemption_reason: str
    day: date
    discount: str = ""  # the early-payment discount that this document grants, as the law wants it said

    @property
    def exemptions(self) -> frozenset[str]:
        return frozenset(vat.exemption for vat in self.vats)

    @property
    def is_abroad(self) -> bool:
        return self.customer is not None and not is_french(self.customer.country)


@dataclass(frozen=True)
class Mention:
    """`text` printed from `since` included, until `until` excluded, when the predicate `when` holds; `english` beside
    it for a customer abroad. Words between braces are those of `_values`."""

    key: str
    text: str
    since: date
    until: date | None
    source: str
    when: str
    english: str = ""


def _is_owed(operation: Operation) -> bool:
    return operation.kind not in {DocumentKind.CREDIT_NOTE, QUOTE}


def _still_sells(operation: Operation) -> bool:
    """An invoice, or the quote that the customer signs."""
    return operation.kind != DocumentKind.CREDIT_NOTE


def _sells(operation: Operation) -> frozenset[Nature]:
    return frozenset(operation.natures)


def _to_professional(operation: Operation) -> bool:
    return operation.customer is None or operation.customer.is_professional


def _owed_by_professional(operation: Operation) -> bool:
    return _is_owed(operation) and _to_professional(operation)


def _works_at(operation: Operation, rate: Decimal) -> bool:
    """Building works taxed at a reduced rate, which only the home of more than two years allows."""
    return operation.company.practises(Trade.BUILDING) and any(
        vat.category == VatCategory.STANDARD and vat.rate == rate and nature == Nature.SERVICES
        for vat, nature in zip(operation.vats, operation.natures, strict=True)
    )


def _treated(key: str) -> Callable[[Operation], bool]:
    return lambda operation: key in operation.exemptions


PREDICATES: dict[str, Callable[[Operation], bool]] = {
    **{f"vat_{treatment.key}": _treated(treatment.key) for treatment in TREATMENTS if treatment.key != OTHER},
    "vat_other": lambda operation: OTHER in operation.exemptions and bool(operation.exemption_reason),
    "services_alone": lambda operation: _sells(operation) == {Nature.SERVICES},
    "goods_alone": lambda operation: _sells(operation) == {Nature.GOODS},
    "goods_and_services": lambda operation: _sells(operation) == {Nature.GOODS, Nature.SERVICES},
    "vat_on_debits": lambda operation: _is_owed(operation) and operation.charges_vat and operation.on_debits,
    "works_at_10": lambda operation: _still_sells(operation) and _works_at(operation, TEN),
    "works_at_5_5": lambda operation: _still_sells(operation) and _works_at(operation, FIVE_AND_A_HALF),
    "professional_usual_penalty": lambda operation: (
        _owed_by_professional(operation) and operation.company.late_penalty_rate is None
    ),
    "professional_own_penalty": lambda operation: (
        _owed_by_professional(operation) and operation.company.late_penalty_rate is not None
    ),
    "professional": _owed_by_professional,
    "professional_without_discount": lambda operation: (
        _owed_by_professional(operation) and not operation.discount and not operation.company.early_discount
    ),
    "professional_with_discount": lambda operation: (
        _owed_by_professional(operation) and not operation.discount and bool(operation.company.early_discount)
    ),
    "granting_discount": lambda operation: _is_owed(operation) and bool(operation.discount),
    "consumer_with_mediator": lambda operation: (
        _still_sells(operation) and not _to_professional(operation) and bool(operation.company.mediator)
    ),
    "insured": lambda operation: bool(operation.company.insurance) and not operation.company.insurance_cover,
    "insured_with_cover": lambda operation: (
        bool(operation.company.insurance) and bool(operation.company.insurance_cover)
    ),
    "building_with_rge": lambda operation: bool(operation.company.rge) and operation.company.practises(Trade.BUILDING),
}

_CERTIFIED = (
    "{customer} certifie, en qualité de preneur de la prestation, que les travaux réalisés concernent des locaux à "
    "usage d’habitation achevés depuis plus de deux ans"
)
_NOT_NEW = (
    "qu’ils n’ont pas eu pour effet, sur une période de deux ans au plus, de concourir à la production d’un "
    "immeuble neuf au sens du 2° du 2 du I de l’article 257 du CGI, ni d’entraîner une augmentation de la surface de "
    "plancher des locaux existants supérieure à 10 %"
)
# The mention, signed on the quote or the invoice, replaced the Cerfa forms 1300-SD and 1301-SD.
WORKS_MENTION_SINCE = date(2025, 2, 16)
_WORKS_LAW = "loi n° 2025-127 du 14 février 2025, art. 41 ; BOI-LETTRE-000280 du 22 octobre 2025, à revérifier"

MENTIONS: tuple[Mention, ...] = (
    *(
        Mention(f"vat_{one.key}", text.text, text.since, text.until, text.source, f"vat_{one.key}", text.english)
        for one in TREATMENTS
        for text in one.texts
    ),
    Mention("vat_other", "{exemption_reason}", ALWAYS, None, "CGI ann. II art. 242 nonies A, I, 12°", "vat_other"),
    Mention(
        "vat_oss",
        "TVA du pays du client, déclarée au guichet unique de l’Union européenne (OSS)",
        date(2021, 7, 1),
        None,
        "directive 2006/112/CE, art. 369 bis et suivants ; CGI art. 298 sexdecies G" + CGI_STAYS,
        f"vat_{OSS}",
        "VAT of the customer’s country, declared under the One-Stop Shop (OSS)",
    ),
    Mention(
        "services",
        "Nature de l’opération : prestation de services",
        ALWAYS,
        None,
        "CGI ann. II art. 242 nonies A, I, 8° bis",
        "services_alone",
    ),
    Mention(
        "goods",
        "Nature de l’opération : livraison de biens",
        ALWAYS,
        None,
        "CGI ann. II art. 242 nonies A, I, 8° bis",
        "goods_alone",
    ),
    Mention(
        "goods_and_services",
        "Nature de l’opération : livraison de biens et prestation de services",
        ALWAYS,
        None,
        "CGI ann. II art. 242 nonies A, I, 8° bis",
        "goods_and_services",
    ),
    Mention(
        "debits",
        "Option pour le paiement de la taxe d’après les débits",
        ALWAYS,
        None,
        "CGI ann. II art. 242 nonies A",
        "vat_on_debits",
    ),
    Mention(
        "works_10",
        "Taux réduit appliqué au vu de l’attestation du client (Cerfa n° 1301-SD)",
        ALWAYS,
        WORKS_MENTION_SINCE,
        "CGI art. 279-0 bis, 3",
        "works_at_10",
    ),
    Mention(
        "works_10",
        f"{_CERTIFIED} et {_NOT_NEW}.",
        WORKS_MENTION_SINCE,
        None,
        f"CGI art. 279-0 bis, 3 ; {_WORKS_LAW}",
        "works_at_10",
    ),
    Mention(
        "works_5_5",
        "Taux réduit appliqué au vu de l’attestation du client (Cerfa n° 1301-SD)",
        ALWAYS,
        WORKS_MENTION_SINCE,
        "CGI art. 278-0 bis A",
        "works_at_5_5",
    ),
    Mention(
        "works_5_5",
        f"{_CERTIFIED}, {_NOT_NEW} et qu’ils ont la nature de travaux de rénovation énergétique.",
        WORKS_MENTION_SINCE,
        None,
        f"CGI art. 278-0 bis A, IV ; {_WORKS_LAW}",
        "works_at_5_5",
    ),
    Mention(
        "usual_penalty",
        "Pénalités de retard : taux de refinancement de la BCE majoré de 10 points",
        ALWAYS,
        None,
        "Code de commerce art. L. 441-10",
        "professional_usual_penalty",
    ),
    Mention(
        "own_penalty",
        "Pénalités de retard : {late_penalty_rate} % par an",
        ALWAYS,
        None,
        "Code de commerce art. L. 441-10",
        "professional_own_penalty",
    ),
    Mention(
        "recovery",
        "Indemnité forfaitaire pour frais de recouvrement en cas de retard : 40 €",
        date(2013, 1, 1),
        None,
        "Code de commerce art. L. 441-10 et D. 441-5",
        "professional",
    ),
    Mention(
        "no_discount",
        "Pas d’escompte pour paiement anticipé",
        ALWAYS,
        None,
        "Code de commerce art. L. 441-9",
        "professional_without_discount",
    ),
    Mention(
        "early_discount",
        "Escompte pour paiement anticipé : {early_discount}",
        ALWAYS,
        None,
        "Code de commerce art. L. 441-9",
        "professional_with_discount",
    ),
    Mention(
        "granted_discount",
        "{discount}",
        ALWAYS,
        None,
        "Code de commerce art. L. 441-9",
        "granting_discount",
    ),
    Mention(
        "mediator",
        "Médiateur de la consommation : {mediator}",
        date(2016, 1, 1),
        None,
        "Code de la consommation art. L. 616-1 et R. 616-1",
        "consumer_with_mediator",
    ),
    Mention(
        "insurance",
        "Assurance professionnelle : {insurance}",
        ALWAYS,
        None,
        "loi n° 96-603 du 5 juillet 1996, art. 22-2",
        "insured",
    ),
    Mention(
        "insurance_and_cover",
        "Assurance professionnelle : {insurance}, couverture géographique : {insurance_cover}",
        ALWAYS,
        None,
        "loi n° 96-603 du 5 juillet 1996, art. 22-2 (loi n° 2014-626 du 18 juin 2014, art. 22)",
        "insured_with_cover",
    ),
    Mention(
        "rge",
        "Qualification RGE : {rge}",
        date(2014, 9, 1),
        None,
        "décret n° 2014-812 du 16 juillet 2014",
        "building_with_rge",
    ),
)


def legal_mentions(
    document: Invoice, *, company: Company, customer: Customer | None, lines: Sequence[DocumentLine], day: date
) -> list[str]:
    """The mentions that the law wants on this document if it is issued on `day`, in the order they are printed."""
    vat = company.vat_on(day)
    return mentions_of(
        Operation(
            kind=document.kind,
            company=company,
            customer=customer,
            vats=tuple(vat_of(line, charges_vat=vat.charges_vat) for line in lines),
            natures=tuple(Nature(line.nature) for line in lines),
            charges_vat=vat.charges_vat,
            on_debits=vat.on_debits,
            exemption_reason=document.exemption_reason,
            day=day,
            discount=early_discount_mention(document) or "",
        )
    )


def credit_note_mentions(
    credit_note: Invoice, *, company: Company, charges_vat: bool, lines: Sequence[DocumentLine], day: date
) -> list[str]:
    """Why there is no VAT, as its invoice says, what was sold, who insures: delays and penalties are those of what is
    owed."""
    return mentions_of(
        Operation(
            kind=DocumentKind.CREDIT_NOTE,
            company=company,
            customer=credit_note.customer,
            vats=tuple(vat_of(line, charges_vat=charges_vat) for line in lines),
            natures=tuple(Nature(line.nature) for line in lines),
            charges_vat=charges_vat,
            on_debits=False,
            exemption_reason=credit_note.exemption_reason,
            day=day,
        )
    )


def quote_mentions(
    version: DocumentHead, *, company: Company, customer: Customer | None, lines: Sequence[DocumentLine], day: date
) -> list[str]:
    """Why there is no VAT, what is sold, what the customer certifies, who insures and mediates: what is owed late is
    the invoice's affair."""
    vat = company.vat_on(day)
    return mentions_of(
        Operation(
            kind=QUOTE,
            company=company,
            customer=customer,
            vats=tuple(vat_of(line, charges_vat=vat.charges_vat) for line in lines),
            natures=tuple(Nature(line.nature) for line in lines),
            charges_vat=vat.charges_vat,
            on_debits=vat.on_debits,
            exemption_reason=version.exemption_reason,
            day=day,
        )
    )


def mentions_of(operation: Operation) -> list[str]:
    """The rows in force on its day whose predicate holds, filled in."""
    values = _values(operation)
    printed = []
    for mention in MENTIONS:
        begun = mention.since <= operation.day and (mention.until is None or operation.day < mention.until)
        if begun and PREDICATES[mention.when](operation):
            text = mention.text.format_map(values)
            printed.append(f"{text} / {mention.english}" if mention.english and operation.is_abroad else text)
    return printed


def natures_of(lines: Sequence[DocumentLine]) -> tuple[Nature, ...]:
    """The natures sold, goods before services."""
    return tuple(nature for nature in Nature if any(line.nature == nature for line in lines))


def _values(operation: Operation) -> dict[str, str]:
    company, customer = operation.company, operation.customer
    rate = company.late_penalty_rate
    return {
        "exemption_reason": operation.exemption_reason,
        "late_penalty_rate": "" if rate is None else f"{rate:f}".rstrip("0").rstrip(".").replace(".", ","),
        "early_discount": company.early_discount,
        "discount": operation.discount,
        "mediator": company.mediator,
        "insurance": company.insurance,
        "insurance_cover": company.insurance_cover,
        "rge": company.rge,
        "customer": customer.name if customer else "Le client",
    }
