"""From the content that the books froze, or would freeze, to the document that is printed."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from babel import Locale
from django.conf import settings
from django.urls import is_valid_path

from reglo.companies.states import TermsKind
from reglo.files import store
<<<<<<< ours
from reglo.invoicing.content import DeductionContent, DocumentContent, LineContent, PartyContent, QuoteContent
||||||| base
from reglo.invoicing.content import DocumentContent, LineContent, PartyContent
=======
from reglo.invoicing.content import DocumentContent, LineContent
>>>>>>> theirs
from reglo.money.taxes import RateTotal
from reglo.rendering.document import (
    Acquittal,
    Agreement,
    Correction,
    Customer,
    DeductedDeposit,
    Discount,
    Document,
    Instalment,
    Kind,
    Line,
    LineKind,
    Nature,
    Option,
    PriceMode,
    QuoteTerms,
    Seller,
    Terms,
    TransferAccount,
    Watermark,
)

PAY_PATH = "/payer"  # the page where number and amount are typed: printed on paper, it can never move


def invoice_document(
    content: DocumentContent,
    *,
    made_at: datetime,
    payable_online: bool,
    acquittal: Acquittal | None = None,
    agreement: Agreement | None = None,
) -> Document:
    """The printed form of `content`; a draft where it has no number. Raises FileMissing, FileAltered (the logo).

    A credit note falls due for nobody: it prints no due date.
    """
    correction = content.correction
    return Document(
        kind=Kind(content.kind),
        number=content.number or None,
        issue_date=date.fromisoformat(content.issue_date),
        due_date=None if correction else date.fromisoformat(content.due_date),
        correction=Correction(
            number=correction.number, issue_date=date.fromisoformat(correction.issue_date), reason=correction.reason
        )
        if correction
        else None,
        supplied_on=date.fromisoformat(content.supply_date) if content.supply_date else None,
        nature=_nature(content.natures),
        purchase_order=content.order_reference,
        delivery_address=_delivery(content),
        terms=_terms(content),
        seller=seller_of(content),
        customer=customer_of(content),
        lines=tuple(_line(line) for line in content.lines),
        price_mode=_price_mode(content),
        currency=content.currency,
        rates=tuple(
            RateTotal(rate.vat_category, Decimal(rate.vat_rate), rate.net_minor, rate.vat_minor)
            for rate in content.rates
        ),
        net_minor=content.net_minor,
        vat_minor=content.vat_minor,
        discount=_discount(content),
        gross_minor=content.gross_minor,
        notes=(content.mention,) if content.mention else (),
        legal_mentions=content.legal_mentions,
        transfer=TransferAccount(iban=content.iban, holder=content.account_holder, bic=content.bic)
        if content.iban
        else None,
        pay_url=_pay_url() if payable_online else None,
        watermark=watermark_of(content),
        acquittal=acquittal,
        deposits=tuple(_deposit(one) for one in content.deductions or ()),
        situation=content.situation,
        quote=_quote_terms(content.quote) if content.quote else None,
        agreement=agreement,
        language=content.language,
        made_at=made_at,
    )


def seller_of(content: DocumentContent) -> Seller:
    """The seller's head and foot of the page, with the logo read from the store."""
    seller = content.seller
    return Seller(
        name=seller.name,
        address=seller.address,
        siren=seller.siren,
        siret=seller.siret,
        vat_number=seller.vat_number,
        identity=seller.identity,
        contact=tuple(way for way in (seller.phone, seller.email, seller.website) if way),
        logo_png=store.read(content.logo_sha256) if content.logo_sha256 else None,
        accent=content.accent_colour,
    )


def customer_of(content: DocumentContent) -> Customer:
    customer = content.customer
    return Customer(
        name=customer.name,
        address=(*customer.address, *_country_line(customer.country, content)),
        siren=customer.siren,
        vat_number=customer.vat_number,
        attention=customer.attention,
    )


def watermark_of(content: DocumentContent) -> Watermark:
    if not content.number:
        return Watermark.DRAFT
    return Watermark.SPECIMEN if content.practice else Watermark.NONE


def _delivery(content: DocumentContent) -> tuple[str, ...]:
    """Where goods go, when not to the customer's address."""
    if not content.delivery:
        return ()
    return (*content.delivery, *_country_line(content.delivery_country or content.seller.country, content))


def _country_line(country: str, content: DocumentContent) -> list[str]:
    """The country in capitals, as the post wants it, on a letter that leaves the seller's."""
    if country == content.seller.country:
        return []
    return [Locale(content.language).territories.get(country, country).upper()]


def _line(line: LineContent) -> Line:
    if not line.is_article:
        return Line(description=line.description, kind=LineKind(line.kind), amount_minor=line.amount_minor)
    return Line(
        description=line.description,
        quantity=Decimal(line.quantity),
        unit=line.unit,
        unit_price=Decimal(line.unit_price),
        discount_rate=Decimal(line.discount_rate),
        discount_minor=line.discount_minor,
        vat_rate=Decimal(line.vat_rate),
        amount_minor=line.amount_minor,
        option=Option(line.option) if line.option else None,
    )


def _deposit(deduction: DeductionContent) -> DeductedDeposit:
    return DeductedDeposit(
        number=deduction.number,
        issue_date=date.fromisoformat(deduction.issue_date),
        gross_minor=deduction.gross_minor,
        rates=tuple(
            RateTotal(share.vat_category, Decimal(share.vat_rate), share.net_minor, share.vat_minor)
            for share in deduction.shares
        ),
    )


def _quote_terms(quote: QuoteContent) -> QuoteTerms:
    return QuoteTerms(
        version=quote.version,
        work_place=quote.work_place,
        fee_minor=quote.fee_minor,
        deposit_minor=quote.deposit_minor,
        deposit_rate=Decimal(quote.deposit_rate) if quote.deposit_rate else None,
    )


def _discount(content: DocumentContent) -> Discount | None:
    discount = content.discount
    if discount is None:
        return None
    return Discount(minor=discount.amount_minor, rate=Decimal(discount.rate) if discount.rate else None)


def _terms(content: DocumentContent) -> Terms | None:
    if content.terms_kind is None:
        return None
    return Terms(
        kind=TermsKind(content.terms_kind),
        days=content.due_days or 0,
        instalments=tuple(
            Instalment(due_date=date.fromisoformat(one.due_date), amount_minor=one.amount_minor)
            for one in content.instalments
        ),
    )


def _price_mode(content: DocumentContent) -> PriceMode:
    if not content.charges_vat:
        return PriceMode.FRANCHISE
    return PriceMode.GROSS if content.prices_include_vat else PriceMode.NET


def _nature(natures: Sequence[str]) -> Nature | None:
    if len(natures) > 1:
        return Nature.BOTH
    return Nature(natures[0]) if natures else None


def _pay_url() -> str | None:
    """The public payment page of this installation; None where it has none, so that no dead address is printed."""
    return f"{settings.BASE_URL}{PAY_PATH}" if is_valid_path(PAY_PATH) else None
