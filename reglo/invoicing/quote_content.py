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
    TAKEN,
    DocumentContent,
    LineContent,
    QuoteContent,
    plain,
)
from reglo.invoicing.invoice_content import (
    customer_content,
    declared_by_customer,
    delivery_country,
    discount_content,
    line_contents,
    rate_contents,
    seller_content,
)
from reglo.invoicing.mentions import natures_of, quote_mentions
from reglo.invoicing.models import QuoteLine, QuoteVersion
from reglo.invoicing.quoting import chosen_lines, deposit_of, lines_of_version, quote_totals
from reglo.invoicing.states import QUOTE
from reglo.invoicing.terms import COUNTED_IN_DAYS
from reglo.invoicing.totals import articles, totals_of
from reglo.money.taxes import NO_DISCOUNT, Totals


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
    charges_vat, sold = company.vat_on(issue_date).charges_vat, articles(lines)
    totals = quote_totals(version, lines, charges_vat=charges_vat)
    return DocumentContent(
        kind=QUOTE,
        practice=company.practice,
        number=number,
        issue_date=issue_date.isoformat(),
        due_date=(issue_date + timedelta(days=version.valid_days)).isoformat(),
        supply_date=version.supply_date.isoformat() if version.supply_date else "",
        currency=version.currency,
        prices_include_vat=version.prices_include_vat,
        charges_vat=charges_vat,
        natures=tuple(nature.value for nature in natures_of(sold)),
        order_reference=version.order_reference,
        seller=seller_content(company, says_vat_number=charges_vat or declared_by_customer(sold)),
        customer=customer_content(customer, attention=version.attention),
        lines=_lines(version, lines, totals, charges_vat=charges_vat),
        rates=rate_contents(
            totals,
            chosen_lines(sold, ()),
            charges_vat=charges_vat,
            exemption_reason=version.exemption_reason,
            country=customer.country if customer else "FR",
            day=issue_date,
        ),
        net_minor=totals.net_minor,
        vat_minor=totals.vat_minor,
        gross_minor=totals.gross_minor,
        mention=version.mention,
        legal_mentions=tuple(quote_mentions(version, company=company, customer=customer, lines=sold, day=issue_date)),
        iban="",
        bic="",
        account_holder="",
        accent_colour=company.accent_colour,
        logo_sha256=company.logo_id or "",
        language=version.language,
        delivery=tuple(version.delivery_lines) or None,
        delivery_country=delivery_country(version, customer),
        terms_kind=version.terms_kind,
        due_days=version.due_days if version.terms_kind in COUNTED_IN_DAYS else None,
        quote=_terms(version, totals),
        discount=discount_content(version, totals),
    )


def content_with_options(version: QuoteVersion, taken: Collection[int]) -> DocumentContent:
    """What the customer read, added up with the options of the ranks `taken`, which are marked. Never frozen: it
    follows from the version, which is."""
    content = DocumentContent.from_json(version.frozen)
    lines = lines_of_version(version)
    totals = quote_totals(version, lines, charges_vat=content.charges_vat, taken=taken)
    return replace(
        content,
        lines=_lines(version, lines, totals, charges_vat=content.charges_vat, taken=taken),
        rates=rate_contents(
            totals,
            articles(chosen_lines(lines, taken)),
            charges_vat=content.charges_vat,
            exemption_reason=version.exemption_reason,
            country=content.customer.country,
            day=date.fromisoformat(content.issue_date),
        ),
        net_minor=totals.net_minor,
        vat_minor=totals.vat_minor,
        gross_minor=totals.gross_minor,
        quote=_terms(version, totals),
        discount=discount_content(version, totals),
    )


def printed_amounts(version: QuoteVersion, *, charges_vat: bool) -> list[int]:
    """The amount beside each line, as offered."""
    lines = lines_of_version(version)
    totals = quote_totals(version, lines, charges_vat=charges_vat)
    return [line.amount_minor for line in _lines(version, lines, totals, charges_vat=charges_vat)]


def _lines(
    version: QuoteVersion,
    lines: Sequence[QuoteLine],
    totals: Totals,
    *,
    charges_vat: bool,
    taken: Collection[int] | None = None,
) -> tuple[LineContent, ...]:
    """Those in the total with their part of it, each other option by itself, in the order of the page. `taken` is None
    where nothing was chosen yet."""
    chosen = chosen_lines(lines, taken or ())
    printed = dict(
        zip([line.rank for line in chosen], line_contents(chosen, totals, charges_vat=charges_vat), strict=True)
    )
    for line in lines:
        if line.optional and line.rank in printed:
            printed[line.rank] = replace(printed[line.rank], option=TAKEN)
        elif line.optional:
            content = _alone(version, line, charges_vat=charges_vat)
            printed[line.rank] = replace(content, option=OFFERED if taken is None else LEFT)
    return tuple(printed[line.rank] for line in lines)


def _alone(version: QuoteVersion, line: QuoteLine, *, charges_vat: bool) -> LineContent:
    """An option that is in no total, nor has a part of the discount."""
    totals = totals_of(
        [line],
        prices_include_vat=version.prices_include_vat,
        currency=version.currency,
        charges_vat=charges_vat,
        discount=NO_DISCOUNT,
    )
    [content] = line_contents([line], totals, charges_vat=charges_vat)
    return content


def _terms(version: QuoteVersion, totals: Totals) -> QuoteContent:
    deposit = deposit_of(version, totals.gross_minor)
    return QuoteContent(
        version=version.number,
        work_place=version.work_place,
        fee_minor=version.fee_minor,
        deposit_rate="" if deposit.rate is None else plain(Decimal(deposit.rate)),
        deposit_minor=deposit.amount_minor,
    )
