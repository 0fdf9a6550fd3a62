"""The content of an invoice as it is issued, and the parts that every kind of document has."""

from collections.abc import Sequence
from datetime import date

from reglo.companies.models import Company
from reglo.companies.states import LegalForm, Nature
from reglo.customers.models import Customer
from reglo.invoicing.content import (
    DEPOSIT_CODE,
    DeductionContent,
    DiscountContent,
    DocumentContent,
    LineContent,
    PartyContent,
    RateContent,
    RateDiscountContent,
    plain,
)
from reglo.invoicing.mentions import legal_mentions, natures_of
from reglo.invoicing.models import DocumentHead, DocumentLine, Invoice
from reglo.invoicing.states import DocumentKind, LineKind
from reglo.invoicing.totals import articles
from reglo.money.taxes import Totals


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
