"""The whole document as it is printed and proved: typed here, canonical JSON in `Invoice.frozen`.

A draft builds the same content for its preview, so that preview, screen, PDF and proof cannot disagree.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reglo.companies.states import Nature
from reglo.invoicing.states import LineKind
from reglo.invoicing.totals import Share

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
    attention: str = ""


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
    vat_category: str | None = None  # of EN 16931
    exemption: str | None = None  # the key of a treatment, where the line is not plainly taxed

    @property
    def is_article(self) -> bool:
        return self.kind == LineKind.ARTICLE


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
    discount: DiscountContent | None = None
    opening: OpeningContent | None = None  # of an invoice taken over
    # Where goods go, when not to the customer's address: the lines, and the ISO code of the country.
    delivery: tuple[str, ...] | None = None
    delivery_country: str | None = None
    terms_kind: str | None = None  # a `TermsKind`; None where nothing is owed
    due_days: int | None = None  # where the kind counts days
    instalments: tuple[InstalmentContent, ...] = ()  # they add up to the total; none where all is due at once

    @property
    def deducted_minor(self) -> int:
        """VAT included."""
        return sum(deduction.gross_minor for deduction in self.deductions or ())

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
        if opening := data.get("opening"):
            data["opening"] = OpeningContent(**opening)
        return cls(**data)


def category_of(part: LineContent) -> str:
    """Of a line frozen before its category was written too, the one that its rate implies."""
    return part.vat_category or ("S" if Decimal(part.vat_rate) else "E")


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


def plain(value: Decimal) -> str:
    """Without trailing zeros nor exponent: 2.5000 → "2.5", 20.00 → "20"."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


_SELDOM = frozenset({"attention", "instalments"})
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
