"""The content of an invoice as it is issued, and the parts that every kind of document has."""

from collections.abc import Sequence
from datetime import date

from reglo.catalog.vat_territories import is_french
from reglo.catalog.vat_treatments import OSS, REVERSE_EU_SERVICES, treatment_of
from reglo.companies.models import Company
from reglo.companies.states import LegalForm, Nature
from reglo.customers.models import Customer
from reglo.invoicing.content import (
    DEPOSIT_CODE,
    DeductionContent,
    DiscountContent,
    DocumentContent,
    InstalmentContent,
    LineContent,
    PartyContent,
    RateContent,
    RateDiscountContent,
    plain,
)
from reglo.invoicing.line_vat import reason_of, vat_of
from reglo.invoicing.mentions import legal_mentions, natures_of
from reglo.invoicing.models import DocumentHead, DocumentLine, Invoice
from reglo.invoicing.states import DocumentKind, LineKind
from reglo.invoicing.terms import COUNTED_IN_DAYS
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
    sold, charges_vat = articles(lines), company.vat_on(issue_date).charges_vat
    due_minor = totals.gross_minor - sum(one.gross_minor for one in deductions)
    return DocumentContent(
        kind=DocumentKind(invoice.kind).value,
        practice=company.practice,
        number=number,
        issue_date=issue_date.isoformat(),
        due_date=due_date.isoformat(),
        supply_date=invoice.supply_date.isoformat() if invoice.supply_date else "",
        currency=invoice.currency,
        prices_include_vat=invoice.prices_include_vat,
        charges_vat=charges_vat,
        natures=tuple(nature.value for nature in natures_of(sold)),
        order_reference=invoice.order_reference,
        seller=seller_content(company, says_vat_number=charges_vat or declared_by_customer(sold)),
        customer=customer_content(customer, attention=invoice.attention),
        lines=line_contents(lines, totals, charges_vat=charges_vat),
        rates=rate_contents(
            totals,
            sold,
            charges_vat=charges_vat,
            exemption_reason=invoice.exemption_reason,
            country=customer.country if customer else "FR",
            day=issue_date,
        ),
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
        language=invoice.language,
        delivery=tuple(invoice.delivery_lines) or None,
        delivery_country=delivery_country(invoice, customer),
        terms_kind=invoice.terms_kind,
        due_days=invoice.due_days if invoice.terms_kind in COUNTED_IN_DAYS else None,
        instalments=tuple(
            InstalmentContent(one.due_date.isoformat(), one.amount_minor)
            for one in invoice.terms.instalments(due_minor)
        ),
        type_code=DEPOSIT_CODE if invoice.is_deposit else None,
        situation=invoice.situation,
        deductions=deductions or None,
        discount=discount_content(invoice, totals),
    )


def delivery_country(document: DocumentHead, customer: Customer | None) -> str | None:
    if not document.delivery_lines:
        return None
    return document.delivery_country or (customer.country if customer else "FR")


def line_contents(lines: Sequence[DocumentLine], totals: Totals, *, charges_vat: bool) -> tuple[LineContent, ...]:
    return tuple(
        _article_content(line, amount, net, charges_vat=charges_vat)
        if line.is_article
        else LineContent(description=line.description, kind=LineKind(line.kind).value, amount_minor=amount)
        for line, amount, net in zip(lines, totals.line_minors, totals.line_net_minors, strict=True)
    )


def _article_content(line: DocumentLine, amount: int, net: int, *, charges_vat: bool) -> LineContent:
    vat = vat_of(line, charges_vat=charges_vat)
    return LineContent(
        description=line.description,
        nature=Nature(line.nature).value,
        quantity=plain(line.quantity),
        unit=line.unit,
        unit_price=plain(line.unit_price),
        discount_rate=plain(line.discount_rate),
        discount_minor=line.discount_minor,
        vat_rate=plain(vat.rate),
        amount_minor=amount,
        net_minor=net,
        vat_category=vat.category,
        exemption=vat.exemption or None,
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


def rate_contents(
    totals: Totals,
    sold: Sequence[DocumentLine],
    *,
    charges_vat: bool,
    exemption_reason: str,
    country: str,
    day: date,
) -> tuple[RateContent, ...]:
    """Each rate with what an e-invoice wants of it; `country` is the customer's. Several reasons under one category are
    one sentence without a code: EN 16931 has one group for each category and rate."""
    vats = list(dict.fromkeys(vat_of(line, charges_vat=charges_vat) for line in sold))
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
                reason=" ; ".join(dict.fromkeys(filter(None, reasons))) or None,
                country=country if OSS in keys else None,
            )
        )
    return tuple(contents)


def declared_by_customer(lines: Sequence[DocumentLine]) -> bool:
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
