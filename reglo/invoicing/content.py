"""The whole document as it is printed and proved: typed here, canonical JSON in `Invoice.frozen`.

A draft builds the same content for its preview, so that preview, screen, PDF and proof cannot disagree.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from reglo.catalog.vat_territories import is_french
from reglo.catalog.vat_treatments import OSS, REVERSE_EU_SERVICES, treatment_of
from reglo.companies.models import Company
from reglo.companies.states import LegalForm, Nature
from reglo.customers.models import Customer
from reglo.invoicing.line_vat import reason_of, vat_of
from reglo.invoicing.mentions import legal_mentions, natures_of
from reglo.invoicing.models import Invoice, InvoiceLine
from reglo.invoicing.states import DocumentKind
from reglo.invoicing.terms import COUNTED_IN_DAYS
from reglo.money.taxes import Totals


@dataclass(frozen=True, slots=True)
class PartyContent:
    """Seller or customer as printed. `identity` holds the small lines under the address: form, capital, RCS."""

    name: str
    address: tuple[str, ...]
    country: str
    siren: str
    siret: str
    vat_number: str
    email: str
    phone: str
    website: str
    identity: tuple[str, ...]
    professional: bool
    attention: str = ""


@dataclass(frozen=True, slots=True)
class LineContent:
    """Decimals as plain text ("2.5"), `amount_minor` as printed on the line (net or gross, as typed)."""

    description: str
    nature: str
    quantity: str
    unit: str
    unit_price: str
    discount_rate: str
    vat_rate: str
    amount_minor: int
    net_minor: int
    vat_category: str | None = None  # of EN 16931
    exemption: str | None = None  # the key of a treatment, where the line is not plainly taxed


@dataclass(frozen=True, slots=True)
class RateContent:
    """What an e-invoice says of one category and rate: `exemption` is a VATEX code, `reason` what is printed, `country`
    whose VAT it is where it is not the seller's."""

    vat_category: str
    vat_rate: str
    net_minor: int
    vat_minor: int
    exemption: str | None = None
    reason: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class ShareContent:
    """What a credit note takes back of one rate of one nature."""

    vat_category: str
    vat_rate: str
    nature: str
    net_minor: int
    vat_minor: int


@dataclass(frozen=True, slots=True)
class CorrectionContent:
    """What a credit note corrects, and why."""

    number: str
    issue_date: str
    reason: str
    shares: tuple[ShareContent, ...]


@dataclass(frozen=True, slots=True)
class OpeningContent:
    """Of an invoice taken over: what it came to in the former tool, of which the rest was paid there."""

    total_minor: int


@dataclass(frozen=True, slots=True)
class InstalmentContent:
    """The date in ISO form."""

    due_date: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """Dates in ISO form, amounts in minor units of `currency`. `number` is empty in a draft."""

    kind: str  # a `DocumentKind`
    practice: bool
    number: str
    issue_date: str
    due_date: str
    supply_date: str
    currency: str
    prices_include_vat: bool
    charges_vat: bool
    natures: tuple[str, ...]
    order_reference: str
    seller: PartyContent
    customer: PartyContent
    lines: tuple[LineContent, ...]
    rates: tuple[RateContent, ...]
    net_minor: int
    vat_minor: int
    gross_minor: int
    mention: str
    legal_mentions: tuple[str, ...]
    iban: str
    bic: str
    account_holder: str
    accent_colour: str
    logo_sha256: str
    language: str
    correction: CorrectionContent | None = None  # of a credit note
    opening: OpeningContent | None = None  # of an invoice taken over
    # Where goods go, when not to the customer's address: the lines, and the ISO code of the country.
    delivery: tuple[str, ...] | None = None
    delivery_country: str | None = None
    terms_kind: str | None = None  # a `TermsKind`; None where nothing is owed
    due_days: int | None = None  # where the kind counts days
    instalments: tuple[InstalmentContent, ...] = ()  # they add up to the total; none where all is due at once

    def to_json(self) -> str:
        """Canonical: sorted keys, no spaces, UTF-8 kept."""
        return json.dumps(self, default=_fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "DocumentContent":
        data: dict[str, Any] = json.loads(text)
        data["seller"] = _party_from(data["seller"])
        data["customer"] = _party_from(data["customer"])
        data["lines"] = tuple(LineContent(**line) for line in data["lines"])
        data["rates"] = tuple(RateContent(**rate) for rate in data["rates"])
        data["natures"] = tuple(data["natures"])
        data["legal_mentions"] = tuple(data["legal_mentions"])
        if delivery := data.get("delivery"):
            data["delivery"] = tuple(delivery)
        data["instalments"] = tuple(InstalmentContent(**one) for one in data.get("instalments", ()))
        if correction := data.get("correction"):
            shares = tuple(ShareContent(**share) for share in correction["shares"])
            data["correction"] = CorrectionContent(**{**correction, "shares": shares})
        if opening := data.get("opening"):
            data["opening"] = OpeningContent(**opening)
        return cls(**data)


def content_of(
    invoice: Invoice,
    *,
    company: Company,
    customer: Customer | None,
    lines: Sequence[InvoiceLine],
    totals: Totals,
    number: str,
    issue_date: date,
    due_date: date,
) -> DocumentContent:
    """The content of `invoice` as it would be, or is being, issued on `issue_date`."""
    charges_vat = company.vat_on(issue_date).charges_vat
    return DocumentContent(
        kind=DocumentKind.INVOICE.value,
        practice=company.practice,
        number=number,
        issue_date=issue_date.isoformat(),
        due_date=due_date.isoformat(),
        supply_date=invoice.supply_date.isoformat() if invoice.supply_date else "",
        currency=invoice.currency,
        prices_include_vat=invoice.prices_include_vat,
        charges_vat=charges_vat,
        natures=tuple(nature.value for nature in natures_of(lines)),
        order_reference=invoice.order_reference,
        seller=seller_content(company, says_vat_number=charges_vat or declared_by_customer(lines)),
        customer=customer_content(customer, attention=invoice.attention),
        lines=line_contents(lines, totals, charges_vat=charges_vat),
        rates=rate_contents(
            totals,
            lines,
            charges_vat=charges_vat,
            exemption_reason=invoice.exemption_reason,
            country=customer.country if customer else "FR",
            day=issue_date,
        ),
        net_minor=totals.net_minor,
        vat_minor=totals.vat_minor,
        gross_minor=totals.gross_minor,
        mention=invoice.mention,
        legal_mentions=tuple(legal_mentions(invoice, company=company, customer=customer, lines=lines, day=issue_date)),
        iban=company.iban,
        bic=company.bic,
        account_holder=company.account_holder or company.name,
        accent_colour=company.accent_colour,
        logo_sha256=company.logo_id or "",
        language=invoice.language,
        delivery=tuple(invoice.delivery_lines) or None,
        delivery_country=_delivery_country(invoice, customer),
        terms_kind=invoice.terms_kind,
        due_days=invoice.due_days if invoice.terms_kind in COUNTED_IN_DAYS else None,
        instalments=tuple(
            InstalmentContent(one.due_date.isoformat(), one.amount_minor)
            for one in invoice.terms.instalments(totals.gross_minor)
        ),
    )


def _delivery_country(invoice: Invoice, customer: Customer | None) -> str | None:
    if not invoice.delivery_lines:
        return None
    return invoice.delivery_country or (customer.country if customer else "FR")


def line_contents(lines: Sequence[InvoiceLine], totals: Totals, *, charges_vat: bool) -> tuple[LineContent, ...]:
    return tuple(
        LineContent(
            description=line.description,
            nature=Nature(line.nature).value,
            quantity=plain(line.quantity),
            unit=line.unit,
            unit_price=plain(line.unit_price),
            discount_rate=plain(line.discount_rate),
            vat_rate=plain(vat.rate),
            amount_minor=amount,
            net_minor=net,
            vat_category=vat.category,
            exemption=vat.exemption or None,
        )
        for line, amount, net in zip(lines, totals.line_minors, totals.line_net_minors, strict=True)
        for vat in [vat_of(line, charges_vat=charges_vat)]
    )


def rate_contents(
    totals: Totals,
    lines: Sequence[InvoiceLine],
    *,
    charges_vat: bool,
    exemption_reason: str,
    country: str,
    day: date,
) -> tuple[RateContent, ...]:
    """Each rate with what an e-invoice wants of it; `country` is the customer's. Several reasons under one category are
    one sentence without a code: EN 16931 has one group for each category and rate."""
    vats = list(dict.fromkeys(vat_of(line, charges_vat=charges_vat) for line in lines))
    contents = []
    for rate in totals.rates:
        keys = [vat.exemption for vat in vats if (vat.category, vat.rate) == (rate.vat_category, rate.vat_rate)]
        reasons = [
            reason_of(key, free_text=exemption_reason, day=day, english=not is_french(country)) for key in keys if key
        ]
        codes = {treatment.vatex for key in keys if (treatment := treatment_of(key))}
        contents.append(
            RateContent(
                rate.vat_category,
                plain(rate.vat_rate),
                rate.net_minor,
                rate.vat_minor,
                exemption=(codes.pop() or None) if len(codes) == 1 else None,
                reason=" ; ".join(dict.fromkeys(filter(None, reasons))) or None,
                country=country if OSS in keys else None,
            )
        )
    return tuple(contents)


def category_of(part: LineContent) -> str:
    """Of a line frozen before its category was written too, the one that its rate implies."""
    return part.vat_category or ("S" if Decimal(part.vat_rate) else "E")


def declared_by_customer(lines: Sequence[InvoiceLine]) -> bool:
    """Whether a business elsewhere in the Union declares the VAT: both numbers are then printed, in any regime."""
    return any(line.exemption == REVERSE_EU_SERVICES for line in lines)


def seller_content(company: Company, *, says_vat_number: bool) -> PartyContent:
    return PartyContent(
        name=f"{company.name} EI" if LegalForm(company.legal_form).is_sole_trader else company.name,
        address=tuple(company.address_lines),
        country=company.country,
        siren=company.siren,
        siret=company.siret,
        vat_number=company.vat_number if says_vat_number else "",
        email=company.email,
        phone=company.phone,
        website=company.website,
        identity=tuple(_seller_identity(company)),
        professional=True,
    )


def customer_content(customer: Customer | None, *, attention: str = "") -> PartyContent:
    if customer is None:
        return PartyContent("", (), "FR", "", "", "", "", "", "", (), True)
    return PartyContent(
        name=customer.name,
        address=tuple(customer.address_lines),
        country=customer.country,
        siren=customer.siren if customer.is_professional else "",
        siret="",
        vat_number=customer.vat_number if customer.is_professional else "",
        email=customer.email,
        phone=customer.phone,
        website="",
        identity=(),
        professional=customer.is_professional,
        attention=attention,
    )


def plain(value: Decimal) -> str:
    """Without trailing zeros nor exponent: 2.5000 → "2.5", 20.00 → "20"."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _seller_identity(company: Company) -> list[str]:
    form = LegalForm(company.legal_form)
    lines = []
    if form.is_sole_trader:
        lines.append("Entrepreneur individuel")
    elif company.share_capital:
        lines.append(f"{form.label} au capital de {company.share_capital}")
    else:
        lines.append(str(form.label))
    if company.rcs_city:
        lines.append(f"RCS {company.rcs_city} {company.siren}")
    return lines


_SELDOM = frozenset({"attention", "instalments"})
_Part = (
    PartyContent
    | LineContent
    | RateContent
    | ShareContent
    | CorrectionContent
    | OpeningContent
    | InstalmentContent
    | DocumentContent
)


def _fields(content: _Part) -> dict[str, object]:
    """What does not apply is left out."""
    values = ((name, getattr(content, name)) for name in content.__slots__)
    return {name: value for name, value in values if value is not None and (value or name not in _SELDOM)}


def _party_from(data: dict[str, Any]) -> PartyContent:
    return PartyContent(**{**data, "address": tuple(data["address"]), "identity": tuple(data["identity"])})
