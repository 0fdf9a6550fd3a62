"""The content of an invoice taken over: what is known of it, so that page, mail and receipt read it as any other."""

from decimal import Decimal

from reglo.companies.models import Company
from reglo.companies.states import Nature
from reglo.customers.models import Customer
from reglo.invoicing.content import (
    DocumentContent,
    LineContent,
    OpeningContent,
    RateContent,
    customer_content,
    plain,
    seller_content,
)
from reglo.invoicing.opening_rows import OpeningRow
from reglo.invoicing.states import DocumentKind
from reglo.money import Money
from reglo.ui import formats

# Read on a legal document: in the language of the law, whatever the screen's.
WORDS = "Facture %(number)s du %(day)s, émise par un autre logiciel"
REST = "Facture %(number)s : le reste"


def opening_content(row: OpeningRow, *, company: Company, customer: Customer) -> DocumentContent:
    """Its lines and totals are what remained to pay of it; its own total is told apart."""
    currency = company.currency
    day = formats.day(row.issue_date, language="fr")
    parts = [(WORDS % {"number": row.number, "day": day}, row.taxed_minor, row.vat_rate, row.vat_minor)]
    if row.taxed_minor != row.remaining_minor:
        rest = row.remaining_minor - row.taxed_minor
        parts = [*parts, (REST % {"number": row.number}, rest, Decimal(0), 0)]
    return DocumentContent(
        kind=DocumentKind.OPENING.value,
        practice=company.practice,
        number=row.number,
        issue_date=row.issue_date.isoformat(),
        due_date=row.due_date.isoformat(),
        supply_date="",
        currency=currency,
        prices_include_vat=True,
        charges_vat=bool(row.vat_minor),
        natures=(),
        order_reference="",
        seller=seller_content(company, says_vat_number=bool(row.vat_minor)),
        customer=customer_content(customer),
        lines=tuple(_line(words, minor, rate, vat, currency) for words, minor, rate, vat in parts),
        rates=tuple(_rate(minor, rate, vat) for _words, minor, rate, vat in parts),
        net_minor=row.remaining_minor - row.vat_minor,
        vat_minor=row.vat_minor,
        gross_minor=row.remaining_minor,
        mention="",
        legal_mentions=(),
        iban=company.iban,
        bic=company.bic,
        account_holder=company.account_holder or company.name,
        accent_colour=company.accent_colour,
        logo_sha256=company.logo_id or "",
        language="fr",
        opening=OpeningContent(total_minor=row.total_minor),
    )


def _line(words: str, minor: int, rate: Decimal, vat: int, currency: str) -> LineContent:
    return LineContent(
        description=words,
        nature=Nature.SERVICES.value,
        quantity="1",
        unit="",
        unit_price=plain(Money(minor, currency).to_decimal()),
        discount_rate="0",
        vat_rate=plain(rate),
        amount_minor=minor,
        net_minor=minor - vat,
        vat_category=_category(rate),
    )


def _rate(minor: int, rate: Decimal, vat: int) -> RateContent:
    return RateContent(vat_category=_category(rate), vat_rate=plain(rate), net_minor=minor - vat, vat_minor=vat)


def _category(rate: Decimal) -> str:
    """Of EN 16931: taxed, or outside the scope of what this book declares."""
    return "S" if rate else "O"
