"""The whole document as it is printed and proved: typed here, canonical JSON in `Invoice.frozen`.

A draft builds the same content for its preview, so that preview, screen, PDF and proof cannot disagree.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from reglo.companies.models import Company
from reglo.companies.states import LegalForm, Nature
from reglo.customers.models import Customer
from reglo.invoicing.mentions import legal_mentions, natures_of
from reglo.invoicing.models import DocumentHead, DocumentLine, Invoice
from reglo.invoicing.states import DocumentKind, LineKind
from reglo.invoicing.totals import Share, articles
from reglo.money.taxes import Totals

QUOTE = "quote"
DEPOSIT_CODE = "386"
OFFERED, TAKEN, LEFT = "offered", "taken", "left"


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


@dataclass(frozen=True, slots=True)
class LineContent:
    """Decimals as plain text ("2.5"), `amount_minor` as printed on the line (net or gross, as typed).

    `discount_minor` is an amount off the line, in the same mode. What is no article has a text alone, and the amount
    of a subtotal.
    """

    description: str
    nature: str = ""
    quantity: str = ""
    unit: str = ""
    unit_price: str = ""
    discount_rate: str = ""
    vat_rate: str = ""
    amount_minor: int = 0
    net_minor: int = 0
    kind: str = LineKind.ARTICLE.value
    discount_minor: int = 0
    option: str | None = None  # of a quote's: OFFERED, TAKEN or LEFT; none of the lines that are in the total anyway

    @property
    def is_article(self) -> bool:
        return self.kind == LineKind.ARTICLE


@dataclass(frozen=True, slots=True)
class RateContent:
    vat_category: str
    vat_rate: str
    net_minor: int
    vat_minor: int


@dataclass(frozen=True, slots=True)
class RateDiscountContent:
    """What the discount of the document takes of one rate: BG-20 of EN 16931, `base_minor` being BT-93 and `net_minor`
    BT-92; `amount_minor` is in the mode of the prices."""

    vat_category: str
    vat_rate: str
    base_minor: int
    amount_minor: int
    net_minor: int


@dataclass(frozen=True, slots=True)
class DiscountContent:
    """The discount of a whole document. `rate` in percent, empty where an amount was typed."""

    rate: str
    amount_minor: int
    net_minor: int
    parts: tuple[RateDiscountContent, ...]


@dataclass(frozen=True, slots=True)
class ShareContent:
    """What a credit note takes back of one rate of one nature, and of the discount that goes with it."""

    vat_category: str
    vat_rate: str
    nature: str
    net_minor: int
    vat_minor: int
    discount_minor: int | None = None  # of an invoice with a discount


@dataclass(frozen=True, slots=True)
class CorrectionContent:
    """What a credit note corrects, and why."""

    number: str
    issue_date: str
    reason: str
    shares: tuple[ShareContent, ...]


@dataclass(frozen=True, slots=True)
class DeductionContent:
    """What is taken off of a deposit that was invoiced before; on a credit note, what it makes deductible again."""

    number: str
    issue_date: str
    net_minor: int
    vat_minor: int
    gross_minor: int
    shares: tuple[ShareContent, ...]


@dataclass(frozen=True, slots=True)
class QuoteContent:
    """What only a quote says. `fee_minor`: what the quote itself costs. `deposit_minor`: what is asked at the order,
    nothing where it is 0; `deposit_rate` says of which part of the total it is, empty where an amount was typed."""

    version: int
    work_place: str
    fee_minor: int
    deposit_rate: str
    deposit_minor: int


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """Dates in ISO form, amounts in minor units of `currency`. `number` is empty in a draft; a quote is valid until
    `due_date`."""

    kind: str  # a `DocumentKind`, or QUOTE
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
    quote: QuoteContent | None = None
    type_code: str | None = None  # UNTDID 1001, of a deposit invoice: 386
    situation: int | None = None  # of the works of a quote: its rank
    deductions: tuple[DeductionContent, ...] | None = None

    @property
    def deducted_minor(self) -> int:
        """VAT included."""
        return sum(deduction.gross_minor for deduction in self.deductions or ())

    discount: DiscountContent | None = None

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
        if correction := data.get("correction"):
            shares = tuple(ShareContent(**share) for share in correction["shares"])
            data["correction"] = CorrectionContent(**{**correction, "shares": shares})
        if quote := data.get("quote"):
            data["quote"] = QuoteContent(**quote)
        if deductions := data.get("deductions"):
            data["deductions"] = tuple(
                DeductionContent(**{**one, "shares": tuple(ShareContent(**share) for share in one["shares"])})
                for one in deductions
            )
        if discount := data.get("discount"):
            parts = tuple(RateDiscountContent(**part) for part in discount["parts"])
            data["discount"] = DiscountContent(**{**discount, "parts": parts})
        return cls(**data)


def content_of(
    invoice: Invoice,
    *,
    company: Company,
    customer: Customer | None,
    lines: Sequence[DocumentLine],
    totals: Totals,
    number: str,
    issue_date: date,
    due_date: date,
    deductions: tuple[DeductionContent, ...] = (),
) -> DocumentContent:
    """The content of `invoice` as it would be, or is being, issued on `issue_date`."""
    sold = articles(lines)
    return DocumentContent(
        kind=DocumentKind(invoice.kind).value,
        practice=company.practice,
        number=number,
        issue_date=issue_date.isoformat(),
        due_date=due_date.isoformat(),
        supply_date=invoice.supply_date.isoformat() if invoice.supply_date else "",
        currency=invoice.currency,
        prices_include_vat=invoice.prices_include_vat,
        charges_vat=company.charges_vat,
        natures=tuple(nature.value for nature in natures_of(sold)),
        order_reference=invoice.order_reference,
        seller=seller_content(company),
        customer=customer_content(customer),
        lines=line_contents(lines, totals, charges_vat=company.charges_vat),
        rates=rate_contents(totals),
        net_minor=totals.net_minor,
        vat_minor=totals.vat_minor,
        gross_minor=totals.gross_minor,
        mention=invoice.mention,
        legal_mentions=tuple(legal_mentions(invoice, company=company, customer=customer, lines=sold, day=issue_date)),
        iban=company.iban,
        bic=company.bic,
        account_holder=company.account_holder or company.name,
        accent_colour=company.accent_colour,
        logo_sha256=company.logo_id or "",
        language="fr",
        type_code=DEPOSIT_CODE if invoice.is_deposit else None,
        situation=invoice.situation,
        deductions=deductions or None,
        discount=discount_content(invoice, totals),
    )


def share_contents(shares: Sequence[Share], *, discounted: bool = False) -> tuple[ShareContent, ...]:
    """`discounted`: what the discount of their invoice took of them is told too."""
    return tuple(
        ShareContent(
            share.vat_category,
            plain(share.vat_rate),
            share.nature.value,
            share.net_minor,
            share.vat_minor,
            share.discount_minor if discounted else None,
        )
        for share in shares
    )


def shares_from(contents: Sequence[ShareContent]) -> list[Share]:
    return [
        Share(
            share.vat_category,
            Decimal(share.vat_rate),
            Nature(share.nature),
            share.net_minor,
            share.vat_minor,
            share.discount_minor or 0,
        )
        for share in contents
    ]


def line_contents(lines: Sequence[DocumentLine], totals: Totals, *, charges_vat: bool) -> tuple[LineContent, ...]:
    return tuple(
        _article_content(line, amount, net, charges_vat=charges_vat)
        if line.is_article
        else LineContent(description=line.description, kind=LineKind(line.kind).value, amount_minor=amount)
        for line, amount, net in zip(lines, totals.line_minors, totals.line_net_minors, strict=True)
    )


def _article_content(line: DocumentLine, amount: int, net: int, *, charges_vat: bool) -> LineContent:
    return LineContent(
        description=line.description,
        nature=Nature(line.nature).value,
        quantity=plain(line.quantity),
        unit=line.unit,
        unit_price=plain(line.unit_price),
        discount_rate=plain(line.discount_rate),
        discount_minor=line.discount_minor,
        vat_rate=plain(line.vat_rate) if charges_vat else "0",
        amount_minor=amount,
        net_minor=net,
    )


def discount_content(document: DocumentHead, totals: Totals) -> DiscountContent | None:
    """What the discount of the document takes, rate by rate; None where it has none."""
    if not document.has_discount:
        return None
    return DiscountContent(
        rate="" if document.discount_rate is None else plain(document.discount_rate),
        amount_minor=totals.discount_minor,
        net_minor=totals.discount_net_minor,
        parts=tuple(
            RateDiscountContent(
                part.vat_category, plain(part.vat_rate), part.base_minor, part.amount_minor, part.net_minor
            )
            for part in totals.discounts
        ),
    )


def rate_contents(totals: Totals) -> tuple[RateContent, ...]:
    return tuple(
        RateContent(rate.vat_category, plain(rate.vat_rate), rate.net_minor, rate.vat_minor) for rate in totals.rates
    )


def seller_content(company: Company) -> PartyContent:
    return PartyContent(
        name=f"{company.name} EI" if company.legal_form in {LegalForm.EI, LegalForm.MICRO} else company.name,
        address=tuple(company.address_lines),
        country=company.country,
        siren=company.siren,
        siret=company.siret,
        vat_number=company.vat_number if company.charges_vat else "",
        email=company.email,
        phone=company.phone,
        website=company.website,
        identity=tuple(_seller_identity(company)),
        professional=True,
    )


def customer_content(customer: Customer | None) -> PartyContent:
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
    )


def plain(value: Decimal) -> str:
    """Without trailing zeros nor exponent: 2.5000 → "2.5", 20.00 → "20"."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _seller_identity(company: Company) -> list[str]:
    form = LegalForm(company.legal_form)
    lines = []
    if form in {LegalForm.EI, LegalForm.MICRO}:
        lines.append("Entrepreneur individuel")
    elif company.share_capital:
        lines.append(f"{form.label} au capital de {company.share_capital}")
    else:
        lines.append(str(form.label))
    if company.rcs_city:
        lines.append(f"RCS {company.rcs_city} {company.siren}")
    return lines


_Part = (
    PartyContent
    | LineContent
    | RateContent
    | RateDiscountContent
    | DiscountContent
    | ShareContent
    | CorrectionContent
    | DeductionContent
    | QuoteContent
    | DocumentContent
)


def _fields(content: _Part) -> dict[str, object]:
    """What does not apply is left out."""
    values = ((name, getattr(content, name)) for name in content.__slots__)
    return {name: value for name, value in values if value is not None}


def _party_from(data: dict[str, Any]) -> PartyContent:
    return PartyContent(**{**data, "address": tuple(data["address"]), "identity": tuple(data["identity"])})
