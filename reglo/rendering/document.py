"""What is printed, and nothing else: plain values, no database. A page is a pure function of one of these.

Amounts are integer minor units of the document's currency; unit prices, quantities and rates are `Decimal`, unit prices
in major units. Dates are the company's own calendar dates. Texts are printed as they are, never interpreted.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from reglo.companies.states import TermsKind
from reglo.money.taxes import RateTotal

DEFAULT_ACCENT = "#0b7a4b"


class Kind(StrEnum):
    INVOICE = "invoice"
    DEPOSIT = "deposit"
    CREDIT_NOTE = "credit_note"
    QUOTE = "quote"


class PriceMode(StrEnum):
    """How prices are typed, hence printed. Under franchise en base no VAT word appears at all."""

    NET = "net"
    GROSS = "gross"
    FRANCHISE = "franchise"


class Nature(StrEnum):
    GOODS = "goods"
    SERVICES = "services"
    BOTH = "both"


class LineKind(StrEnum):
    """Only an article is sold: the others are a text, and the amount of a subtotal."""

    ARTICLE = "article"
    SECTION = "section"
    SUBTOTAL = "subtotal"
    COMMENT = "comment"


class Watermark(StrEnum):
    NONE = "none"
    DRAFT = "draft"
    SPECIMEN = "specimen"


class Option(StrEnum):
    OFFERED = "offered"
    TAKEN = "taken"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    name: str
    address: tuple[str, ...]
    siren: str  # 9 digits, printed in groups of three; empty only in a draft
    siret: str = ""
    vat_number: str = ""
    identity: tuple[str, ...] = ()  # printed at the foot: "SARL au capital de 5 000 €", "RCS Lyon 812345678"
    contact: tuple[str, ...] = ()  # telephone, e-mail, site: one each
    logo_png: bytes | None = None
    accent: str = DEFAULT_ACCENT  # "#rrggbb", readable on white (see accent.py)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    name: str
    address: tuple[str, ...]
    siren: str = ""
    vat_number: str = ""
    attention: str = ""  # « Claire Fontaine, Comptabilité »


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    description: str
    kind: LineKind = LineKind.ARTICLE
    quantity: Decimal = Decimal(0)
    unit_price: Decimal = Decimal(0)  # without or with VAT, according to the document's PriceMode
    amount_minor: int = 0  # discount taken, in the same mode
    unit: str = ""
    discount_rate: Decimal = Decimal(0)  # percent
    discount_minor: int = 0  # off the whole line, in the same mode
    vat_rate: Decimal = Decimal(0)  # percent; not printed under franchise
    option: Option | None = None  # of a quote: in the total only once taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """Of the whole document: `rate` in percent, None where an amount was typed; `minor` in the mode of the prices."""

    minor: int
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferAccount:
    """Where a bank transfer goes. Both codes without spaces."""

    iban: str
    holder: str
    bic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquittal:
    """Why a duplicate says that it is paid, and on which day."""

    on: date
    means: str  # « par carte »; may be empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a credit note corrects, and why."""

    number: str
    issue_date: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeductedDeposit:
    """A deposit that was invoiced before: which part of it is deducted here, at which rates."""

    number: str
    issue_date: date
    gross_minor: int
    rates: tuple[RateTotal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteTerms:
    """What only a quote says: which version it is, where the work is done, what the quote itself costs, what is asked
    at the order (`deposit_rate` in percent, None for an amount)."""

    version: int = 1
    work_place: str = ""
    fee_minor: int = 0
    deposit_minor: int = 0
    deposit_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """« Bon pour accord »: who agreed to the quote, on which day, and how (« en ligne »)."""

    name: str
    on: date
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    due_date: date
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How the due date was counted, or the instalments, which add up to the total."""

    kind: TermsKind
    days: int = 0
    instalments: tuple[Instalment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An invoice, a deposit invoice, a credit note or a quote, as printed.

    `number` and `issue_date` are None on a draft. `rates` are printed in the given order and add up to the totals.
    `paid_minor` is what was already received, `deposits` what was already invoiced: both are deducted from the amount
    to pay. `pay_url` is the fixed public address where number and amount are typed: a secret link never enters a file.
    `acquittal` makes the duplicate.
    """

    kind: Kind
    number: str | None
    issue_date: date | None
    seller: Seller
    customer: Customer
    lines: tuple[Line, ...]
    price_mode: PriceMode
    currency: str
    rates: tuple[RateTotal, ...]
    net_minor: int
    vat_minor: int
    gross_minor: int
    made_at: datetime  # aware; stamped into the file, so that the same document gives the same bytes
    due_date: date | None = None
    supplied_on: date | None = None
    supplied_until: date | None = None  # with supplied_on: a period
    nature: Nature | None = None  # names the date of supply
    purchase_order: str = ""
    delivery_address: tuple[str, ...] = ()
    paid_minor: int = 0
<<<<<<< ours
    deposits: tuple[DeductedDeposit, ...] = ()
    situation: int | None = None  # of the works of a quote: its rank
    payment_terms: str = ""
||||||| base
    payment_terms: str = ""
=======
    terms: Terms | None = None
>>>>>>> theirs
    notes: tuple[str, ...] = ()
    legal_mentions: tuple[str, ...] = ()
    transfer: TransferAccount | None = None
    pay_url: str | None = None
    watermark: Watermark = Watermark.NONE
    acquittal: Acquittal | None = None
    correction: Correction | None = None  # of a credit note
    quote: QuoteTerms | None = None  # of a quote
    agreement: Agreement | None = None  # of an accepted quote
    discount: Discount | None = None  # already taken of the totals
    language: str = "fr"

    @property
    def due_minor(self) -> int:
        return self.gross_minor - self.paid_minor - sum(deposit.gross_minor for deposit in self.deposits)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidDocument:
    """A document that a payment settled, wholly or in part."""

    number: str
    issue_date: date
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """« Reçu »: somebody paid this much, on this day, by these means, for these documents."""

    seller: Seller
    payer: Customer
    amount_minor: int
    currency: str
    paid_on: date
    means: str  # « par carte »; may be empty
    documents: tuple[PaidDocument, ...]
    made_at: datetime
    reference: str = ""  # how the payment is called elsewhere: the provider's id, a cheque number
    mentions: tuple[str, ...] = ()
    watermark: Watermark = Watermark.NONE
    language: str = "fr"
