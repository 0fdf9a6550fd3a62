"""Legal mentions as dated data, chosen by seller, customer and operation. The texts are law, not interface: French.

The VAT articles moved from the CGI to the CIBS on 2026-09-01; an invoice cites the text in force on its date.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reglo.companies.models import Company
from reglo.companies.states import Nature
from reglo.customers.models import Customer
from reglo.invoicing.models import DocumentHead, DocumentLine, Invoice


@dataclass(frozen=True)
class Mention:
    """`text` printed from `since` included, until `until` excluded."""

    text: str
    since: date
    until: date | None
    source: str


_ALWAYS = date(2000, 1, 1)
_CIBS = date(2026, 9, 1)

FRANCHISE = (
    Mention("TVA non applicable, art. 293 B du CGI", _ALWAYS, _CIBS, "CGI art. 293 B et 242 nonies A, ann. II"),
    Mention("TVA non applicable, art. L. 223-3 du CIBS", _CIBS, None, "CIBS art. L. 223-3"),
)
DEBITS = (
    Mention(
        "Option pour le paiement de la taxe d’après les débits",
        _ALWAYS,
        None,
        "CGI ann. II art. 242 nonies A",
    ),
)
RECOVERY = (
    Mention(
        "Indemnité forfaitaire pour frais de recouvrement en cas de retard : 40 €",
        date(2013, 1, 1),
        None,
        "Code de commerce art. L. 441-10 et D. 441-5",
    ),
)
NO_DISCOUNT = (Mention("Pas d’escompte pour paiement anticipé", _ALWAYS, None, "Code de commerce art. L. 441-9"),)
DEFAULT_PENALTY = (
    Mention(
        "Pénalités de retard : taux de refinancement de la BCE majoré de 10 points",
        _ALWAYS,
        None,
        "Code de commerce art. L. 441-10",
    ),
)
NATURES = {
    (Nature.SERVICES,): "Nature de l’opération : prestation de services",
    (Nature.GOODS,): "Nature de l’opération : livraison de biens",
    (Nature.GOODS, Nature.SERVICES): "Nature de l’opération : livraison de biens et prestation de services",
}


def legal_mentions(
    invoice: Invoice, *, company: Company, customer: Customer | None, lines: Sequence[DocumentLine], day: date
) -> list[str]:
    """The mentions that the law wants on this document, in the order they are printed."""
    mentions = []
    if not company.charges_vat:
        mentions.append(in_force(FRANCHISE, day))
    elif invoice.exemption_reason and any(not line.vat_rate for line in lines):
        mentions.append(invoice.exemption_reason)
    natures = natures_of(lines)
    if natures:
        mentions.append(NATURES[natures])
    if company.charges_vat and company.vat_on_debits:
        mentions.append(in_force(DEBITS, day))
    if customer is None or customer.is_professional:
        mentions += [_penalty(company, day), in_force(RECOVERY, day), in_force(NO_DISCOUNT, day)]
    elif company.mediator:
        mentions.append(f"Médiateur de la consommation : {company.mediator}")
    if company.insurance:
        mentions.append(f"Assurance professionnelle : {company.insurance}")
    return mentions


def credit_note_mentions(
    credit_note: Invoice, *, company: Company, charges_vat: bool, lines: Sequence[DocumentLine], day: date
) -> list[str]:
    """Why there is no VAT, what was sold, who insures: delays and penalties are those of what is owed."""
    mentions = []
    if not charges_vat:
        mentions.append(in_force(FRANCHISE, day))
    elif credit_note.exemption_reason and any(not line.vat_rate for line in lines):
        mentions.append(credit_note.exemption_reason)
    mentions.append(NATURES[natures_of(lines)])
    if company.insurance:
        mentions.append(f"Assurance professionnelle : {company.insurance}")
    return mentions


def quote_mentions(
    version: DocumentHead, *, company: Company, customer: Customer | None, lines: Sequence[DocumentLine], day: date
) -> list[str]:
    """Why there is no VAT, what is sold, who insures and mediates: what is owed late is the invoice's affair."""
    mentions = []
    if not company.charges_vat:
        mentions.append(in_force(FRANCHISE, day))
    elif version.exemption_reason and any(not line.vat_rate for line in lines):
        mentions.append(version.exemption_reason)
    if natures := natures_of(lines):
        mentions.append(NATURES[natures])
    if customer is not None and not customer.is_professional and company.mediator:
        mentions.append(f"Médiateur de la consommation : {company.mediator}")
    if company.insurance:
        mentions.append(f"Assurance professionnelle : {company.insurance}")
    return mentions


def natures_of(lines: Sequence[DocumentLine]) -> tuple[Nature, ...]:
    """The natures sold, goods before services."""
    return tuple(nature for nature in Nature if any(line.nature == nature for line in lines))


def in_force(mentions: Sequence[Mention], day: date) -> str:
    """The text in force on `day`; a table without one for that day is a bug."""
    return next(m.text for m in mentions if m.since <= day and (m.until is None or day < m.until))


def _penalty(company: Company, day: date) -> str:
    if company.late_penalty_rate is None:
        return in_force(DEFAULT_PENALTY, day)
    rate = f"{company.late_penalty_rate:f}".rstrip("0").rstrip(".").replace(".", ",")
    return f"Pénalités de retard : {rate} % par an"
