"""The whole quote as it is printed and proved: with its options as offered, or as they were taken."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.invoicing.content import (
    LEFT,
    OFFERED,
    QUOTE,
    TAKEN,
    DocumentContent,
    LineContent,
    QuoteContent,
    customer_content,
    line_contents,
    plain,
    rate_contents,
    seller_content,
)
from reglo.invoicing.mentions import natures_of, quote_mentions
from reglo.invoicing.models import QuoteLine, QuoteVersion
from reglo.invoicing.quoting import chosen_lines, deposit_of, lines_of_version, quote_totals
from reglo.money.taxes import Totals


def quote_content(
    version: QuoteVersion,
    *,
    company: Company,
    customer: Customer | None,
    lines: Sequence[QuoteLine],
    number: str,
    issue_date: date,
) -> DocumentContent:
    """As it would be, or is being, sent on `issue_date`. Its totals are those without any option."""
    totals = quote_totals(version, lines, charges_vat=company.charges_vat)
    return DocumentContent(
        kind=QUOTE,
        practice=company.practice,
        number=number,
        issue_date=issue_date.isoformat(),
        due_date=(issue_date + timedelta(days=version.valid_days)).isoformat(),
        supply_date=version.supply_date.isoformat() if version.supply_date else "",
        currency=version.currency,
        prices_include_vat=version.prices_include_vat,
        charges_vat=company.charges_vat,
        natures=tuple(nature.value for nature in natures_of(lines)),
        order_reference=version.order_reference,
        seller=seller_content(company),
        customer=customer_content(customer),
        lines=_lines(version, lines, totals, charges_vat=company.charges_vat),
        rates=rate_contents(totals),
        net_minor=totals.net_minor,
        vat_minor=totals.vat_minor,
        gross_minor=totals.gross_minor,
        mention=version.mention,
        legal_mentions=tuple(quote_mentions(version, company=company, customer=customer, lines=lines, day=issue_date)),
        iban="",
        bic="",
        account_holder="",
        accent_colour=company.accent_colour,
        logo_sha256=company.logo_id or "",
        language="fr",
        quote=_terms(version, totals),
    )


def content_with_options(version: QuoteVersion, taken: Collection[int]) -> DocumentContent:
    """What the customer read, added up with the options of the ranks `taken`, which are marked. Never frozen: it
    follows from the version, which is."""
    content = DocumentContent.from_json(version.frozen)
    lines = lines_of_version(version)
    totals = quote_totals(version, lines, charges_vat=content.charges_vat, taken=taken)
    marked = [
        replace(printed, option=TAKEN if line.rank in taken else LEFT) if line.optional else printed
        for line, printed in zip(lines, content.lines, strict=True)
    ]
    return replace(
        content,
        lines=tuple(marked),
        rates=rate_contents(totals),
        net_minor=totals.net_minor,
        vat_minor=totals.vat_minor,
        gross_minor=totals.gross_minor,
        quote=_terms(version, totals),
    )


def _lines(
    version: QuoteVersion, lines: Sequence[QuoteLine], totals: Totals, *, charges_vat: bool
) -> tuple[LineContent, ...]:
    """Those in the total with their part of it, each option by itself, in the order of the page."""
    firm = chosen_lines(lines)
    printed = dict(zip([line.rank for line in firm], line_contents(firm, totals, charges_vat=charges_vat), strict=True))
    for line in lines:
        if line.optional:
            alone = quote_totals(version, [line], charges_vat=charges_vat, taken=[line.rank])
            [content] = line_contents([line], alone, charges_vat=charges_vat)
            printed[line.rank] = replace(content, option=OFFERED)
    return tuple(printed[line.rank] for line in lines)


def _terms(version: QuoteVersion, totals: Totals) -> QuoteContent:
    deposit = deposit_of(version, totals.gross_minor)
    return QuoteContent(
        version=version.number,
        work_place=version.work_place,
        fee_minor=version.fee_minor,
        deposit_rate="" if deposit.rate is None else plain(Decimal(deposit.rate)),
        deposit_minor=deposit.amount_minor,
    )
